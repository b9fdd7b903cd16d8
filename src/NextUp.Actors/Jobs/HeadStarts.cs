namespace NextUp.Actors.Jobs;

/// <summary>
/// What puts a job of one kind ahead of its arrival: a span of time for each priority level, and one for small files. The
/// line is ordered by arrival less head start (<see cref="Queue.LineKey"/>), so a span is also the longest that anybody
/// waits because of one urgent job: who arrived more than the span earlier is still before it.
/// </summary>
public sealed record HeadStarts
{
    /// <summary>The highest priority level; 0 is none.</summary>
    public const int LevelMax = 9;

    /// <summary>The longest span that a level or a small file may have.</summary>
    public static readonly TimeSpan SpanMax = TimeSpan.FromDays(30);

    // One list for all, so that two of these with the defaults are equal.
    static readonly IReadOnlyList<TimeSpan> LevelsDefault =
        [.. Enumerable.Range(1, LevelMax).Select(level => TimeSpan.FromMinutes(10 * level))];

    /// <summary>A level's span where <see cref="IsStrict"/>: longer than any job waits, and nine of them still fit a key.</summary>
    static readonly TimeSpan StrictSpan = TimeSpan.FromDays(36_500);

    /// <summary>The spans of the levels 1 to 9; a level past the end has the last one's. Defaults to ten minutes a level.</summary>
    public IReadOnlyList<TimeSpan> Levels { get; init; } = LevelsDefault;

    /// <summary>
    /// A higher level always goes before a lower one, however long that waits. Nothing in the line bounds that wait: who
    /// may ask for a level (<see cref="PriorityMax"/>) and how many jobs each may have at once are the only bounds, so a
    /// steady stream of urgent jobs starves the others. Defaults to false.
    /// </summary>
    public bool IsStrict { get; init; }

    /// <summary>The highest level that users may ask for; operators may ask for every one. Defaults to 0.</summary>
    public int PriorityMax { get; init; }

    /// <summary>Files up to this many bytes get <see cref="SmallFile"/>; 0, the default, gives it to none.</summary>
    public long SmallFileBytesMax { get; init; }

    /// <summary>The head start of a small file, on top of its level's. Defaults to five minutes.</summary>
    public TimeSpan SmallFile { get; init; } = TimeSpan.FromMinutes(5);

    /// <param name="level">0 to <see cref="LevelMax"/>.</param>
    public TimeSpan Of(int level, long fileBytes)
    {
        var span = IsSmall(fileBytes) ? SmallFile : TimeSpan.Zero;
        return level == 0 ? span : span + OfLevel(level);
    }

    /// <summary>Why a job has its head start, a sentence for its user; null where it has none.</summary>
    public string? Reason(int level, long fileBytes)
    {
        var isSmall = IsSmall(fileBytes) && SmallFile > TimeSpan.Zero;
        if (level == 0)
            return isSmall ? $"A small file: {Words(SmallFile)} head start." : null;
        if (IsStrict)
            return $"Priority {level}: before all of lower priority.";
        return isSmall
            ? $"Priority {level} and a small file: {Words(Of(level, fileBytes))} head start."
            : $"Priority {level}: {Words(OfLevel(level))} head start.";
    }

    bool IsSmall(long fileBytes) => fileBytes <= SmallFileBytesMax && SmallFileBytesMax > 0;

    TimeSpan OfLevel(int level) => IsStrict ? StrictSpan * level
        : Levels.Count == 0 ? TimeSpan.Zero
        : Levels[Math.Min(level, Levels.Count) - 1];

    static string Words(TimeSpan span) => span switch
    {
        { TotalHours: >= 2 } => $"{span.TotalHours:0.#} hours",
        { TotalMinutes: >= 2 } => $"{span.TotalMinutes:0.#} minutes",
        _ => $"{span.TotalSeconds:0.#} seconds",
    };
}
