using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Server.Users;
using NextUp.Server.Users.Keys;
using NextUp.Storage.Sqlite;

namespace NextUp.UnitTests.Server;

public sealed class ApiKeyTests : IDisposable
{
    static readonly UserId Ann = UserId.Account("ann");

    readonly StoppedClock _clock = new();
    readonly SqliteStore _store = SqliteStore.OpenInMemory();
    readonly ApiKeys _keys;

    public ApiKeyTests() => _keys = new ApiKeys(_store, _store, _clock);

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_key_speaks_for_its_account_within_its_scopes()
    {
        var (key, text) = await MakeAsync(Role.User, Scope.Read | Scope.Cancel);

        var good = Assert.IsType<Credential.Good>(await _keys.ReadAsync(text));

        Assert.Equal(new Caller(Ann, Role.User, Scope.Read | Scope.Cancel), good.Caller);
        Assert.Matches("^nxu_[0-9a-f]{20}_[0-9a-f]{64}$", text);
        Assert.DoesNotContain(text[^64..], Convert.ToHexStringLower(key.Hash.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_never_allows_more_than_the_role_of_who_made_it()
    {
        var (_, text) = await MakeAsync(Role.User, Scope.Read | Scope.Operate | Scope.Work | Scope.Account);

        Assert.Equal(Scope.Read, Assert.IsType<Credential.Good>(await _keys.ReadAsync(text)).Caller.Scopes);
    }

    [Fact]
    public async Task Unknown_changed_revoked_and_expired_keys_are_answered_alike()
    {
        var (revoked, revokedText) = await MakeAsync(Role.User, Scope.Read);
        var (_, text) = await MakeAsync(Role.User, Scope.Read, _clock.GetUtcNow().AddDays(1));
        Assert.True(await _keys.RevokeAsync(revoked.Id, Ann));

        Assert.IsType<Credential.Good>(await _keys.ReadAsync(text));
        Assert.Same(Credential.None, await _keys.ReadAsync(revokedText));
        Assert.Same(Credential.None, await _keys.ReadAsync(text[..^1] + (text[^1] == '0' ? '1' : '0')));
        Assert.Same(Credential.None, await _keys.ReadAsync("nxu_00000000000000000000_" + new string('0', 64)));
        Assert.Same(Credential.None, await _keys.ReadAsync("nxu_"));
        _clock.Pass(TimeSpan.FromDays(1));
        Assert.Same(Credential.None, await _keys.ReadAsync(text));
    }

    [Fact]
    public async Task A_user_cannot_revoke_someone_elses_key()
    {
        var (key, text) = await MakeAsync(Role.User, Scope.Read);

        Assert.False(await _keys.RevokeAsync(key.Id, UserId.Account("bob")));

        Assert.IsType<Credential.Good>(await _keys.ReadAsync(text));
        Assert.True(await _keys.RevokeAsync(key.Id, user: null));
    }

    [Fact]
    public async Task The_last_use_is_kept_to_the_hour()
    {
        var (key, text) = await MakeAsync(Role.User, Scope.Read);
        _clock.Pass(TimeSpan.FromMinutes(90));

        await _keys.ReadAsync(text);

        Assert.Equal(_clock.GetUtcNow().AddMinutes(-30), (await _store.FindKeyAsync(key.Id))!.LastUsedAt);
    }

    [Fact]
    public async Task A_user_has_as_many_good_keys_as_the_limit_and_no_more()
    {
        for (var i = 0; i < ApiKey.PerUserMax; i++)
            await MakeAsync(Role.User, Scope.Read);

        Assert.Null(await _keys.MakeAsync(Ann, Role.User, "one more", Scope.Read, null));

        await _keys.RevokeAsync((await _store.KeysAsync(Ann, null, 1))[0].Id, Ann);
        await MakeAsync(Role.User, Scope.Read);
    }

    async Task<(ApiKey Key, string Text)> MakeAsync(Role role, Scope scopes, DateTimeOffset? expiresAt = null) =>
        (await _keys.MakeAsync(Ann, role, "some", scopes, expiresAt))!.Value;
}
