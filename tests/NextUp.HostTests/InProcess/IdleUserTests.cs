using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.HostTests.Behaviour;
using NextUp.HostTests.Simulation;
using NextUp.Hosting.InProcess;
using NextUp.Storage.Sqlite;

namespace NextUp.HostTests.InProcess;

/// <summary>The process's memory is measured, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(IdleUserTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>What users leave in memory when they have gone.</summary>
[Collection(nameof(IdleUserTests))]
public sealed class IdleUserTests : IAsyncDisposable
{
    const int Users = 50_000;
    const int AtOnce = 1_000;

    /// <summary>
    /// In bytes a user. What is left for a while is the way from a user to their recent jobs, in the store's memory.
    /// </summary>
    const int BytesPerUserMax = 400;

    /// <summary>A user's actor goes one to two sweeps, of a minute each, after the last call.</summary>
    static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly SimClock _clock = new();
    readonly SqliteStore _store = SqliteStore.OpenInMemory();
    readonly InProcessHost _host;

    public IdleUserTests() => _host = new(
        _store, new([new KindPolicy { Kind = World.Kind }]), new QueueSettings { Slots = 100 }, new AtOnceRunner(),
        new ActorEnvironment(_clock, new SharedRandom(1), static (_, _) => { }));

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return default;
    }

    [Fact]
    public async Task A_user_whom_nobody_calls_leaves_memory_and_comes_back_with_what_is_stored()
    {
        await _host.StartAsync();
        var ann = UserId.Account("ann");
        var job = Assert.IsType<SubmitAnswer.Accepted>(await SubmitAsync(ann)).Job;
        await RestAsync();
        Assert.Equal(1, _host.UsersInMemory);

        await GoneAsync();

        Assert.IsType<CancelAnswer.AlreadyFinished>(await _host.User(ann).CancelAsync(job.Id));
        Assert.IsType<SubmitAnswer.Accepted>(await SubmitAsync(ann));
        Assert.Equal(1, _host.UsersInMemory);
    }

    [Fact]
    public async Task A_user_who_is_called_again_and_again_stays()
    {
        await _host.StartAsync();
        var ann = UserId.Account("ann");
        for (var minute = 0; minute < 10; minute++)
        {
            await SubmitAsync(ann);
            await RestAsync();
            _clock.Advance(Idle);
            Assert.Equal(1, _host.UsersInMemory);
        }
    }

    [Fact]
    public async Task Fifty_thousand_users_who_each_did_one_job_leave_little_behind()
    {
        await _host.StartAsync();
        await DoOneJobEachAsync(0, AtOnce); // What grows once, grows now.
        await GoneAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var first = AtOnce; first < AtOnce + Users; first += AtOnce)
            await DoOneJobEachAsync(first, AtOnce);
        await GoneAsync();

        var left = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(left / Users <= BytesPerUserMax, $"{left / Users} bytes a user are left.");
    }

    async Task DoOneJobEachAsync(int first, int count)
    {
        await Task.WhenAll(Enumerable.Range(first, count).Select(i => SubmitAsync(UserId.Account($"user-{i}")).AsTask()));
        await RestAsync();
    }

    ValueTask<SubmitAnswer> SubmitAsync(UserId user) => _host.User(user).SubmitAsync(new(
        JobId.New(_clock.GetUtcNow()), World.Kind,
        new(FileRole.Original, "a.bib", "application/x-bibtex", 1, "00", [1], null), null, null, null));

    Task RestAsync() => UntilAsync(async () => await _host.Queue.StatusAsync() is { Running: 0, Waiting: 0 });

    async Task GoneAsync()
    {
        _clock.Advance(Idle);
        _clock.Advance(Idle);
        _clock.Advance(Idle);
        await UntilAsync(() => Task.FromResult(_host.UsersInMemory == 0));
    }

    static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Work that is done as soon as it begins.</summary>
    sealed class AtOnceRunner : IJobRunner
    {
        static readonly Task<AttemptEnd> s_done =
            Task.FromResult<AttemptEnd>(new AttemptEnd.Finished(new JobOutcome.Done("{}", []), []));

        public Task<AttemptEnd> RunAsync(JobRecord job, CancellationToken cancellationToken) => s_done;
    }
}
