using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.Actors.Papers;

/// <summary>Names a paper, or a syllabus, among those of its user: chosen by whoever uploads it, else made.</summary>
public readonly record struct PaperId(string Value)
{
    /// <summary>Characters of an id.</summary>
    public const int LengthMax = 100;

    /// <summary>Letters, digits, and <c>. _ -</c> between them, so that an id is one piece of a path.</summary>
    public static bool IsFit(string? text) =>
        text is { Length: > 0 and <= LengthMax } && text != "syllabuses" && char.IsAsciiLetterOrDigit(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    public override string ToString() => Value;
}

/// <summary>A paper as lists show it.</summary>
/// <param name="Sequence">Its place in lists; later ones are higher.</param>
/// <param name="Name">The name of the uploaded file.</param>
/// <param name="Job">The job whose result it holds.</param>
/// <param name="Version">Grows with each change, a person's or a job's.</param>
/// <param name="Summary">Counts for lists, a JSON object; null where they are to be made of the content.</param>
/// <param name="Pages">Pages that have a picture.</param>
public sealed record PaperRecord(
    long Sequence, PaperId Id, UserId User, string Name, JobId Job, int Version, string? Summary, int Pages,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A paper with its content.</summary>
/// <param name="Extraction">What the last completed job read, as JSON.</param>
/// <param name="Manual">What people changed of it, as JSON; empty where nothing.</param>
public sealed record StoredPaper(PaperRecord Record, byte[] Extraction, byte[] Manual);

/// <summary>The picture of a page.</summary>
/// <param name="ContentType"><c>image/png</c> or <c>image/jpeg</c>.</param>
public sealed record PaperPage(int Number, string ContentType, byte[] Image);

/// <summary>What an attempt made of a paper.</summary>
/// <param name="Sequence">Of its job: of two jobs over one paper the later one counts.</param>
public sealed record PaperTake(
    JobId Job, JobSequence Sequence, int Attempt, UserId User, PaperId Paper, string Name, byte[] Extraction, DateTimeOffset At);

/// <summary>A list of chapters that questions are tagged with.</summary>
/// <param name="Content">Its chapters, as JSON.</param>
public sealed record SyllabusRecord(PaperId Id, UserId User, string Name, int Chapters, byte[] Content, DateTimeOffset CreatedAt);
