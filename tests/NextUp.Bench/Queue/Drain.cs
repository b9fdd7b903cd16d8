using System.Diagnostics;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Bench.Queue;

/// <summary>
/// Jobs that wait are worked off as fast as the queue can: every start and every end is a durable change. "One per user"
/// holds all but one of each user's jobs back; "plain" has no limit. The order is read back from the store's own events.
/// </summary>
static class Drain
{
    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var jobs = Arguments.Int(arguments, "jobs", 100_000);
        var rounds = Arguments.Int(arguments, "rounds", 3);
        await OneAsync(1, 500, 20, jobs / 2); // Until the code is compiled for good.
        await output.WriteLineAsync("mode            users    slots      jobs     jobs/s   cpu us/job   over limit   out of order");
        foreach (var (users, slots) in Shapes(arguments))
        {
            List<Outcome> plain = [], limited = [];
            for (var round = 0; round < rounds; round++)
            {
                plain.Add(await OneAsync(null, users, slots, jobs));
                limited.Add(await OneAsync(1, users, slots, jobs));
            }

            await output.WriteLineAsync($"{"plain",-14} {users,7} {slots,8} {jobs,9} {Outcome.Line(plain)}");
            await output.WriteLineAsync($"{"one per user",-14} {users,7} {slots,8} {jobs,9} {Outcome.Line(limited)}");
        }
    }

    /// <summary>All shapes, or the one that <c>users=</c> and <c>slots=</c> name.</summary>
    static (int Users, int Slots)[] Shapes(string[] arguments) => Arguments.Int(arguments, "users", 0) is > 0 and var users
        ? [(users, Arguments.Int(arguments, "slots", 20))]
        : [(500, 20), (500, 200), (20, 20), (5_000, 20), (100_000, 20), (100_000, 200)];

    static async Task<Outcome> OneAsync(int? activePerUserMax, int users, int slots, int jobs)
    {
        await using var bench = new BenchHost(null, slots, activePerUserMax, TimeSpan.Zero, paused: true);
        var order = new OrderCheck();
        bench.Store.Happened += order.See;
        await bench.Host.StartAsync();
        var ids = Enumerable.Range(0, users).Select(i => UserId.Account($"user-{i}")).ToArray();
        await bench.SubmitAsync(Enumerable.Range(0, jobs).Select(i => ids[i % users]));

        var done = bench.Probe.After(jobs);
        var watch = Stopwatch.StartNew();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        await bench.Host.Queue.ConfigureAsync(bench.Settings with { Paused = false });
        await done;
        while ((await bench.Store.CountsAsync(TimeProvider.System.GetUtcNow())).Completed < jobs)
            await Task.Yield();
        var rate = jobs / watch.Elapsed.TotalSeconds;
        var spent = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMicroseconds / jobs;
        return new(rate, spent, bench.Probe.LimitBreaks, order.Breaks);
    }

    /// <param name="Rate">Jobs a second.</param>
    /// <param name="Spent">Microseconds of processor a job, spinning threads included.</param>
    sealed record Outcome(double Rate, double Spent, int LimitBreaks, int OrderBreaks)
    {
        /// <summary>The round in the middle by rate, and the breaks of all.</summary>
        public static string Line(IReadOnlyList<Outcome> rounds)
        {
            var middle = rounds.OrderBy(round => round.Rate).ElementAt(rounds.Count / 2);
            return $"{middle.Rate,10:N0} {middle.Spent,12:N1} {rounds.Sum(round => round.LimitBreaks),12} "
                + $"{rounds.Sum(round => round.OrderBreaks),14}";
        }
    }

    /// <summary>Within one user jobs start in the order they were accepted, as the store's events tell it.</summary>
    sealed class OrderCheck
    {
        readonly Dictionary<JobId, int> _accepted = [];
        readonly Dictionary<UserId, int> _last = [];

        public int Breaks { get; private set; }

        public void See(IReadOnlyList<JobEvent> events)
        {
            foreach (var happened in events)
            {
                if (happened.Type is JobEventType.Queued or JobEventType.Held)
                    _accepted.TryAdd(happened.Job, _accepted.Count);
                if (happened.Type != JobEventType.Started)
                    continue;
                var accepted = _accepted[happened.Job];
                if (_last.TryGetValue(happened.User, out var last) && last > accepted)
                    Breaks++;
                _last[happened.User] = accepted;
            }
        }
    }
}
