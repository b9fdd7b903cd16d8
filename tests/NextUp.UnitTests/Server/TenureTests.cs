using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Server.Users;
using NextUp.Server.Users.Keys;
using NextUp.Storage.Sqlite;
using NextUp.UnitTests.Bibtex.Providers;

namespace NextUp.UnitTests.Server;

public sealed class TenureTests : IDisposable
{
    static readonly UserId Ann = UserId.Account("ann");
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly HandClock _clock = new();
    readonly SqliteStore _store = SqliteStore.OpenInMemory();
    readonly ApiKeys _keys;
    readonly SignOuts _signOuts;
    readonly Tenures _tenures;

    public TenureTests()
    {
        _keys = new ApiKeys(_store, _store, _clock);
        _signOuts = new SignOuts(_store, _store, _clock);
        _tenures = new Tenures(_store, _signOuts, _clock);
        _keys.Revoked += _tenures.Revoked;
    }

    public void Dispose()
    {
        _tenures.Dispose();
        _signOuts.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task What_a_key_opened_ends_with_its_revocation_and_what_another_key_opened_does_not()
    {
        var (id, caller) = await KeyAsync();
        var (_, other) = await KeyAsync();
        using var first = await _tenures.BeginAsync(caller);
        using var second = await _tenures.BeginAsync(caller);
        using var others = await _tenures.BeginAsync(other);
        using var owner = await _tenures.BeginAsync(new Caller(Ann, Role.User));
        Assert.False(first.IsOver || second.IsOver);

        Assert.True(await _keys.RevokeAsync(id, Ann));

        Assert.True(first.IsOver && second.IsOver);
        Assert.False(others.IsOver || owner.IsOver);
    }

    [Fact]
    public async Task Whoever_may_not_revoke_a_key_ends_nothing_of_it()
    {
        var (id, caller) = await KeyAsync();
        using var tenure = await _tenures.BeginAsync(caller);

        Assert.False(await _keys.RevokeAsync(id, UserId.Account("bob")));
        Assert.False(await _keys.RevokeAsync("none", user: null));

        Assert.False(tenure.IsOver);
    }

    [Fact]
    public async Task A_key_that_is_revoked_after_it_was_read_opens_nothing_any_more()
    {
        var (id, caller) = await KeyAsync();
        await RevokeElsewhereAsync(id);

        using var tenure = await _tenures.BeginAsync(caller);

        Assert.True(tenure.IsOver);
    }

    [Fact]
    public async Task A_key_that_another_server_revoked_is_noticed_at_the_next_look_and_the_others_stand()
    {
        var (id, caller) = await KeyAsync();
        var (_, other) = await KeyAsync();
        using var tenure = await _tenures.BeginAsync(caller);
        using var others = await _tenures.BeginAsync(other);
        await RevokeElsewhereAsync(id);

        _clock.Advance(Tenures.LookInterval - Moment);
        Assert.False(tenure.IsOver);
        _clock.Advance(Moment);

        await OverAsync(tenure);
        Assert.False(others.IsOver);
    }

    [Fact]
    public async Task More_keys_than_one_question_takes_are_all_asked_after()
    {
        List<(string Id, Tenure Tenure)> all = [];
        for (var i = 0; i <= Tenures.KeysAtOnceMax; i++)
        {
            var (id, caller) = await KeyAsync(UserId.Account($"user-{i}"));
            all.Add((id, await _tenures.BeginAsync(caller)));
        }

        Assert.Equal(Tenures.KeysAtOnceMax + 1, _tenures.Roots);
        foreach (var (id, _) in all)
            await RevokeElsewhereAsync(id);
        _clock.Advance(Tenures.LookInterval);

        foreach (var (_, tenure) in all)
        {
            await OverAsync(tenure);
            tenure.Dispose();
        }

        Assert.Equal(0, _tenures.Roots);
    }

    [Fact]
    public async Task What_a_sign_in_opened_ends_with_the_sign_out_and_what_another_one_of_the_same_user_opened_does_not()
    {
        var (caller, other) = (SignedIn("one"), SignedIn("two"));
        using var first = await _tenures.BeginAsync(caller);
        using var second = await _tenures.BeginAsync(caller);
        using var others = await _tenures.BeginAsync(other);

        await _signOuts.EndAsync("one", caller.Until!.Value);

        Assert.True(first.IsOver && second.IsOver);
        Assert.False(others.IsOver);
        using var late = await _tenures.BeginAsync(caller);
        Assert.True(late.IsOver);
        Assert.True(_signOuts.HasEnded("one"));
        Assert.False(_signOuts.HasEnded("two"));
    }

    [Fact]
    public async Task A_sign_out_on_another_server_ends_what_is_open_here_at_the_next_look()
    {
        var caller = SignedIn("one");
        using var tenure = await _tenures.BeginAsync(caller);
        using var others = await _tenures.BeginAsync(SignedIn("two"));
        await _signOuts.LookAsync();
        using var elsewhere = new SignOuts(_store, _store, _clock);
        await elsewhere.EndAsync("one", caller.Until!.Value);
        Assert.False(_signOuts.HasEnded("one"));

        _clock.Advance(Tenures.LookInterval - Moment);
        Assert.False(tenure.IsOver);
        _clock.Advance(Moment);

        await OverAsync(tenure);
        Assert.False(others.IsOver);
    }

    [Fact]
    public async Task What_others_have_ended_is_read_once_in_a_while_and_forgotten_when_it_would_have_run_out()
    {
        var caller = SignedIn("one");
        using var elsewhere = new SignOuts(_store, _store, _clock);
        await _signOuts.BeCurrentAsync();
        await elsewhere.EndAsync("one", caller.Until!.Value);
        await _signOuts.BeCurrentAsync();
        Assert.True(_signOuts.IsCurrent);
        Assert.False(_signOuts.HasEnded("one"));

        _clock.Advance(SignOuts.LookInterval);
        Assert.False(_signOuts.IsCurrent);
        await _signOuts.BeCurrentAsync();
        Assert.True(_signOuts.HasEnded("one"));

        _clock.Advance(TimeSpan.FromHours(1));
        await _signOuts.BeCurrentAsync();
        Assert.False(_signOuts.HasEnded("one"));
    }

    Caller SignedIn(string signIn) =>
        new(Ann, Role.User) { SignIn = signIn, Until = _clock.GetUtcNow() + TimeSpan.FromHours(1) };

    [Fact]
    public async Task The_looks_go_on_while_a_key_is_held_and_begin_anew_with_the_next()
    {
        var accounts = new Counted(_store);
        using var tenures = new Tenures(accounts, _signOuts, _clock);
        var (id, caller) = await KeyAsync();

        _clock.Advance(10 * Tenures.LookInterval);
        Assert.Equal(0, accounts.Asked);

        var first = await tenures.BeginAsync(caller);
        var alsoFirst = await tenures.BeginAsync(caller);
        await LooksAsync(accounts, 3);
        await LooksAsync(accounts, 4);
        first.Dispose();
        await LooksAsync(accounts, 5);
        alsoFirst.Dispose();
        alsoFirst.Dispose();
        _clock.Advance(10 * Tenures.LookInterval);
        Assert.Equal(5, accounts.Asked);

        using var second = await tenures.BeginAsync(caller);
        await RevokeElsewhereAsync(id);
        await LooksAsync(accounts, 7);
        await OverAsync(second);
    }

    [Fact]
    public async Task A_store_that_is_away_ends_nothing_and_is_asked_again()
    {
        var accounts = new Counted(_store) { IsAway = true };
        using var tenures = new Tenures(accounts, _signOuts, _clock);
        var (id, caller) = await KeyAsync();
        await Assert.ThrowsAsync<StoreFailedException>(async () => await tenures.BeginAsync(caller));
        Assert.Equal(0, tenures.Roots);
        accounts.IsAway = false;
        using var tenure = await tenures.BeginAsync(caller);
        accounts.IsAway = true;
        await RevokeElsewhereAsync(id);

        await LooksAsync(accounts, 3);
        await LooksAsync(accounts, 4);
        Assert.False(tenure.IsOver);
        accounts.IsAway = false;
        await LooksAsync(accounts, 5);

        await OverAsync(tenure);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3_600)]
    [InlineData(10_000)]
    [InlineData(3_650 * 86_400L)]
    public async Task What_has_an_end_is_over_then_and_not_a_moment_before(long seconds)
    {
        var end = _clock.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        using var tenure = await _tenures.BeginAsync(new Caller(Ann, Role.User) { Until = end });

        _clock.Advance(TimeSpan.FromSeconds(seconds) - Moment);
        Assert.False(tenure.IsOver);
        _clock.Advance(Moment);

        Assert.True(tenure.IsOver);
    }

    [Fact]
    public async Task A_key_ends_at_its_time_too_and_what_has_ended_begins_nothing()
    {
        var end = _clock.GetUtcNow() + TimeSpan.FromDays(1);
        var (_, caller) = await KeyAsync(expiresAt: end);
        using var tenure = await _tenures.BeginAsync(caller);

        _clock.Advance(TimeSpan.FromDays(1) - Moment);
        Assert.False(tenure.IsOver);
        _clock.Advance(Moment);

        Assert.True(tenure.IsOver);
        using var late = await _tenures.BeginAsync(caller);
        Assert.True(late.IsOver);
    }

    [Fact]
    public async Task Who_waits_for_the_end_does_not_go_on_in_the_call_that_revokes()
    {
        var (id, caller) = await KeyAsync();
        using var tenure = await _tenures.BeginAsync(caller);
        using var free = new ManualResetEventSlim();
        await using var stuck = tenure.Over.Register(() => free.Wait(Patience));

        Assert.True(await _keys.RevokeAsync(id, Ann).WaitAsync(Patience / 3, TestContext.Current.CancellationToken));
        free.Set();
    }

    async Task<(string Id, Caller Caller)> KeyAsync(UserId? user = null, DateTimeOffset? expiresAt = null)
    {
        var (key, text) = (await _keys.MakeAsync(user ?? Ann, Role.User, "some", Scope.Read, expiresAt))!.Value;
        var caller = Assert.IsType<Credential.Good>(await _keys.ReadAsync(text)).Bound;
        Assert.Equal((key.Id, expiresAt), (caller.Key, caller.Until));
        return (key.Id, caller);
    }

    /// <summary>As another server does it: past everything that this one could hear of.</summary>
    async Task RevokeElsewhereAsync(string id) => Assert.IsType<CommitAnswer.Committed>(
        await _store.CommitAsync(new([new Change.RevokeKey(id, null, _clock.GetUtcNow())])));

    async Task LooksAsync(Counted accounts, int asked)
    {
        // The next look is due only when the one before has been answered.
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        while (accounts.Asked < asked)
        {
            _clock.Advance(Tenures.LookInterval);
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(asked, accounts.Asked);
        await accounts.Answered;
    }

    static async Task OverAsync(Tenure tenure)
    {
        var over = new TaskCompletionSource();
        await using var told = tenure.Over.Register(() => over.TrySetResult());
        await over.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    /// <summary>Counts the questions, and fails when told.</summary>
    sealed class Counted(IAccountStore store) : IAccountStore
    {
        public int Asked { get; private set; }

        public bool IsAway { get; set; }

        public Task Answered { get; private set; } = Task.CompletedTask;

        public Task<IReadOnlyList<string>> StandingKeysAsync(IReadOnlyList<string> ids)
        {
            Asked++;
            var answer = IsAway
                ? Task.FromException<IReadOnlyList<string>>(new StoreFailedException("away", isUncertain: false))
                : store.StandingKeysAsync(ids);
            Answered = answer.ContinueWith(_ => { }, TaskScheduler.Default);
            return answer;
        }

        public Task<IReadOnlyList<EndedSignIn>> SignedOutAsync(long after, int limit) => store.SignedOutAsync(after, limit);

        public Task<ApiKey?> FindKeyAsync(string id) => store.FindKeyAsync(id);

        public Task<IReadOnlyList<ApiKey>> KeysAsync(UserId? user, string? before, int limit) =>
            store.KeysAsync(user, before, limit);

        public Task<IReadOnlyList<AuditEntry>> AuditAsync(Guid? before, int limit) => store.AuditAsync(before, limit);
    }
}
