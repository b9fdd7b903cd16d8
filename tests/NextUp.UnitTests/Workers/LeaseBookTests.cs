using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;

namespace NextUp.UnitTests.Workers;

public sealed class LeaseBookTests
{
    static readonly TimeSpan Term = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    static readonly Lease One = new(WorkerId.Of("crew", "one"), 1);
    readonly LeaseBook _book = new(Term);
    DateTimeOffset _now = DateTimeOffset.UnixEpoch;
    int _jobs;

    JobRecord Job(Lease lease, int attempt = 1)
    {
        var number = ++_jobs;
        return new()
        {
            Sequence = new(number), Id = new(new Guid(number, 0, 0, new byte[8])), User = UserId.Account("u"), Kind = new("k"),
            State = JobState.Processing, AcceptedAt = default, LineKey = new LineKey(number, new(number)), FileName = "f", FileSize = 1,
            Attempt = attempt, Lease = lease,
        };
    }

    /// <summary>Looks every second, as a process that is awake does, and answers what ran out on the way.</summary>
    List<JobRecord> Pass(TimeSpan span)
    {
        List<JobRecord> lost = [];
        for (var until = _now + span; _now < until;)
        {
            _now += Step;
            lost.AddRange(_book.RunOut(_now));
        }

        return lost;
    }

    [Fact]
    public void A_silent_worker_keeps_its_attempt_for_a_term_and_not_longer()
    {
        var job = Job(One);
        Assert.True(_book.Hold(job, _now));

        Assert.Empty(Pass(Term - Step));
        Assert.Equal([job], Pass(Step));
    }

    [Fact]
    public void Each_word_about_an_attempt_begins_its_term_anew_and_that_of_no_other()
    {
        var (heard, silent) = (Job(One), Job(One));
        _book.Hold(heard, _now);
        _book.Hold(silent, _now);
        Pass(Term / 2);

        Assert.True(_book.Renew(heard.Id, 1, _now));
        Assert.False(_book.Renew(silent.Id, 2, _now));

        Assert.Equal([silent], Pass(Term / 2));
    }

    [Fact]
    public void A_new_incarnation_loses_what_older_ones_had_and_an_older_one_is_not_heard_any_more()
    {
        var job = Job(One);
        _book.Hear(One, _now);
        _book.Hold(job, _now);

        Assert.Equal([job], _book.Hear(One with { Incarnation = 2 }, _now)!);
        Assert.Null(_book.Hear(One, _now));
        Assert.False(_book.Hold(Job(One), _now));
        Assert.True(_book.Hold(Job(One with { Incarnation = 2 }), _now));
    }

    [Fact]
    public void A_process_that_was_away_itself_judges_nobody_by_that_time()
    {
        var job = Job(One);
        _book.Hold(job, _now);
        Pass(Term / 2);

        _now += TimeSpan.FromHours(1);
        Assert.Empty(_book.RunOut(_now));
        Assert.Empty(Pass(Term / 2 - Step));
        Assert.Equal([job], Pass(Step));
    }

    [Fact]
    public void What_a_worker_was_given_and_does_not_have_is_known_of_this_incarnation_only()
    {
        var (older, has, missed) = (Job(One), Job(One with { Incarnation = 2 }), Job(One with { Incarnation = 2 }));
        foreach (var job in (JobRecord[])[older, has, missed])
            _book.Hold(job, _now);

        Assert.Equal([missed], _book.Missed(One with { Incarnation = 2 }, (job, _) => job == has.Id));
        _book.Release(missed.Id, 2);
        Assert.Equal([missed], _book.Missed(One with { Incarnation = 2 }, (job, _) => job == has.Id));
        _book.Release(missed.Id, 1);
        Assert.Empty(_book.Missed(One with { Incarnation = 2 }, (job, _) => job == has.Id));
    }

    [Fact]
    public void A_worker_that_has_nothing_and_is_not_seen_is_forgotten()
    {
        _book.Hear(One, _now);
        _book.Hold(Job(new(WorkerId.Of("crew", "two"), 1)), _now);

        Pass(2 * Term + Step);

        Assert.DoesNotContain(_book.Workers(_now), seated => seated.Worker == One.Worker);
    }

    [Theory]
    [InlineData("w", true)]
    [InlineData("box-1.example_2", true)]
    [InlineData("", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData(null, false)]
    public void A_workers_name_has_letters_digits_dots_dashes_and_underscores(string? name, bool isName) =>
        Assert.Equal(isName, WorkerId.IsName(name));

    [Fact]
    public void A_workers_name_ends_at_its_limit_and_belongs_to_the_account_whose_token_it_shows()
    {
        Assert.True(WorkerId.IsName(new string('a', WorkerId.NameLengthMax)));
        Assert.False(WorkerId.IsName(new string('a', WorkerId.NameLengthMax + 1)));
        Assert.True(WorkerId.Of("a/b", "c").IsOf("a/b"));
        Assert.False(WorkerId.Of("a/b", "c").IsOf("a"));
    }

    [Fact]
    public void A_worker_is_listed_with_what_it_asked_for_and_holds_until_it_is_silent_for_two_terms()
    {
        _book.Hear(One, _now, [new("k")]);
        var job = Job(One);
        _book.Hold(job, _now);
        Pass(Term / 2);
        _book.Renew(job.Id, 1, _now);

        var worker = Assert.Single(_book.Workers(_now));
        Assert.Equal(("one", "crew", "k"), (worker.Worker.Name, worker.Worker.Account, Assert.Single(worker.Kinds).Value));
        Assert.Equal((job, (DateTimeOffset?)_now), (Assert.Single(worker.Holds), worker.HeardAt));

        _book.Release(job.Id, 1);
        var two = DateTimeOffset.UnixEpoch + (2 * Term);
        Assert.Single(_book.Workers(two));
        Assert.Empty(_book.Workers(two + Step));
    }

    [Fact]
    public void A_worker_that_has_not_spoken_to_this_process_is_listed_as_unheard_with_what_the_store_says_it_holds()
    {
        _book.Hold(Job(One), _now);

        Assert.Null(Assert.Single(_book.Workers(_now)).HeardAt);
    }
}
