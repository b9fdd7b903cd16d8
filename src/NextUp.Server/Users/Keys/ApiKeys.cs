using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Server.Users.Keys;

/// <summary>
/// API keys: <c>nxu_ID_SECRET</c>, ID 20 and SECRET 64 hexadecimal digits, so that scanners for leaked secrets can find
/// them. The secret is 32 random bytes, shown once; the store has its SHA-256, which is enough where nothing can be
/// guessed. Each use asks the store, so a revoked key ends at once.
/// </summary>
sealed class ApiKeys(IAccountStore keys, IJobStore store, TimeProvider clock)
{
    public const string Prefix = "nxu_";

    const int IdLength = 20;
    const int SecretBytes = 32;
    const int Length = 4 + IdLength + 1 + (2 * SecretBytes);

    /// <summary>How exactly the last use is kept.</summary>
    static readonly TimeSpan UseGrain = TimeSpan.FromHours(1);

    /// <summary>Keys whose last use is being noted right now.</summary>
    readonly ConcurrentDictionary<string, byte> _touching = new();

    static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    /// <summary>Told of a key's id when it has been revoked here, before the answer.</summary>
    public event Action<string>? Revoked;

    public async ValueTask<Credential> ReadAsync(string text)
    {
        if (text.Length != Length || text[Prefix.Length + IdLength] != '_')
            return Credential.None;

        var now = clock.GetUtcNow();
        var key = await keys.FindKeyAsync(text.Substring(Prefix.Length, IdLength));

        // All is compared for keys that are none, too: how long it takes tells nothing.
        var isSecret = CryptographicOperations.FixedTimeEquals(
            HashOf(text.AsSpan(Prefix.Length + IdLength + 1)), key is null ? NoHash : key.Hash.Span);
        if (key is null || !isSecret || !key.IsGood(now))
            return Credential.None;

        Touch(key, now);
        var role = (Role)key.Role;
        return new Credential.Good(new Caller(key.User, role, (Scope)key.Scopes & Grantable(role)), key.ExpiresAt) { Key = key.Id };
    }

    /// <summary>A new key and its text, which is nowhere else; null where the user has as many as there may be.</summary>
    public async Task<(ApiKey Key, string Text)?> MakeAsync(
        UserId user, Role role, string name, Scope scopes, DateTimeOffset? expiresAt)
    {
        var now = clock.GetUtcNow();
        var id = $"{now.ToUnixTimeMilliseconds():x12}{RandomNumberGenerator.GetHexString(IdLength - 12, lowercase: true)}";
        var secret = RandomNumberGenerator.GetHexString(2 * SecretBytes, lowercase: true);
        var key = new ApiKey(id, user, name, (int)role, (int)scopes, HashOf(secret), now, expiresAt, null, null);
        return await store.CommitAsync(new([new Change.AddKey(key)])) is CommitAnswer.Committed
            ? (key, $"{Prefix}{id}_{secret}") : null;
    }

    /// <summary>False where the user has no such key.</summary>
    /// <param name="user">Null for an administrator, who may revoke anyone's.</param>
    public async Task<bool> RevokeAsync(string id, UserId? user)
    {
        var answer = await store.CommitAsync(new([new Change.RevokeKey(id, user, clock.GetUtcNow())]));
        if (answer is not CommitAnswer.Committed)
            return false;
        Revoked?.Invoke(id);
        return true;
    }

    /// <summary>What a key of somebody in this role may be for.</summary>
    public static Scope Grantable(Role role) => role.Scopes() & ~Scope.Account;

    static byte[] HashOf(ReadOnlySpan<char> secret)
    {
        Span<byte> bytes = stackalloc byte[2 * SecretBytes];
        return SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(secret, bytes)]);
    }

    void Touch(ApiKey key, DateTimeOffset now)
    {
        if (now - key.LastUsedAt < UseGrain || !_touching.TryAdd(key.Id, 0))
            return;
        _ = TouchAsync(key.Id, new DateTimeOffset(now.Ticks - (now.Ticks % UseGrain.Ticks), TimeSpan.Zero));
    }

    async Task TouchAsync(string id, DateTimeOffset at)
    {
        try
        {
            await store.CommitAsync(new([new Change.TouchKey(id, at)]));
        }
        catch (StoreFailedException)
        {
            // The next use notes it.
        }
        finally
        {
            _touching.TryRemove(id, out _);
        }
    }
}
