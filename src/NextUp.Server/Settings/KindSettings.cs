using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Workers;
using NextUp.Processors.Tables.Importing;

namespace NextUp.Server.Settings;

/// <summary>The section <c>kinds</c>: the rules of each kind of job.</summary>
sealed record KindSettings
{
    const int ActivePerUserCeiling = 1_000;
    const int HeldPerUserCeiling = 100_000;
    const int AttemptsCeiling = 100;

    /// <summary>1 GiB.</summary>
    const long UploadBytesCeiling = 1L << 30;

    static readonly TimeSpan AttemptDurationFloor = TimeSpan.FromSeconds(1);
    static readonly TimeSpan AttemptDurationCeiling = TimeSpan.FromDays(7);
    static readonly TimeSpan RetryDelayCeiling = TimeSpan.FromDays(1);
    static readonly TimeSpan StopGraceCeiling = TimeSpan.FromMinutes(1);

    /// <summary>Of every kind of this installation.</summary>
    public IReadOnlyList<KindPolicy> Policies { get; init; } = InstalledKinds.DefaultPolicies;

    public KindPolicy? Find(JobKind kind) => Policies.FirstOrDefault(policy => policy.Kind == kind);

    public KindPolicy Of(JobKind kind) => Policies.First(policy => policy.Kind == kind);

    /// <param name="lent">Kinds of the installation's own, which only workers elsewhere know.</param>
    public static KindSettings Read(SettingsSection section, IEnumerable<KindPolicy> lent) => new()
    {
        Policies =
        [
            .. InstalledKinds.DefaultPolicies.Select(kind =>
                ReadBuiltIn(section.Section(kind.Kind.Value, "The rules of one kind of job.", "KIND"), kind)),
            .. lent.DistinctBy(kind => kind.Kind).Select(kind =>
                ReadLent(section.Section(kind.Kind.Value, "The rules of one kind of job.", "KIND"), kind)),
        ],
    };

    static KindPolicy ReadBuiltIn(SettingsSection section, KindPolicy kind)
    {
        var policy = ReadPolicy(section, kind);
        if (kind.Kind == TablesProcessor.TablesKind && policy.WorkedBy != WorkedBy.Here)
            section.Fault("workedBy", "tables are imported where their records are, on the server itself, so it can only be \"here\".");
        return policy;
    }

    static KindPolicy ReadLent(SettingsSection section, KindPolicy kind)
    {
        var policy = ReadPolicy(section, kind);
        if (policy.WorkedBy != WorkedBy.Workers)
            section.Fault("workedBy", "the server itself does not know this kind's work, so it can only be \"workers\".");
        return policy;
    }

    static KindPolicy ReadPolicy(SettingsSection section, KindPolicy kind)
    {
        var policy = CleanupSection.ReadKind(section, ReadRetries(section, OrderSection.Read(section, ReadPlaces(section, kind)))) with
        {
            UploadBytesMax = section.Bytes(
                "uploadBytesMax", kind.UploadBytesMax, 1, UploadBytesCeiling,
                "The largest file. Larger ones are refused while they are sent."),
        };
        return policy;
    }

    static KindPolicy ReadPlaces(SettingsSection section, KindPolicy kind) => kind with
    {
        WhenBusy = section.Choice(
            "whenBusy", kind.WhenBusy,
            "What becomes of a submission while its user is at the limit: it is refused and the job in the way is named, it "
            + "is held until a place frees, or it takes the place of the user's waiting job."),
        CallerMayChoose = section.Bool(
            "callerMayChoose", kind.CallerMayChoose, "Whether a submission may ask for another whenBusy than the kind's own."),
        ActivePerUserMax = section.IntOrNone(
            "activePerUserMax", kind.ActivePerUserMax, 1, ActivePerUserCeiling,
            "Jobs that one user may have in the line or running at once. More lets one user take more of the slots."),
        HeldPerUserMax = section.Int(
            "heldPerUserMax", kind.HeldPerUserMax, 0, HeldPerUserCeiling,
            "Jobs that one user may have held behind the active ones; further submissions are refused."),
        Slots = section.IntOrNone(
            "slots", kind.Slots, 1, QueueSettings.SlotsMax,
            "Jobs of this kind that may run at once. None leaves only queue.slots; a number keeps room for other kinds."),
        WorkedBy = section.Choice(
            "workedBy", kind.WorkedBy,
            "Where the work is done: in the server's own process (here), by workers that lease it over HTTP (workers), or by a "
            + "waiting worker, else here (both). What workers do takes no slot of queue.slots."),
    };

    static KindPolicy ReadRetries(SettingsSection section, KindPolicy kind)
    {
        var policy = kind with
        {
            AttemptsMax = section.Int(
                "attemptsMax", kind.AttemptsMax, 1, AttemptsCeiling,
                "Attempts before a job fails for good, the first one and those that a crash ended included."),
            AttemptDuration = section.Duration(
                "attemptDuration", kind.AttemptDuration, AttemptDurationFloor, AttemptDurationCeiling,
                "How long one attempt may run; then it is stopped and the job fails. A job that runs keeps the limit it "
                + "started with."),
            RetryDelay = section.Duration(
                "retryDelay", kind.RetryDelay, TimeSpan.Zero, RetryDelayCeiling,
                "The mean delay before the second attempt; each further one doubles it."),
            RetryDelayMax = section.Duration(
                "retryDelayMax", kind.RetryDelayMax, TimeSpan.Zero, RetryDelayCeiling, "No retry waits longer than this."),
            StopGrace = section.Duration(
                "stopGrace", kind.StopGrace, TimeSpan.Zero, StopGraceCeiling,
                "How long work that is asked to stop may take before it is cut off. Longer lets it end in good order; a "
                + "cancel is answered only then."),
        };
        if (policy.RetryDelay > policy.RetryDelayMax)
            section.Fault(
                "retryDelay", "it is longer than retryDelayMax, "
                + $"\"{DurationText.Of(policy.RetryDelayMax)}\". Shorten it, or raise retryDelayMax.");
        return policy;
    }
}
