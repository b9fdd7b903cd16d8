using System.Globalization;
using System.Net.Http.Headers;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>What a service says of its own limits; null is "not said".</summary>
/// <param name="Requests">How many requests may start within any <paramref name="Interval"/>.</param>
/// <param name="Concurrency">How many may run at once.</param>
/// <param name="Pause">For how long nothing may be asked.</param>
readonly record struct ProviderLimits(int? Requests, TimeSpan? Interval, int? Concurrency, TimeSpan? Pause)
{
    public const int RequestsMax = 1_000;
    public const int ConcurrencyMax = 64;
    public static readonly TimeSpan IntervalMax = TimeSpan.FromHours(1);
    public static readonly TimeSpan PauseMax = TimeSpan.FromDays(1);

    // A reset above this is a moment in Unix seconds, below it a number of seconds to wait.
    const long EpochFrom = 1_000_000_000;

    /// <summary>
    /// Reads the headers of an answer. What is absent, not a number or below zero says nothing: a service's slip must
    /// neither stop us nor let us run free. Crossref announces requests and interval, OpenAlex and DataCite what
    /// remains.
    /// </summary>
    public static ProviderLimits Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var requests = Whole(headers, "x-rate-limit-limit");
        var interval = Span(First(headers, "x-rate-limit-interval"));
        return new(
            requests is > 0 && interval is not null ? (int)Math.Min(requests.Value, RequestsMax) : null,
            requests is > 0 ? interval : null,
            Whole(headers, "x-concurrency-limit") is > 0 and var many ? (int)Math.Min(many, ConcurrencyMax) : null,
            Longer(RetryAfter(headers, now), UsedUp(headers, now)));
    }

    static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var said = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => (TimeSpan?)null,
        };
        return said > TimeSpan.Zero ? Shorter(said.Value, PauseMax) : null;
    }

    static TimeSpan? UsedUp(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (Number(headers, "x-ratelimit-remaining") is not <= 0
            || Whole(headers, "x-ratelimit-reset") is not { } reset)
            return null;
        var pause = reset >= EpochFrom
            ? TimeSpan.FromSeconds(Math.Clamp(reset - now.ToUnixTimeSeconds(), 0, PauseMax.TotalSeconds))
            : TimeSpan.FromSeconds(Math.Clamp(reset, 0, PauseMax.TotalSeconds));
        return pause > TimeSpan.Zero ? pause : null;
    }

    /// <summary>Reads <c>1s</c>, <c>500ms</c>, <c>5m</c>, <c>1h</c> or a bare number of seconds.</summary>
    internal static TimeSpan? Span(string? text)
    {
        if (text is null)
            return null;

        var digits = text.AsSpan().Trim();
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        var unit = end < 0 ? "" : digits[end..].Trim();
        if (!long.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, null, out var number) || number <= 0)
            return null;

        var milliseconds = unit switch { "" or "s" => 1_000, "ms" => 1, "m" => 60_000, "h" => 3_600_000, _ => 0 };
        if (milliseconds == 0)
            return null;

        number = Math.Min(number, (long)IntervalMax.TotalMilliseconds);
        return Shorter(TimeSpan.FromMilliseconds(number * milliseconds), IntervalMax);
    }

    static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    static long? Whole(HttpResponseHeaders headers, string name) =>
        long.TryParse(First(headers, name), NumberStyles.None, null, out var number) ? number : null;

    // OpenAlex counts what remains in dollars.
    static double? Number(HttpResponseHeaders headers, string name) =>
        double.TryParse(First(headers, name), NumberStyles.Float, null, out var number) ? number : null;

    static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    static TimeSpan? Longer(TimeSpan? a, TimeSpan? b) => a is null || b > a ? b : a;
}
