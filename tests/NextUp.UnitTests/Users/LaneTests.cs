using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.UnitTests.Users;

public sealed class LaneTests
{
    static readonly KindPolicy Policy = new() { Kind = new("a"), WhenBusy = WhenBusy.Hold, HeldPerUserMax = 3 };
    int _jobs;

    JobRecord Job(bool isHeld = false, int? place = null) => new()
    {
        Sequence = new(++_jobs), Id = new(new Guid(_jobs, 0, 0, new byte[8])), User = UserId.Account("ann"), Kind = Policy.Kind,
        State = JobState.Pending, IsHeld = isHeld, Place = place, AcceptedAt = DateTimeOffset.UnixEpoch, LineKey = default,
        FileName = "a.bib", FileSize = 1,
    };

    [Fact]
    public void A_held_job_that_is_being_cancelled_is_not_the_one_that_follows()
    {
        var lane = new Lane(Policy);
        var (active, first, second) = (Job(place: 0), Job(isHeld: true), Job(isHeld: true));
        foreach (var job in new[] { active, first, second })
            lane.Load(job);

        Assert.Null(lane.Leave(first));

        Assert.Equal(second.Id, lane.Leave(active)!.Id);
    }

    [Fact]
    public void A_follower_takes_the_place_of_the_one_that_leaves()
    {
        var lane = new Lane(Policy with { ActivePerUserMax = 2 });
        var (zero, one, held) = (Job(place: 0), Job(place: 1), Job(isHeld: true));
        foreach (var job in new[] { zero, one, held })
            lane.Load(job);

        var follower = lane.Leave(one)!;
        lane.Left(one, follower);

        Assert.Equal((1, false), (follower.Place, follower.IsHeld));
        Assert.Equal([zero.Id, held.Id], lane.Active.Select(job => job.Id));
    }

    [Fact]
    public void A_job_that_stays_after_all_gives_its_promise_back()
    {
        var lane = new Lane(Policy);
        var (active, held) = (Job(place: 0), Job(isHeld: true));
        lane.Load(active);
        lane.Load(held);

        lane.Stay(active, lane.Leave(active));

        Assert.Equal(1, lane.HeldCount);
        Assert.Equal(held.Id, lane.Leave(active)!.Id);
    }

    [Fact]
    public void A_newcomer_never_slips_in_before_the_held()
    {
        var lane = new Lane(Policy);
        lane.Load(Job(isHeld: true));

        Assert.True(lane.HasStranded);
        Assert.IsType<LaneAnswer.Hold>(lane.Decide(null));
    }

    [Fact]
    public void Places_are_never_given_twice_and_the_limits_hold_at_every_random_step()
    {
        for (var seed = 1; seed <= 200; seed++)
            RunRandomly(new Random(seed), seed);
    }

    [Fact]
    public void A_limit_that_changes_at_any_step_is_never_passed_by_whoever_enters_and_no_place_is_filled_twice()
    {
        for (var seed = 1; seed <= 500; seed++)
            RunRandomly(new Random(seed), seed, changes: true);
    }

    void RunRandomly(Random random, int seed, bool changes = false)
    {
        int? max = 1 + random.Next(3);
        var past = 0;
        List<(JobRecord Job, JobRecord? Follower)> leavings = [];
        var lane = new Lane(() => Policy with { ActivePerUserMax = max });
        List<(LaneAnswer Answer, JobRecord Job)> underWay = [];
        for (var step = 0; step < 300; step++)
        {
            var before = lane.Active.Count;
            switch (random.Next(changes ? 7 : 4))
            {
                case 4:
                    max = random.Next(4) is > 0 and var limit ? limit : null;
                    past = max is { } now ? Math.Max(now, lane.Active.Count + underWay.Count) : int.MaxValue;
                    break;
                case 5 when lane.Active.FirstOrDefault(active => !leavings.Exists(one => one.Job == active)) is { } next:
                    leavings.Add((next, lane.Leave(next)));
                    break;
                case 6 when leavings.Count > 0:
                    var (ending, behind) = leavings[0];
                    leavings.RemoveAt(0);
                    lane.Left(ending, behind);
                    break;
                case 0:
                    var answer = lane.Decide(random.Next(3) == 0 ? WhenBusy.Refuse : null);
                    if (answer is not (LaneAnswer.Enter or LaneAnswer.Hold))
                        break;
                    lane.Reserve(answer);
                    underWay.Add((answer, Job(answer is LaneAnswer.Hold, (answer as LaneAnswer.Enter)?.Place)));
                    break;
                case 1 when underWay.Count > 0:
                    var (decided, job) = underWay[0];
                    underWay.RemoveAt(0);
                    lane.Settle(decided, random.Next(5) == 0 ? null : job);
                    break;
                case 2 when lane.Active.Count > leavings.Count:
                    var leaving = lane.Active.First(active => !leavings.Exists(one => one.Job == active));
                    var follower = lane.Leave(leaving);
                    if (random.Next(4) == 0)
                        lane.Stay(leaving, follower);
                    else
                        lane.Left(leaving, follower);
                    break;
                case 3:
                    lane.Promote();
                    break;
            }

            var places = lane.Active.Select(active => active.Place).Where(place => place is not null).ToList();
            Assert.True(places.Count == places.Distinct().Count(), $"a place is filled twice: seed {seed}, step {step}");
            Assert.True(
                changes || lane.Active.All(job => job.Place is >= 0 && job.Place < max),
                $"a place is past the limit: seed {seed}, step {step}");
            Assert.True(
                lane.Active.Count <= Math.Max(before, Math.Max(past, max ?? int.MaxValue)),
                $"{lane.Active.Count} are active: seed {seed}, step {step}");
            Assert.True(lane.HeldCount <= Policy.HeldPerUserMax, $"too many are held: seed {seed}, step {step}");
        }
    }
}
