using System.Collections.Frozen;
using NextUp.Actors.Jobs;
using NextUp.Client.Wire;
using NextUp.Server.Users;

namespace NextUp.Server.Jobs;

/// <summary>Shows what is in an upload before it is submitted. The stream can seek and is the caller's.</summary>
delegate ValueTask<PreviewAnswer> Previewer(string fileName, Stream content, CancellationToken cancellationToken);

/// <summary>The answer of a <see cref="Previewer"/>.</summary>
abstract record PreviewAnswer
{
    PreviewAnswer() { }

    public sealed record Seen(FilePreview Preview) : PreviewAnswer;

    /// <param name="Reason">One sentence: what is wrong, where, and the way out.</param>
    public sealed record Unfit(string Reason) : PreviewAnswer;
}

/// <summary>Makes the options of a new job over an earlier one's result.</summary>
/// <param name="options">The earlier job's.</param>
/// <param name="report">The earlier job's; null where it made none.</param>
delegate RepeatAnswer Repeater(string? options, byte[]? report, AgainRequest request);

/// <summary>The answer of a <see cref="Repeater"/>.</summary>
abstract record RepeatAnswer
{
    RepeatAnswer() { }

    public sealed record Chosen(string? Options) : RepeatAnswer;

    /// <param name="Reason">One sentence: what is wrong, where, and the way out.</param>
    public sealed record Refused(string Reason) : RepeatAnswer;
}

/// <summary>A kind of job as the server offers it.</summary>
/// <param name="Preview">Null where files of the kind cannot be previewed.</param>
sealed record OfferedKind(IJobProcessor Processor, Previewer? Preview)
{
    /// <summary>Null where jobs of the kind can only be made again as a whole.</summary>
    public Repeater? Repeat { get; init; }

    /// <summary>Null for kinds that keep nothing of an upload beyond its job.</summary>
    public IAdmission? Admission { get; init; }

    /// <summary>To everyone else there is no such kind.</summary>
    public bool IsForAdministrators { get; init; }

    public JobKind Kind => Processor.Kind;
}

/// <summary>Every kind that can be submitted, with its rules as they are now.</summary>
sealed class JobKinds(IEnumerable<OfferedKind> kinds, KindPolicies policies)
{
    /// <summary>The kind of a submission that names none.</summary>
    public static readonly JobKind Default = new("bibtex");

    readonly FrozenDictionary<string, OfferedKind> _kinds = kinds.ToFrozenDictionary(kind => kind.Kind.Value);

    public IEnumerable<JobKind> Names =>
        _kinds.Values.Select(kind => kind.Kind).OrderBy(kind => kind.Value, StringComparer.Ordinal);

    /// <summary>The kinds that there are for a caller.</summary>
    public IEnumerable<JobKind> NamesFor(Caller? caller) => Names.Where(kind => FindFor(caller, kind.Value) is not null);

    /// <summary>The largest file of any kind, in bytes.</summary>
    public long UploadBytesMax => _kinds.Values.Select(kind => PolicyOf(kind).UploadBytesMax).DefaultIfEmpty().Max();

    /// <summary>The kind's rules as they are now.</summary>
    public KindPolicy PolicyOf(OfferedKind kind) => policies.Of(kind.Kind);

    /// <summary>The kind, if there is one for the caller; null is somebody unknown.</summary>
    public OfferedKind? FindFor(Caller? caller, string kind) =>
        Find(kind) is { } found && (!found.IsForAdministrators || caller?.IsAdministrator == true) ? found : null;

    public OfferedKind? Find(string kind) => _kinds.GetValueOrDefault(kind);

    /// <summary>
    /// How many attempts a job has at most. Attempts that a stop of the server ended do not count as failures, so there
    /// may have been more.
    /// </summary>
    public int AttemptsMax(JobRecord job) => Math.Max(policies.Find(job.Kind)?.AttemptsMax ?? 0, job.Attempt);
}
