using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

/// <summary>Changes that concern no job: keys of accounts, and what operators did.</summary>
public abstract partial record Change
{
    /// <summary>A new key. Expects: an id that no key has, and fewer than <see cref="ApiKey.PerUserMax"/> that are good.</summary>
    public sealed record AddKey(ApiKey Key) : Change;

    /// <summary>The key is good for nothing from now on. Expects: a key of this user, or with null of anyone.</summary>
    public sealed record RevokeKey(string Id, UserId? User, DateTimeOffset At) : Change;

    /// <summary>The key was used about then.</summary>
    public sealed record TouchKey(string Id, DateTimeOffset At) : Change;

    /// <summary>
    /// A sign-in that would be good until then is good for nothing from now on. Once is as good as twice. Those that have run out
    /// by now are forgotten.
    /// </summary>
    public sealed record SignOut(string SignIn, DateTimeOffset Until, DateTimeOffset At) : Change;

    /// <summary>An operator or administrator is about to do something; its outcome follows.</summary>
    public sealed record BeginAudit(AuditEntry Entry) : Change;

    /// <summary>What came of it.</summary>
    public sealed record EndAudit(Guid Id, int Outcome, string? Note) : Change;
}
