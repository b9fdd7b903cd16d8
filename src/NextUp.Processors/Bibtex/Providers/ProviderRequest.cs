namespace NextUp.Processors.Bibtex.Providers;

/// <summary>One question to a service.</summary>
/// <param name="Path">
/// The path and query under the service's base address; it may hold a key and is never printed.
/// </param>
/// <param name="JsonBody">What to POST, or null for a GET.</param>
/// <param name="Accept">The media type that is asked for.</param>
sealed record ProviderRequest(string Path, byte[]? JsonBody = null, string Accept = "application/json")
{
    public HttpMethod Method => JsonBody is null ? HttpMethod.Get : HttpMethod.Post;
}

/// <summary>
/// Every way a question can end that the service itself chose. All else is unavailability, and thrown.
/// </summary>
abstract record ProviderAnswer<T>
{
    ProviderAnswer() { }

    internal sealed record Found(T Value) : ProviderAnswer<T>;

    /// <summary>The service knows no such thing (404, 410).</summary>
    internal sealed record Missing : ProviderAnswer<T>;

    /// <summary>The service does not take this question (400, 413, 414, 422), and says why.</summary>
    internal sealed record Refused(string Why) : ProviderAnswer<T>;
}

/// <summary>How one try of a request ended.</summary>
abstract record ProviderTry
{
    ProviderTry() { }

    /// <summary>The body was read and accepted.</summary>
    internal sealed record Accepted : ProviderTry;

    internal sealed record Missing : ProviderTry;

    internal sealed record Refused(string Why) : ProviderTry;

    internal sealed record Moved(Uri To) : ProviderTry;

    /// <summary>The service is over its limit: no fault of its health, but a reason to wait.</summary>
    internal sealed record Busy(string Why, TimeSpan? RetryAfter) : ProviderTry;

    /// <summary>Away, broken off, or nonsense: worth another try, and counted by the circuit breaker.</summary>
    internal sealed record Failed(string Why, TimeSpan? RetryAfter = null, bool IsUnreachable = false) : ProviderTry;

    /// <summary>Asking again cannot help, for example a key that is refused.</summary>
    internal sealed record Hopeless(string Why) : ProviderTry;
}
