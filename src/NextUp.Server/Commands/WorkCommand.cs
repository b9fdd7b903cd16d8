using System.CommandLine;
using System.Runtime.InteropServices;
using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;
using NextUp.Client;
using NextUp.Client.Work;
using NextUp.Hosting.InProcess;
using NextUp.Processors.Tables.Importing;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Settings;
using NextUp.Server.Telemetry;
using NextUp.Server.Workers.Working;

namespace NextUp.Server.Commands;

/// <summary><c>work</c>: the built-in kinds, worked on here for a server elsewhere.</summary>
sealed class WorkCommand : Command
{
    const string DefaultFolder = "nextup-work";
    const int GraceSecondsMax = 86_400;

    /// <summary>How often a call of running work is made before its job is given up: it outlasts a server's restart.</summary>
    static readonly NextUpClientOptions s_patient = new() { AttemptsMax = 20 };

    readonly Surroundings _surroundings;
    readonly ServerOptions _server;

    readonly Option<string?> _kinds = new("--kinds")
    {
        Description = "What to work on, with commas between. Defaults to every kind this program knows.",
        HelpName = "KINDS",
    };

    readonly Option<int> _slots = new("--slots")
    {
        Description = $"Jobs at once, 1 to {WorkerOptions.SlotsMax}.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    readonly Option<string?> _name = new("--name")
    {
        Description = "The worker's name, unique among those of its account. Defaults to the machine's, with a number.",
        HelpName = "NAME",
    };

    readonly Option<int> _grace = new("--grace")
    {
        Description = "Seconds that running jobs may take to finish when the worker is asked to end; the rest is handed back.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 30,
    };

    readonly Option<string?> _data = new("--data")
    {
        Description = $"Where the catalogue of works and running attempts are kept. Defaults to {DefaultFolder} in the working folder.",
        HelpName = "DIR",
    };

    readonly Option<string?> _config = new("--config")
    {
        Description = $"The settings, as for serve; of them how a kind is worked on. Defaults to {ServeOptions.DefaultConfigFile}.",
        HelpName = "FILE",
    };

    readonly Option<bool> _beside = new("--beside")
    {
        Description = "Ends when its standard input does; so started by a server for itself.",
        Hidden = true,
    };

    public WorkCommand(Surroundings surroundings, ServerOptions server)
        : base("work", "Work on jobs of a server elsewhere. SIGTERM finishes or hands back what runs.")
    {
        _surroundings = surroundings;
        _server = server;
        foreach (var option in (Option[])[_kinds, _slots, _name, _grace, _data, _config, _beside])
            Options.Add(option);
        _slots.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > WorkerOptions.SlotsMax)
                given.AddError($"--slots takes a number from 1 to {WorkerOptions.SlotsMax}.");
        });
        _grace.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 0 or > GraceSecondsMax)
                given.AddError($"--grace takes a number from 0 to {GraceSecondsMax}.");
        });
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var name = command.GetValue(_name);
        if (name is not null && !WorkerId.IsName(name))
            throw new UsageException($"--name takes 1 to {WorkerId.NameLengthMax} letters, digits, dots, dashes, underscores.");

        var settings = Load(command);
        var data = _surroundings.PathOf(command.GetValue(_data) ?? DefaultFolder);
        var folder = Path.Combine(data, "workers", name ?? OwnName());
        Directory.CreateDirectory(folder);
        using var installed = await InstalledKinds.OpenAsync(
            data, settings, _surroundings.Clock, new SharedRandom(_surroundings.Random.Next(int.MaxValue)),
            tables: null, cacheFolder: folder);
        var processors = Chosen(command.GetValue(_kinds), installed);

        using var drain = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void Ask(PosixSignalContext signal)
        {
            signal.Cancel = true; // The process ends when everything is finished or handed back, not before.
            drain.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        if (command.GetValue(_beside))
            _ = EndWithInputAsync(drain);

        using var telemetry = OtlpExport.StartForWorker(settings.Telemetry);
        using var connection = _server.ConnectWorker(command, s_patient);
        var options = new WorkerOptions(
            Path.GetFileName(folder), command.GetValue(_slots), TimeSpan.FromSeconds(command.GetValue(_grace)),
            Path.Combine(folder, "attempts"));
        using var worker = new Worker(
            connection.Client, processors, options, _surroundings.Clock, _surroundings.Random, _surroundings.Error.WriteLine);
        _surroundings.Out.WriteLine(
            $"Working on {string.Join(", ", processors.Keys)} of {connection.Client.Server} as {options.Name}. Stop with Ctrl+C.");
        var end = await worker.RunAsync(drain.Token);
        if (end != WorkerEnd.Stuck && name is null)
            Directory.Delete(folder, recursive: true);
        return Answer(end);
    }

    int Answer(WorkerEnd end)
    {
        if (end == WorkerEnd.Stuck)
            _surroundings.Error.WriteLine("A job was told to stop and does not. Its process ends, so that it does.");
        return end == WorkerEnd.Drained ? ExitCode.Ok : ExitCode.Negative;
    }

    NextUpSettings Load(ParseResult command)
    {
        try
        {
            return NextUpSettings.Load(SettingsSources.Of(
                new ServeOptions(null, null, command.GetValue(_config)) { Variables = _surroundings.SettingVariables }));
        }
        catch (SettingsException wrong)
        {
            throw new UsageException(wrong.Message);
        }
    }

    string OwnName()
    {
        var machine = new string([.. Environment.MachineName.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')]);
        return $"{machine[..Math.Min(machine.Length, 60)]}-{Environment.ProcessId}-{_surroundings.Random.Next(0x10000):x4}";
    }

    static Dictionary<JobKind, IJobProcessor> Chosen(string? asked, InstalledKinds installed)
    {
        var known = installed.Kinds.Where(kind => kind.Processor is not Processors.Remote.LentProcessor)
            .ToDictionary(kind => kind.Kind, kind => kind.Processor);
        if (asked is null)
            return known;

        Dictionary<JobKind, IJobProcessor> chosen = [];
        foreach (var word in asked.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == TablesProcessor.TablesKind.Value)
                throw new UsageException("--kinds: tables are imported where their records are, on the server itself. Leave it out.");
            chosen[new(word)] = known.GetValueOrDefault(new JobKind(word))
                ?? throw new UsageException(
                    $"--kinds: this program has no work for \"{word}\". It knows {string.Join(", ", known.Keys)}.");
        }

        return chosen.Count > 0 ? chosen : throw new UsageException("--kinds names at least one kind.");
    }

    /// <summary>Whoever started us holds the other end of our input; when that is closed, or they die, we end.</summary>
    static async Task EndWithInputAsync(CancellationTokenSource drain)
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[64];
        while (await input.ReadAsync(buffer, drain.Token) > 0)
        {
            // Nothing is said on it.
        }

        await drain.CancelAsync();
    }
}
