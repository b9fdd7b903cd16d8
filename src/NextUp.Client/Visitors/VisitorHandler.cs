namespace NextUp.Client.Visitors;

/// <summary>
/// Carries a visitor's cookie: sends what <paramref name="cookie"/> holds, and keeps what the server sets. A caller
/// that starts as nobody makes its first call alone, or each of the first calls becomes a visitor of its own.
/// </summary>
public sealed class VisitorHandler(VisitorCookie cookie, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Headers.Authorization is null && cookie.Value is { } known)
            request.Headers.TryAddWithoutValidation("Cookie", $"{VisitorCookie.Name}={known}");

        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out var lines))
            foreach (var line in lines)
                cookie.Take(line);
        return response;
    }
}

/// <summary>A visitor's identity at one server, as the server signed it.</summary>
/// <param name="value">The cookie's value of an earlier time, or null for a visitor to be.</param>
/// <param name="changed">Told every new value; null when the server took the identity away.</param>
public sealed class VisitorCookie(string? value, Action<string?>? changed = null)
{
    public const string Name = "nextup-visitor";

    public string? Value { get; private set; } = value;

    /// <param name="setCookie">One Set-Cookie header's value; another cookie's is ignored.</param>
    internal void Take(string setCookie)
    {
        var pair = setCookie.Split(';', 2)[0];
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || !pair.AsSpan(0, equals).Trim().SequenceEqual(Name))
            return;

        var given = pair[(equals + 1)..].Trim();
        var next = given.Length == 0 ? null : given;
        if (next == Value)
            return;

        Value = next;
        changed?.Invoke(next);
    }
}
