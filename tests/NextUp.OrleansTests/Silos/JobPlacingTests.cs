using System.Net;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Orleans.Cluster;

namespace NextUp.OrleansTests.Silos;

/// <summary>Where attempts begin.</summary>
public sealed class JobPlacingTests
{
    static readonly SiloAddress[] Silos = [.. Enumerable.Range(1, 4).Select(port => SiloAddress.New(IPAddress.Loopback, port, 1))];

    readonly JobPlacing _placing = new();

    int RunningOn(SiloAddress silo) => _placing.Counts().GetValueOrDefault(silo);

    void End(JobId job) => _placing.Happened([new(UserId.Account("ann"), 1, default, JobEventType.Completed, job, 1, null)]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_silo_that_takes_work_has_more_than_its_share_and_a_home_at_most_so_much_more(int seed)
    {
        var random = new Random(seed);
        var running = new List<JobId>();
        var gone = new HashSet<SiloAddress>();
        var ahead = 0;
        for (var step = 0; step < 5_000; step++)
        {
            if (step is 2_000 or 3_000)
            {
                gone.Add(Silos[step / 1_000]);
                _placing.Leave(Silos[step / 1_000]);
            }

            if (running.Count > 0 && random.Next(9) < 4)
            {
                var ended = running[random.Next(running.Count)];
                running.Remove(ended);
                End(ended);
                continue;
            }

            var job = JobId.New(DateTimeOffset.UnixEpoch.AddSeconds(step));
            var home = random.Next(3) == 0 ? null : Silos[random.Next(Silos.Length)];
            var taking = Silos.Where(silo => !gone.Contains(silo)).ToArray();
            var before = taking.ToDictionary(silo => silo, RunningOn);

            var chosen = _placing.Choose(job, Silos, home)!;

            running.Add(job);
            Assert.DoesNotContain(chosen, gone);
            Assert.Equal(before[chosen] + 1, RunningOn(chosen));
            Assert.Equal(running.Count, _placing.Counts().Values.Sum());
            var fewest = before.Values.Min();
            if (home is not null && taking.Contains(home) && before[home] < fewest + JobPlacing.AheadMax)
                Assert.Equal(home, chosen);
            else
                Assert.Equal(fewest, before[chosen]);
            ahead = Math.Max(ahead, before[chosen] + 1 - fewest);
        }

        Assert.InRange(ahead, 2, JobPlacing.AheadMax);
    }

    [Fact]
    public void A_home_takes_as_many_as_it_may_be_ahead_and_the_next_begins_elsewhere()
    {
        for (var i = 0; i < JobPlacing.AheadMax; i++)
            Assert.Equal(Silos[1], _placing.Choose(JobId.New(DateTimeOffset.UnixEpoch), Silos, Silos[1]));

        Assert.NotEqual(Silos[1], _placing.Choose(JobId.New(DateTimeOffset.UnixEpoch), Silos, Silos[1]));
    }

    [Fact]
    public void Where_all_silos_are_leaving_there_is_no_place_at_home_either()
    {
        Array.ForEach(Silos, _placing.Leave);

        Assert.Null(_placing.Choose(JobId.New(DateTimeOffset.UnixEpoch), Silos, Silos[0]));
    }
}
