using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;

namespace NextUp.Server.Settings;

/// <summary>The section <c>workers</c>: who works outside the server's own process, and under which terms.</summary>
sealed record WorkersSettings
{
    /// <summary>The most kinds of an installation's own.</summary>
    public const int KindsMax = 100;

    const int KindNameLengthMax = 40;
    const int LocalCeiling = 256;
    const int LocalSlotsCeiling = 256;

    /// <summary>64 MiB and 1 TiB.</summary>
    const long MemoryBytesFloor = 64L << 20, MemoryBytesCeiling = 1L << 40;

    static readonly TimeSpan LeaseFloor = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LeaseCeiling = TimeSpan.FromHours(1);

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Worker processes that the server starts beside itself.</summary>
    public int Local { get; init; }

    public int LocalSlots { get; init; } = 1;

    public long LocalMemoryBytesMax { get; init; } = 1L << 30;

    /// <summary>Kinds that only workers elsewhere know.</summary>
    public IReadOnlyList<JobKind> Kinds { get; init; } = [];

    public static WorkersSettings Read(SettingsSection section)
    {
        var defaults = new WorkersSettings();
        var kinds = section.Sections(
            "kinds", KindsMax,
            "Kinds of this installation's own, whose work is done by programs of yours that lease it. Their rules are in "
            + "kinds.NAME, as those of the built-in kinds.",
            ReadKind);
        return defaults with
        {
            Lease = section.Duration(
                "lease", defaults.Lease, LeaseFloor, LeaseCeiling,
                "How long a worker may be silent before what it has is given to another. Shorter finds a dead worker sooner; "
                + "longer forgives a slow network."),
            Local = section.Int(
                "local", defaults.Local, 0, LocalCeiling,
                "Worker processes that the server starts beside itself, for kinds whose workedBy is workers or both. Work that "
                + "crashes or takes too much memory then ends its process, and not the server."),
            LocalSlots = section.Int(
                "localSlots", defaults.LocalSlots, 1, LocalSlotsCeiling, "Jobs that one such process runs at once."),
            LocalMemoryBytesMax = section.Bytes(
                "localMemoryBytesMax", defaults.LocalMemoryBytesMax, MemoryBytesFloor, MemoryBytesCeiling,
                "How much memory the work of one such process may take. Its heap cannot grow past that; a process that holds 192 MiB "
                + "more than that in any way, its own programs' included, is ended, and its jobs go to another attempt."),
            Kinds = [.. kinds.OfType<JobKind>()],
        };
    }

    /// <summary>The rules of the own kinds where the settings say nothing else.</summary>
    public IEnumerable<KindPolicy> Policies => Kinds.Select(kind => new KindPolicy { Kind = kind, WorkedBy = WorkedBy.Workers });

    static JobKind? ReadKind(SettingsSection section)
    {
        section.Require("name");
        var name = section.Text("name", "resize", KindNameLengthMax, "Lower-case letters, digits and dashes.");
        if (!name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
        {
            section.Fault("name", "a kind's name has lower-case letters, digits and dashes only.");
            return null;
        }

        if (InstalledKinds.DefaultPolicies.Any(kind => kind.Kind.Value == name))
        {
            section.Fault("name", "this kind is built in. Give yours another name.");
            return null;
        }

        return section.Has("name") ? new JobKind(name) : null;
    }
}
