using System.Security.Cryptography;

namespace NextUp.Server.Commands;

/// <summary>What the commands touch of the world around the process; tests hand in their own.</summary>
sealed record Surroundings
{
    /// <summary>Where <c>--json</c> and everything asked for goes.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where complaints go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person looks at <see cref="Out"/>: then colours and moving lines.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>The value of an environment variable, or null.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>All variables of the environment that begin as settings do.</summary>
    public IReadOnlyDictionary<string, string> SettingVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>Relative paths start here, and results are saved here.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>Where what is remembered between two commands is kept.</summary>
    public required string ConfigFolder { get; init; }

    public required TimeProvider Clock { get; init; }

    public required Random Random { get; init; }

    /// <summary>https://no-color.org: any value but an empty one.</summary>
    public bool WantsColour => IsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR"));

    public static Surroundings OfProcess()
    {
        // Not every terminal's encoding is UTF-8 by itself, and file names are.
        Console.OutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new()
        {
            Out = Console.Out,
            Error = Console.Error,
            IsTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
            Variable = Environment.GetEnvironmentVariable,
            SettingVariables = SettingsOfProcess(),
            WorkingFolder = Environment.CurrentDirectory,
            ConfigFolder = Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                "nextup"),
            Clock = TimeProvider.System,
            Random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
        };
    }

    public string PathOf(string given) => Path.GetFullPath(given, WorkingFolder);

    static Dictionary<string, string> SettingsOfProcess()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is { Key: string name, Value: string value }
                && name.StartsWith(Settings.SettingsSources.VariablePrefix, StringComparison.Ordinal))
                found.Add(name, value);
        }

        return found;
    }
}
