using System.Collections.Concurrent;
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

/// <summary>However long the store is away, trying again stays as much as it was at first, and ends with the host.</summary>
public sealed class StoreAwayTests : IDisposable
{
    const int TriesMax = 20_000;

    static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    readonly SimClock _clock = new();
    readonly Turns _turns = new();
    readonly SqliteStore _store = SqliteStore.OpenInMemory();
    readonly InProcessHost _host;
    int _tries;

    public StoreAwayTests() => _host = new(
        _store, new([new KindPolicy { Kind = World.Kind }]), new QueueSettings { Slots = 1 }, new NeverRunner(),
        new ActorEnvironment(_clock, new SharedRandom(1), static (_, _) => { }), _turns);

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Whoever_asks_the_queue_while_the_store_is_away_adds_nobody_who_tries_for_ever()
    {
        await BeginAsync();
        Away();
        Submit("ann");

        AssertSteady(() => _ = _host.Queue.StatusAsync().AsTask());

        _store.Database.AtCommit = null;
        Pass(10, () => { });
        await AnsweredAsync(_host.Queue.StatusAsync().AsTask());
    }

    [Fact]
    public async Task A_held_job_whose_place_is_free_is_tried_for_by_one_and_let_in_when_the_store_is_back()
    {
        await BeginAsync();
        var held = Held("ann");
        Away();

        AssertSteady(() => _ = _host.User(held.User).PromoteAsync().AsTask());

        _store.Database.AtCommit = null;
        Pass(10, () => { });
        Assert.NotEqual((JobState.Pending, true), (Find(held).State, Find(held).IsHeld));
    }

    [Fact]
    public async Task A_host_that_is_closed_tries_nothing_any_more()
    {
        await BeginAsync();
        Held("ann");
        Away();
        Submit("bob");
        Pass(10, () => { });

        _host.Close();
        var tries = _tries;
        Pass(600, () => { });

        Assert.True(tries > 0);
        Assert.Equal(tries, _tries);
    }

    void AssertSteady(Action ask)
    {
        const int window = 200;
        Pass(window, ask);
        var first = Counted(window, ask);
        Pass(5 * window, ask);
        var last = Counted(window, ask);

        Assert.True(first.Tries > 0);
        Assert.InRange(last.Tries, 0, first.Tries * 11 / 10);
        Assert.InRange(last.Timers, 0, first.Timers * 11 / 10);
    }

    (long Timers, int Tries) Counted(int ticks, Action ask)
    {
        var (timers, tries) = (_clock.TimersMade, _tries);
        Pass(ticks, ask);
        return (_clock.TimersMade - timers, _tries - tries);
    }

    void Pass(int ticks, Action ask)
    {
        for (var tick = 0; tick < ticks; tick++)
        {
            ask();
            _turns.Run();
            _clock.Advance(Tick);
            _turns.Run();
            Assert.True(_tries < TriesMax, $"{_tries} tries by tick {tick}.");
        }
    }

    Task BeginAsync() => AnsweredAsync(_host.StartAsync());

    void Away() => _store.Database.AtCommit = _ =>
    {
        _tries++;
        throw new StoreFailedException("The store is away.", isUncertain: false);
    };

    void Submit(string user) => _ = _host.User(UserId.Account(user)).SubmitAsync(new(
        JobId.New(_clock.GetUtcNow()), World.Kind,
        new(FileRole.Original, "a.bib", "application/x-bibtex", 1, "00", [1], null), null, null, null)).AsTask();

    /// <summary>Held by an earlier process that died before it let the job in.</summary>
    JobRecord Held(string user)
    {
        var (now, sequence) = (_clock.GetUtcNow(), new JobSequence(1_000));
        var job = new JobRecord
        {
            Sequence = sequence, Id = JobId.New(now), User = UserId.Account(user), Kind = World.Kind, State = JobState.Pending,
            IsHeld = true, AcceptedAt = now, LineKey = LineKey.Of(now, TimeSpan.Zero, sequence), FileName = "a.bib", FileSize = 1,
        };
        Assert.IsType<CommitAnswer.Committed>(
            _store.CommitAsync(new StoreWrite([new Change.Accept(job, null, [])])).GetAwaiter().GetResult());
        return job;
    }

    JobRecord Find(JobRecord job) => _store.FindAsync(job.Id).GetAwaiter().GetResult()!;

    async Task AnsweredAsync(Task answer)
    {
        while (!answer.IsCompleted)
        {
            _turns.Run();
            await Task.Yield();
        }

        await answer;
    }

    /// <summary>All turns on this thread, in the order in which mailboxes came to have something to do.</summary>
    sealed class Turns : ITurnScheduler
    {
        readonly ConcurrentQueue<Mailbox> _ready = new();

        public void Schedule(Mailbox mailbox) => _ready.Enqueue(mailbox);

        public void Run()
        {
            while (_ready.TryDequeue(out var mailbox))
            {
                while (mailbox.TakeTurn())
                {
                    // The next one.
                }
            }
        }
    }

    sealed class NeverRunner : IJobRunner
    {
        public Task<AttemptEnd> RunAsync(JobRecord job, CancellationToken cancellationToken) => new TaskCompletionSource<AttemptEnd>().Task;
    }
}
