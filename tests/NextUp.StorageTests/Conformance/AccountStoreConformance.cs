using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>What every store must do with the keys of accounts and the audit log, rule by rule.</summary>
public abstract class AccountStoreConformance : IAsyncLifetime
{
    static readonly UserId Ann = StoreSteps.User("ann");
    static readonly UserId Bob = StoreSteps.User("bob");

    StoreSteps Steps { get; set; } = null!;

    IAccountStore Accounts { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        (var jobs, Accounts) = await OpenAsync();
        Steps = new StoreSteps(jobs);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens an empty store, and the accounts in it.</summary>
    protected abstract ValueTask<(IJobStore Jobs, IAccountStore Accounts)> OpenAsync();

    protected abstract ValueTask CloseAsync();

    [Fact]
    public async Task A_key_is_found_as_it_was_given_and_no_other_is()
    {
        var plain = await MadeAsync(Ann);
        var whole = NewKey(Ann) with
        {
            Name = "my \"bot\" 📚", Role = 3, Scopes = 27, ExpiresAt = Steps.Now.AddDays(1).AddMicroseconds(7),
        };
        await Steps.CommitAsync(new Change.AddKey(whole));

        SameKey(plain, await Accounts.FindKeyAsync(plain.Id));
        SameKey(whole, await Accounts.FindKeyAsync(whole.Id));
        Assert.Null(await Accounts.FindKeyAsync(whole.Id[..^1]));
        Assert.Null(await Accounts.FindKeyAsync(""));
    }

    [Fact]
    public async Task An_id_is_given_to_one_key_only_whoever_asks()
    {
        var key = await MadeAsync(Ann);

        await Steps.ConflictAsync(new Change.AddKey(NewKey(Bob) with { Id = key.Id }));

        SameKey(key, await Accounts.FindKeyAsync(key.Id));
    }

    [Fact]
    public async Task A_user_lists_their_own_keys_newest_first_and_an_administrator_everyones_in_pages()
    {
        var made = new List<ApiKey>();
        for (var i = 0; i < 7; i++)
            made.Add(await MadeAsync(i % 3 == 0 ? Bob : Ann));
        made.Reverse();

        Assert.Equal(made.Where(key => key.User == Ann).Select(key => key.Id), await IdsAsync(Ann, null, 10));
        Assert.Equal(made.Where(key => key.User == Bob).Select(key => key.Id), await IdsAsync(Bob, null, 10));
        Assert.Empty(await IdsAsync(StoreSteps.User("nobody"), null, 10));
        Assert.Equal(made.Select(key => key.Id), await IdsAsync(null, null, 10));
        Assert.Equal(made.Take(3).Select(key => key.Id), await IdsAsync(null, null, 3));
        Assert.Equal(made.Skip(3).Select(key => key.Id), await IdsAsync(null, made[2].Id, 10));
        Assert.Equal(made.Skip(3).Where(key => key.User == Ann).Select(key => key.Id), await IdsAsync(Ann, made[2].Id, 10));
    }

    [Fact]
    public async Task A_user_has_as_many_good_keys_as_allowed_and_those_that_ended_do_not_count()
    {
        var expiring = NewKey(Ann) with { ExpiresAt = Steps.Now.AddSeconds(ApiKey.PerUserMax + 10) };
        await Steps.CommitAsync(new Change.AddKey(expiring));
        var revoked = await MadeAsync(Ann);
        for (var i = 2; i < ApiKey.PerUserMax; i++)
            await MadeAsync(Ann);

        await Steps.ConflictAsync(new Change.AddKey(NewKey(Ann)));
        await MadeAsync(Bob);

        await Steps.CommitAsync(new Change.RevokeKey(revoked.Id, Ann, Steps.Tick()));
        await MadeAsync(Ann);
        await Steps.ConflictAsync(new Change.AddKey(NewKey(Ann)));

        await Steps.CommitAsync(new Change.AddKey(NewKey(Ann) with { CreatedAt = expiring.ExpiresAt!.Value }));
        await Steps.ConflictAsync(new Change.AddKey(NewKey(Ann) with { CreatedAt = expiring.ExpiresAt!.Value }));
    }

    [Fact]
    public async Task A_key_is_revoked_by_its_user_or_an_administrator_once_and_by_nobody_else()
    {
        var (own, other) = (await MadeAsync(Ann), await MadeAsync(Ann));
        await Steps.ConflictAsync(new Change.RevokeKey(own.Id, Bob, Steps.Tick()));
        await Steps.ConflictAsync(new Change.RevokeKey("none", null, Steps.Tick()));
        SameKey(own, await Accounts.FindKeyAsync(own.Id));

        var at = Steps.Tick();
        await Steps.CommitAsync(new Change.RevokeKey(own.Id, Ann, at));
        await Steps.CommitAsync(new Change.RevokeKey(own.Id, Ann, Steps.Tick()));
        await Steps.CommitAsync(new Change.RevokeKey(other.Id, null, at));

        SameKey(own with { RevokedAt = at }, await Accounts.FindKeyAsync(own.Id));
        SameKey(other with { RevokedAt = at }, await Accounts.FindKeyAsync(other.Id));
        Assert.Equal([other.Id, own.Id], await IdsAsync(Ann, null, 10));
    }

    [Fact]
    public async Task Sign_outs_are_told_in_their_order_once_each_and_until_they_would_have_run_out()
    {
        var soon = Steps.Now.AddSeconds(5);
        var late = soon.AddHours(1);
        await Steps.CommitAsync(new Change.SignOut("a", soon, Steps.Tick()), new Change.SignOut("b", soon, Steps.Tick()));
        await Steps.CommitAsync(new Change.SignOut("c", late, Steps.Tick()), new Change.SignOut("a", late, Steps.Tick()));

        var all = await Accounts.SignedOutAsync(0, 10);
        Assert.Equal(["a", "b", "c"], all.Select(one => one.SignIn));
        Assert.Equal([soon, soon, late], all.Select(one => one.Until));
        Assert.Equal([all[1]], await Accounts.SignedOutAsync(all[0].Number, 1));
        Assert.Empty(await Accounts.SignedOutAsync(all[2].Number, 10));

        await Steps.CommitAsync(new Change.SignOut("d", late, soon));
        var left = await Accounts.SignedOutAsync(0, 10);
        Assert.Equal(["c", "d"], left.Select(one => one.SignIn));
        Assert.True(left[1].Number > all[2].Number);

        // Whoever has seen the last one is told of the next, although all before it have run out.
        await Steps.CommitAsync(new Change.SignOut("e", late.AddHours(1), late));
        await Steps.CommitAsync(new Change.SignOut("f", late.AddHours(2), late.AddHours(1)));
        Assert.Equal(["f"], (await Accounts.SignedOutAsync(left[1].Number + 1, 10)).Select(one => one.SignIn));
    }

    [Fact]
    public async Task Of_keys_that_are_asked_after_those_stand_that_exist_and_are_not_revoked()
    {
        var (good, revoked, used) = (await MadeAsync(Ann), await MadeAsync(Ann), await MadeAsync(Bob));
        var expired = NewKey(Bob) with { ExpiresAt = Steps.Now.AddSeconds(1) };
        await Steps.CommitAsync(new Change.AddKey(expired), new Change.TouchKey(used.Id, Steps.Tick()));
        Assert.True(expired.ExpiresAt <= Steps.Tick());
        await Steps.CommitAsync(new Change.RevokeKey(revoked.Id, Ann, Steps.Tick()));

        Assert.Equal(
            [used.Id, good.Id, expired.Id],
            await Accounts.StandingKeysAsync([used.Id, revoked.Id, good.Id, "none", "", expired.Id]));
        Assert.Empty(await Accounts.StandingKeysAsync([revoked.Id]));
        Assert.Empty(await Accounts.StandingKeysAsync([]));
    }

    [Fact]
    public async Task The_last_use_of_a_key_is_kept_and_changes_nothing_else()
    {
        var (used, unused) = (await MadeAsync(Ann), await MadeAsync(Ann));
        await Steps.CommitAsync(new Change.TouchKey(used.Id, Steps.Tick()));
        var at = Steps.Tick();
        await Steps.CommitAsync(new Change.TouchKey(used.Id, at));

        SameKey(used with { LastUsedAt = at }, await Accounts.FindKeyAsync(used.Id));
        SameKey(unused, await Accounts.FindKeyAsync(unused.Id));
    }

    [Fact]
    public async Task A_write_of_which_one_change_does_not_fit_makes_no_key_and_no_entry()
    {
        var (key, entry, job) = (NewKey(Ann), NewEntry(), Steps.NewJob("ann"));

        await Steps.ConflictAsync(
            new Change.AddKey(key), new Change.BeginAudit(entry), new Change.Accept(job, null, []),
            new Change.RevokeKey("none", null, Steps.Now));

        Assert.Null(await Accounts.FindKeyAsync(key.Id));
        Assert.Empty(await Accounts.AuditAsync(null, 10));
        Assert.Null(await Steps.Store.FindAsync(job.Id));
    }

    [Fact]
    public async Task An_action_is_in_the_log_before_its_outcome_is_known_and_gets_it_afterwards()
    {
        var (done, lost) = (NewEntry(), NewEntry() with { Actor = Bob, Role = "operator", Target = "/x?y=\"z\" 📚" });
        await Steps.CommitAsync(new Change.BeginAudit(done));
        await Steps.CommitAsync(new Change.BeginAudit(lost));
        Assert.Equal([lost, done], await Accounts.AuditAsync(null, 10));

        await Steps.CommitAsync(new Change.EndAudit(done.Id, 200, "slots 4 to 8"));

        Assert.Equal([lost, done with { Outcome = 200, Note = "slots 4 to 8" }], await Accounts.AuditAsync(null, 10));
    }

    [Fact]
    public async Task The_log_is_read_newest_first_in_pages()
    {
        var entries = new List<AuditEntry>();
        for (var i = 0; i < 9; i++)
        {
            entries.Add(NewEntry());
            await Steps.CommitAsync(new Change.BeginAudit(entries[^1]));
        }

        entries.Reverse();
        var read = new List<AuditEntry>();
        while (await Accounts.AuditAsync(read.Count == 0 ? null : read[^1].Id, 4) is { Count: > 0 } page)
            read.AddRange(page);

        Assert.Equal(entries, read);
    }

    async Task<ApiKey> MadeAsync(UserId user)
    {
        var key = NewKey(user);
        await Steps.CommitAsync(new Change.AddKey(key));
        return key;
    }

    ApiKey NewKey(UserId user)
    {
        var at = Steps.Tick();
        var id = $"{at.ToUnixTimeMilliseconds():x12}0123abcd";
        return new(id, user, "a test", 1, 7, Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), at, null, null, null);
    }

    AuditEntry NewEntry()
    {
        var at = Steps.Tick();
        return new(Guid.CreateVersion7(at), at, Ann, "administrator", "POST /x", "/x", 0, "192.0.2.1", null);
    }

    async Task<IEnumerable<string>> IdsAsync(UserId? user, string? before, int limit) =>
        (await Accounts.KeysAsync(user, before, limit)).Select(key => key.Id);

    /// <summary>A hash is equal by its bytes, not by where they are.</summary>
    static void SameKey(ApiKey expected, ApiKey? found)
    {
        Assert.NotNull(found);
        Assert.Equal(expected.Hash.ToArray(), found.Hash.ToArray());
        Assert.Equal(expected with { Hash = default }, found with { Hash = default });
    }
}
