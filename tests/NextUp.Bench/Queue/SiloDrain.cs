#if ORLEANS
using System.Diagnostics;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Hosting.InProcess;
using NextUp.Orleans.Cluster;
using NextUp.OrleansTests.Silos;
using NextUp.Storage.Files;
using NextUp.Storage.Postgres;
using NextUp.StorageTests.Postgres;

namespace NextUp.Bench.Queue;

/// <summary>
/// The drain on one silo and on several that share a PostgreSQL, all on this machine: jobs are submitted to all of them and
/// worked off by all of them.
/// </summary>
static class SiloDrain
{
    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var (jobs, users) = (Arguments.Int(arguments, "jobs", 20_000), Arguments.Int(arguments, "users", 500));
        var (slots, rounds) = (Arguments.Int(arguments, "slots", 60), Arguments.Int(arguments, "rounds", 5));
        using var postgres = PostgresServer.Start();
        int[] shapes = [1, Arguments.Int(arguments, "silos", 3)];
        var runs = shapes.ToDictionary(silos => silos, _ => new List<Run>());

        // In turns, now this one first and now that, as the machine may be slower at one time than at another, and the database
        // tidies up after whoever was before. The first of each is until the code, of which several silos have more, is compiled
        // for good.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var silos in round % 2 == 0 ? shapes : shapes.Reverse())
            {
                var run = await OneAsync(postgres.Connection($"drain_{silos}_{round}"), silos, users, slots, jobs);
                if (round > 0)
                    runs[silos].Add(run);
            }
        }

        await output.WriteLineAsync("silos    users    slots      jobs     jobs/s   cpu us/job   over limit");
        foreach (var silos in shapes)
        {
            var middle = runs[silos].OrderBy(run => run.Rate).ElementAt(rounds / 2);
            await output.WriteLineAsync(
                $"{silos,5} {users,8} {slots,8} {jobs,9} {middle.Rate,10:N0} {middle.Spent,12:N1} "
                + $"{runs[silos].Sum(run => run.LimitBreaks),12}");
        }
    }

    /// <param name="Rate">Jobs a second.</param>
    /// <param name="Spent">Microseconds of this process's processor a job, the database's aside.</param>
    readonly record struct Run(double Rate, double Spent, int LimitBreaks);

    static async Task<Run> OneAsync(string connection, int silos, int users, int slots, int jobs)
    {
        var probe = new ProbeProcessor(TimeSpan.Zero, activePerUserMax: 1);
        var settings = new QueueSettings { Slots = slots, Paused = true };
        var cluster = new List<(MemberStore Store, SiloHost Host)>();
        try
        {
            for (var number = 0; number < silos; number++)
                cluster.Add(await JoinAsync(connection, probe, settings, isFirst: number == 0));
            var ids = Enumerable.Range(0, users).Select(user => UserId.Account($"user-{user}")).ToArray();
            await Parallel.ForEachAsync(Enumerable.Range(0, jobs), new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (job, _) =>
            {
                if (await cluster[job % silos].Host.User(ids[job % users]).SubmitAsync(BenchHost.Submission()) is not SubmitAnswer.Accepted)
                    throw new InvalidOperationException("A submission was refused.");
            });

            var watch = Stopwatch.StartNew();
            var processor = Process.GetCurrentProcess().TotalProcessorTime;
            await cluster[0].Host.Queue.ConfigureAsync(settings with { Paused = false });
            while ((await cluster[0].Store.CountsAsync(TimeProvider.System.GetUtcNow())).Completed < jobs)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            var spent = Process.GetCurrentProcess().TotalProcessorTime - processor;
            return new(jobs / watch.Elapsed.TotalSeconds, spent.TotalMicroseconds / jobs, probe.LimitBreaks);
        }
        finally
        {
            foreach (var (store, host) in Enumerable.Reverse(cluster))
            {
                await host.StopAsync(TimeSpan.FromSeconds(5));
                await host.DisposeAsync();
                store.Dispose();
            }
        }
    }

    static async Task<(MemberStore Store, SiloHost Host)> JoinAsync(
        string connection, ProbeProcessor probe, QueueSettings settings, bool isFirst)
    {
        var options = new PostgresStoreOptions { Connection = connection };
        var store = MemberStore.Open(options);
        var files = new PostgresFileStore(options);
        var policy = new KindPolicy
        {
            Kind = ProbeProcessor.ProbeKind, WhenBusy = WhenBusy.Hold, ActivePerUserMax = 1, HeldPerUserMax = int.MaxValue,
        };
        var runner = new JobRunner(
            store, files, new Dictionary<JobKind, IJobProcessor> { [probe.Kind] = probe }, Path.GetTempPath(), TimeProvider.System);
        var environment = new ActorEnvironment(
            TimeProvider.System, new SharedRandom(1), (actor, error) => Console.Error.WriteLine($"{actor}: {error.Message}"));
        var host = new SiloHost(
            new SiloOptions { ClusterId = "bench", SiloPort = SiloPorts.Next(), Connection = connection }, store, new([policy]),
            settings, runner, environment, new CleanupSettings());
        await host.StartAsync();
        var owned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Owned += owned.SetResult;
        store.Join(host.Silo);
        if (isFirst)
            await owned.Task;
        await host.Queue.StatusAsync();
        return (store, host);
    }
}
#endif
