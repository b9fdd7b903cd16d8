namespace NextUp.Processors.Bibtex.Providers;

/// <summary>How one service over HTTP is reached and how hard it may be used.</summary>
public sealed record ProviderSettings
{
    public static readonly TimeSpan TimeoutMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan TimeoutMax = TimeSpan.FromMinutes(5);
    public const double RequestsPerSecondFloor = 0.01;
    public const double RequestsPerSecondCeiling = 1_000;

    /// <summary>
    /// Where the service answers. Defaults to the service's own public address; a mirror or proxy goes here.
    /// </summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>
    /// An address under which the operator can be reached, sent in User-Agent. Services give callers who name
    /// themselves better limits. Defaults to <see cref="BibtexProviderOptions.Mailto"/>.
    /// </summary>
    public string? Mailto { get; init; }

    /// <summary>The key that the service gave to the operator. Sent to that service only and never printed.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// The operator's own cap, in requests per second for the whole installation, from 0.01 to 1,000. What the service
    /// announces holds too; the stricter of both wins. Defaults to no cap of one's own.
    /// </summary>
    public double? RequestsPerSecondMax { get; init; }

    /// <summary>
    /// How long one request may take, from 1 second to 5 minutes. Longer tolerates slow answers; shorter finds out
    /// sooner that a service is away. Waiting for one's turn does not count. Defaults to 30 seconds.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong with these settings, one sentence each; empty where nothing is.</summary>
    internal IEnumerable<string> Problems(string name)
    {
        if (BaseAddress is { } address && (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https")))
            yield return $"bibtex.{name}.baseAddress is \"{address}\"; it must be an absolute http or https address";
        if (Mailto is { } mailto && !IsMailAddress(mailto))
            yield return $"bibtex.{name}.mailto is \"{mailto}\"; it must be a mail address such as me@example.org";
        if (ApiKey is { } key && (key.Length == 0 || key.Any(c => c is <= ' ' or > '~')))
            yield return $"bibtex.{name}.apiKey must be printable ASCII without spaces";
        if (RequestsPerSecondMax is { } rate && rate is not (>= RequestsPerSecondFloor and <= RequestsPerSecondCeiling))
            yield return $"bibtex.{name}.requestsPerSecondMax is {rate}; it must be from {RequestsPerSecondFloor} to "
                + $"{RequestsPerSecondCeiling}";
        if (Timeout < TimeoutMin || Timeout > TimeoutMax)
            yield return $"bibtex.{name}.timeout is {Timeout}; it must be from {TimeoutMin} to {TimeoutMax}";
    }

    // Strict enough for a header: no spaces, no controls, no parentheses.
    internal static bool IsMailAddress(string text) =>
        text.Length is >= 3 and <= 254
        && text.IndexOf('@') is > 0 and var at && at < text.Length - 1 && text.LastIndexOf('@') == at
        && text.All(c => char.IsAsciiLetterOrDigit(c) || "@._+-%'=!#$&*/?^`{|}~".Contains(c));
}
