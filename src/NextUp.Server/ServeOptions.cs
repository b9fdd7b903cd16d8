namespace NextUp.Server;

/// <summary>What <c>nextup serve</c> may be told on the command line. Null leaves a thing to its default.</summary>
/// <param name="Urls">Where to listen, separated by semicolons. Defaults to <see cref="DefaultUrls"/>; port 0 picks a
/// free one.</param>
/// <param name="DataFolder">Where everything is kept. Defaults to <see cref="DefaultDataFolder"/> in the working
/// folder.</param>
/// <param name="ConfigFile">The settings. Defaults to <c>nextup.json</c> in the working folder, where there is
/// one.</param>
public sealed record ServeOptions(string? Urls, string? DataFolder, string? ConfigFile)
{
    /// <summary>Single settings, each <c>KEY=VALUE</c>; they win over the file and over the variables.</summary>
    public IReadOnlyList<string> Assignments { get; init; } = [];

    /// <summary>Variables of the environment; those that begin with <c>NEXTUP__</c> are settings.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public const string DefaultUrls = "http://127.0.0.1:8080";

    public const string DefaultDataFolder = "nextup-data";

    public const string DefaultConfigFile = "nextup.json";
}
