using System.Text.Json;

namespace NextUp.Server.Users.Authority;

/// <summary>
/// Keeps what the authority says. It is asked when what is known is too old, and when a token names a key that nobody
/// knows (keys are rotated), but never more often than <see cref="AskedAgainAfter"/>, whoever sends what. One question at a
/// time serves all who wait. While the authority is away what is known stays good for <see cref="KeptWithoutAnswer"/>.
/// </summary>
sealed class AuthorityDocuments(Uri authority, HttpClient http, TimeProvider clock, TimeSpan ageMax)
{
    public static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan KeptWithoutAnswer = TimeSpan.FromDays(1);

    /// <summary>How long one answer may take.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>The largest document that is read, in bytes.</summary>
    public const int DocumentBytesMax = 1024 * 1024;

    readonly Lock _gate = new();
    AuthorityDocument? _known;
    DateTimeOffset _askedAt = DateTimeOffset.MinValue;
    Task? _asking;

    /// <summary>What is known; null where the authority has never answered or has been away too long.</summary>
    /// <param name="keyId">A key that must be in it, if the authority has it; null for none.</param>
    public async ValueTask<AuthorityDocument?> ReadAsync(string? keyId = null)
    {
        var now = clock.GetUtcNow();
        if (!IsEnough(_known, keyId, now) && Ask(now) is { } asking)
            await asking;
        return _known is { } known && now - known.ReadAt <= KeptWithoutAnswer ? known : null;
    }

    bool IsEnough(AuthorityDocument? known, string? keyId, DateTimeOffset now) =>
        known is not null && now - known.ReadAt < ageMax && known.KeysFor(keyId).Count > 0;

    /// <summary>The question under way, or a new one; null where the last one is too fresh.</summary>
    Task? Ask(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_asking is { IsCompleted: false })
                return _asking;
            if (now - _askedAt < AskedAgainAfter)
                return null;

            _askedAt = now;
            return _asking = AskAsync();
        }
    }

    async Task AskAsync()
    {
        try
        {
            var at = clock.GetUtcNow();
            var (issuer, authorization, token, keys) = AuthorityDocument.ParseDiscovery(
                await GetAsync(new Uri(authority.AbsoluteUri.TrimEnd('/') + AuthorityDocument.DiscoveryPath)));
            var found = AuthorityDocument.ParseKeys(await GetAsync(keys));
            _known = new AuthorityDocument(issuer, authorization, token, found, at);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException
            or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            // What was known stays; who needs what is not known is told that the authority is away.
        }
    }

    async Task<string> GetAsync(Uri address)
    {
        using var late = new CancellationTokenSource(AnswerWithin, clock);
        return await http.GetStringAsync(address, late.Token);
    }
}
