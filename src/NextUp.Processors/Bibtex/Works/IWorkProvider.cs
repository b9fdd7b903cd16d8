using NextUp.Actors.Users;

namespace NextUp.Processors.Bibtex.Works;

/// <summary>
/// A source of works: the local catalogue or a service over HTTP. Safe for concurrent use; a service's limits are kept
/// here for the whole installation and dealt out in turn between the users who ask.
/// </summary>
public interface IWorkProvider
{
    /// <summary>The name in <c>bibtex.providers</c> and in provenance: <c>catalogue</c>, <c>crossref</c>, <c>openalex</c> ...</summary>
    string Name { get; }

    /// <summary>The identifiers this provider can look up.</summary>
    IReadOnlySet<WorkIdScheme> Schemes { get; }

    /// <summary>Whether <see cref="SearchAsync"/> answers anything.</summary>
    bool CanSearch { get; }

    /// <summary>
    /// Looks up many works at once, in as few requests as the service allows. An id that the service does not know is absent
    /// from the answer. Throws <see cref="WorkProviderUnavailableException"/>.
    /// </summary>
    Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
        IReadOnlyList<WorkId> ids, UserId user, CancellationToken cancellationToken);

    /// <summary>Candidates for an entry, best first, not yet judged. Throws <see cref="WorkProviderUnavailableException"/>.</summary>
    Task<IReadOnlyList<Work>> SearchAsync(WorkQuery query, UserId user, CancellationToken cancellationToken);
}

/// <summary>The service cannot be asked now, after its own retries: away, over its limit, or answering nonsense.</summary>
public sealed class WorkProviderUnavailableException(string provider, string reason, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception($"{provider}: {reason}", inner)
{
    public string Provider { get; } = provider;

    /// <summary>One clause without the provider's name, for example "answered 503 five times".</summary>
    public string Reason { get; } = reason;

    /// <summary>What the service itself asked for, where it did.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
