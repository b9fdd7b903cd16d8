using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Workers;

namespace NextUp.HostTests.Policies.Load;

/// <summary>
/// The kinds and their rules, one set after the other: each reload makes the next one the rule. What is checked is read
/// off these, not off what the host was given.
/// </summary>
/// <param name="window">How long the off-peak window is open, and then closed.</param>
sealed class Rules(TimeSpan window)
{
    public static readonly JobKind Refused = new("one-refused");
    public static readonly JobKind Held = new("one-held");
    public static readonly JobKind Replaced = new("one-replaced");
    public static readonly JobKind Two = new("two");
    public static readonly JobKind Unlimited = new("unlimited");
    public static readonly JobKind Strict = new("strict");
    public static readonly JobKind OffPeak = new("off-peak");
    public static readonly JobKind Leased = new("leased");
    public static readonly JobKind Either = new("either");

    /// <summary>The zone that the window's times are meant in.</summary>
    public static readonly TimeSpan ZoneOffset = new(5, 45, 0);

    public const int SmallBytesMax = 1_000;
    public const int PriorityMax = 3;
    const int WindowsCount = StartWindow.CountMax - 2;

    static readonly TimeSpan[] Levels = [TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(3)];
    static readonly TimeSpan Small = TimeSpan.FromSeconds(15);

    /// <summary>How long one set of rules may still show in what is decided after the next has come into force.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    public static readonly QueueSettings Queue = new() { Slots = 32 };

    public const int Generations = 3;

    public static IReadOnlyList<JobKind> Kinds { get; } =
        [Refused, Held, Replaced, Two, Unlimited, Strict, OffPeak, Leased, Either];

    /// <summary>The rules as the host reads them.</summary>
    public IReadOnlyList<KindPolicy> Policies(int generation) => [.. Kinds.Select(kind => new KindPolicy
    {
        Kind = kind,
        WhenBusy = kind == Refused ? WhenBusy.Refuse : kind == Replaced ? WhenBusy.Replace : WhenBusy.Hold,
        ActivePerUserMax = ActiveMax(kind, generation),
        HeldPerUserMax = 12,
        Slots = SlotsMax(kind, generation),
        WorkedBy = WorkedAt(kind),
        HeadStarts = new()
        {
            Levels = Levels,
            IsStrict = kind == Strict,
            PriorityMax = PriorityMax,
            SmallFileBytesMax = HasSmall(kind) ? SmallBytesMax : 0,
            SmallFile = Small,
        },
        Windows = kind == OffPeak ? Windows() : null,
        AttemptDuration = TimeSpan.FromMinutes(3),
        RetryDelay = TimeSpan.FromSeconds(5),
        RetryDelayMax = TimeSpan.FromSeconds(30),
    })];

    public static int? ActiveMax(JobKind kind, int generation) =>
        kind == Two ? (int[])[2, 4, 1] is var two ? two[generation] : null
        : kind == Unlimited ? (generation == 1 ? 3 : null)
        : kind == Held ? (generation == 1 ? 3 : 1)
        : kind == Leased || kind == Either ? 2
        : 1;

    public static int? SlotsMax(JobKind kind, int generation) =>
        kind == Two ? (generation == 1 ? 3 : 8) : kind == Strict ? 6 : kind == Leased ? 24 : null;

    public static WorkedBy WorkedAt(JobKind kind) =>
        kind == Leased ? WorkedBy.Workers : kind == Either ? WorkedBy.Both : WorkedBy.Here;

    /// <summary>Microseconds off its arrival; of strict levels only which is higher is a rule.</summary>
    public static long? HeadStart(JobKind kind, int priority, long bytes)
    {
        if (kind == Strict && priority > 0)
            return null;
        var span = priority == 0 ? TimeSpan.Zero : Levels[Math.Min(priority, Levels.Length) - 1];
        if (HasSmall(kind) && bytes <= SmallBytesMax)
            span += Small;
        return span.Ticks / TimeSpan.TicksPerMicrosecond;
    }

    public bool IsOpen(JobKind kind, DateTimeOffset at) =>
        kind != OffPeak || (at - FastClock.Beginning).Ticks / window.Ticks % 2 == 0;

    static bool HasSmall(JobKind kind) => kind == Unlimited || kind == Held;

    StartWindows Windows()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("elsewhere", ZoneOffset, "elsewhere", "elsewhere");
        var first = FastClock.Beginning.UtcDateTime + ZoneOffset;
        return new(
            [.. Enumerable.Range(0, WindowsCount).Select(i => first + (2 * i * window))
                .Select(from => new StartWindow([from.DayOfWeek], TimeOnly.FromDateTime(from), TimeOnly.FromDateTime(from + window)))],
            zone);
    }
}
