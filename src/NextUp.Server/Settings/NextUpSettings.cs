using NextUp.Actors.Cleanup;
using NextUp.Actors.Queue;
using NextUp.Actors.Workers;
using NextUp.Processors.Tables.Importing;

namespace NextUp.Server.Settings;

/// <summary>Every setting, as the sources have it; every key may be left out.</summary>
sealed record NextUpSettings
{
    public ServerSection Server { get; init; } = new();

    public StoreSettings Store { get; init; } = new();

    public ClusterSettings Cluster { get; init; } = new();

    public QueueSettings Queue { get; init; } = new();

    public KindSettings Kinds { get; init; } = new();

    public BibtexSettings Bibtex { get; init; } = new();

    public DocumentSettings Documents { get; init; } = new();

    public TablesLimits Tables { get; init; } = new();

    public ExamSettings Exams { get; init; } = new();

    public FrontSettings Front { get; init; } = new();

    public IdentitySettings Identity { get; init; } = new();

    public NoticeSettings Notices { get; init; } = new();

    public WorkersSettings Workers { get; init; } = new();

    public ToolSettings Tools { get; init; } = new();

    public TelemetrySettings Telemetry { get; init; } = new();

    public CleanupSettings Cleanup { get; init; } = new();

    /// <summary>What was read, setting by setting.</summary>
    public IReadOnlyList<SettingEntry> Entries { get; init; } = [];

    /// <summary>
    /// Reads all sources and checks them as a whole. Throws <see cref="SettingsException"/> with every fault found.
    /// </summary>
    public static NextUpSettings Load(SettingsSources sources)
    {
        var reading = new SettingsReading();
        return Read(sources.FilePath, sources.Gather(reading), reading);
    }

    /// <summary>Reads the content of a file alone.</summary>
    /// <param name="name">Only for messages.</param>
    public static NextUpSettings Parse(string name, ReadOnlyMemory<byte> json)
    {
        var reading = new SettingsReading();
        return Read(name, new SettingsSources().Gather(name, json, reading), reading);
    }

    /// <summary>Reads what was gathered; throws with every fault of the reading.</summary>
    public static NextUpSettings Read(string name, SettingsNode node, SettingsReading reading)
    {
        var settings = Read(node, reading);
        return reading.Faults.Count == 0 ? settings : throw new SettingsException(name, reading.Faults);
    }

    /// <summary>Every section in the order of the reference page; a slice of the server that has settings is a line here.</summary>
    public static NextUpSettings Read(SettingsNode? node, SettingsReading reading)
    {
        var root = reading.Root(node);
        var lending = root.Section("workers", "Who works outside the server's own process, and under which terms.");
        var workers = WorkersSettings.Read(lending);
        ContractSections.Read(root, node, reading, [.. InstalledKinds.DefaultPolicies, .. workers.Policies]);
        var server = root.Section(
            "server", "Where the server listens and keeps its data, who stands in front of it, whose pages may call it.");
        var settings = new NextUpSettings
        {
            Server = ServerSection.Read(server),
            Front = FrontSettings.Read(server),
            Store = StoreSettings.Read(root.Section(
                "store", "The database that everything is kept in.", applies: Applies.AtRestart)),
            Cluster = ClusterSettings.Read(root.Section(
                "cluster", "Several servers that serve together; see README, From one to many.", applies: Applies.AtRestart)),
            Identity = IdentitySettings.Read(root.Section("identity", "Who may be who, and how much visitors may take.")),
            Queue = QueueSection.Read(root.Section("queue", "The one line and its slots.", applies: Applies.AtOnce)),
            Workers = workers,
            Kinds = KindSettings.Read(root.Section("kinds", applies: Applies.AtOnce), workers.Policies),
            Bibtex = BibtexSettings.Read(root.Section(
                "bibtex", "How .bib files are worked on, who is asked about works, and under which terms.",
                applies: Applies.AtOnce)),
            Documents = DocumentSettings.Read(root.Section(
                "documents", "How documents are made searchable, and how many one user may have.", applies: Applies.AtOnce)),
            Tables = TablesSettings.Read(root.Section("tables", "How tables are imported.", applies: Applies.AtOnce)),
            Tools = ToolSettings.Read(root.Section(
                "tools", "Programs beside the server that read PDFs and scans.", applies: Applies.AtRestart)),
            Exams = ExamSettings.Read(root.Section(
                "exams", "How exam papers are read.", applies: Applies.AtOnce)),
            Notices = NoticeSettings.Read(root.Section(
                "notices", "How users are told of their jobs outside the page.", applies: Applies.AtOnce)),
            Cleanup = CleanupSection.Read(root.Section("cleanup", "What is stuck or old, and when it goes.")),
            Telemetry = TelemetrySettings.Read(root.Section(
                "telemetry", "What the server tells of itself, to whom.", applies: Applies.AtRestart)),
        };
        if (workers.Local > 0 && InstalledKinds.DefaultPolicies.All(kind => settings.Kinds.Of(kind.Kind).WorkedBy == WorkedBy.Here))
        {
            lending.Fault(
                "local", "there is no built-in kind for them to work on. Set kinds.KIND.workedBy to \"workers\" or \"both\", "
                + "or this to 0.");
        }

        reading.End();
        return settings with { Entries = reading.Entries };
    }
}

/// <summary>
/// The settings cannot be used; the message names the file and, a line each, key, value and the way out.
/// </summary>
sealed class SettingsException(string path, IReadOnlyList<SettingFault> faults)
    : Exception($"The settings in {path} cannot be used:\n" + string.Join('\n', faults.Select(fault => "  " + fault)))
{
    public SettingsException(string path, string sentence)
        : this(path, [new SettingFault("", null, null, sentence)])
    {
    }

    public IReadOnlyList<SettingFault> Faults { get; } = faults;
}
