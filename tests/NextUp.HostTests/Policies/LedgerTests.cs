using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.HostTests.Policies.Load;

namespace NextUp.HostTests.Policies;

/// <summary>The ledger finds what it is there to find: stored writes that break a rule, made by hand.</summary>
public sealed class LedgerTests
{
    static readonly UserId User = UserId.Account("ann");
    static readonly DateTimeOffset Start = FastClock.Beginning;

    readonly Ledger _ledger = new(new(TimeSpan.FromMinutes(2)), new Simulation.SimClock());
    long _sequence;

    [Fact]
    public void A_life_by_the_rules_is_not_complained_of()
    {
        var job = Accept(Rules.Refused, User, 1);
        Store(new Change.Start(job, At(2), At(100)));
        Store(new Change.End(job, 1, JobState.Completed, At(3), null, "{}", []));

        Assert.Empty(_ledger.Violations);
    }

    [Fact]
    public void A_job_that_ends_twice_is_found()
    {
        var job = Accept(Rules.Refused, User, 1);
        Store(new Change.Start(job, At(2), At(100)));
        Store(new Change.End(job, 1, JobState.Completed, At(3), null, "{}", []));
        Store(new Change.End(job, 1, JobState.Failed, At(4), "again", null, []));

        Found("what happens to a Processing job happens to no other");
    }

    [Fact]
    public void A_user_above_the_limit_is_found()
    {
        Accept(Rules.Refused, User, 1);
        Accept(Rules.Refused, User, 2);

        Found("no user is above the limit");
    }

    [Fact]
    public void A_start_out_of_turn_is_found()
    {
        Accept(Rules.Refused, User, 1);
        var second = Accept(Rules.Refused, UserId.Account("bob"), 2);
        Store(new Change.Start(second, At(3), At(100)));

        Found("jobs start in the order of the line");
    }

    [Fact]
    public void A_start_in_a_pause_is_found_of_the_queue_a_kind_and_a_user()
    {
        PauseTarget[] targets = [new PauseTarget.Everything(), new PauseTarget.OfKind(Rules.Refused), new PauseTarget.OfUser(User)];
        var job = Accept(Rules.Refused, User, 1);
        foreach (var target in targets)
            Store(new Change.SetPause(new(target, null, "operator", At(2))));
        _ledger.IsHeldFast(User);
        Store(new Change.Start(job, new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), At(100)));

        Found("nothing starts while all is paused");
        Found("nothing of a paused kind starts");
        Found("nothing of a paused user starts");
    }

    [Fact]
    public void A_start_outside_the_window_is_found()
    {
        var job = Accept(Rules.OffPeak, User, 1);
        Store(new Change.Start(job, Start.AddMinutes(3), At(1_000)));

        Found("nothing starts outside its kind's window");
    }

    [Fact]
    public void More_running_jobs_than_slots_are_found()
    {
        Store(new Change.SetCapacity(1, "operator", At(1)));
        for (var i = 0; i < 2; i++)
            Store(new Change.Start(Accept(Rules.Refused, UserId.Account($"user-{i}"), 2 + i), At(10 + i), At(100)));

        Found("no more run here than there are slots");
    }

    [Fact]
    public void A_slot_that_stands_idle_is_found()
    {
        Accept(Rules.Refused, User, 1, new QueueStamp(1, 1));

        Found("no slot stands idle while a job may start");
    }

    [Fact]
    public void A_place_that_nothing_explains_is_found()
    {
        Accept(Rules.Refused, User, 5);
        Accept(Rules.Refused, UserId.Account("bob"), 4);

        Found("who enters the line arrives last, or at the time asked for");
    }

    JobSequence Accept(JobKind kind, UserId user, int second, QueueStamp? stamp = null)
    {
        var sequence = new JobSequence(++_sequence);
        var job = new JobRecord
        {
            Sequence = sequence, Id = JobId.New(At(second)), User = user, Kind = kind, State = JobState.Pending, Place = 0,
            AcceptedAt = At(second), LineKey = new(LineKey.Microseconds(At(second)), sequence), FileName = "a.bib",
            FileSize = Rules.SmallBytesMax + 1,
        };
        Store(new StoreWrite([new Change.Accept(job, null, [])], stamp));
        return sequence;
    }

    void Store(Change change) => Store(new StoreWrite([change]));

    void Store(StoreWrite write) => _ledger.Settle(_ledger.Expect(write), isStored: true);

    void Found(string rule) => Assert.Contains(_ledger.Violations, violation => violation.StartsWith(rule, StringComparison.Ordinal));

    static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);
}
