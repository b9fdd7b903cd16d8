using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Hosting.InProcess;
using NextUp.Storage.Files;
using NextUp.Storage.Sql;

namespace NextUp.Bench.Queue;

/// <summary>The real host on the real store, in a folder of its own, with work that does nothing or waits a given time.</summary>
sealed class BenchHost : IAsyncDisposable
{
    static readonly byte[] Upload = "@article{a}"u8.ToArray();
    readonly string _folder;

    public BenchHost(string? folder, int slots, int? activePerUserMax, TimeSpan work, bool paused = false, IJobRunner? runner = null)
    {
        _folder = folder ?? Directory.CreateTempSubdirectory("nextup-bench-").FullName;
        var files = new FolderFileStore(Path.Combine(_folder, "files"), TimeProvider.System);
        Store = BenchStore.Open(_folder, files);
        Probe = new(work, activePerUserMax);
        Settings = new() { Slots = slots, Paused = paused };
        var policy = new KindPolicy
        {
            Kind = ProbeProcessor.ProbeKind, WhenBusy = WhenBusy.Hold, ActivePerUserMax = activePerUserMax, HeldPerUserMax = int.MaxValue,
        };
        var processors = new Dictionary<JobKind, IJobProcessor> { [Probe.Kind] = Probe };
        runner ??= new JobRunner(Store, files, processors, Path.Combine(_folder, "work"), TimeProvider.System);
        var environment = new ActorEnvironment(
            TimeProvider.System, new SharedRandom(1), (actor, error) => Console.Error.WriteLine($"{actor}: {error}"));
        Host = new(Store, new([policy]), Settings, runner, environment);
    }

    public SqlStore Store { get; }

    public ProbeProcessor Probe { get; }

    public InProcessHost Host { get; }

    public QueueSettings Settings { get; }

    public static Submission Submission() => new(
        JobId.New(TimeProvider.System.GetUtcNow()), ProbeProcessor.ProbeKind,
        new(FileRole.Original, "a.bib", "application/x-bibtex", Upload.Length, "", Upload, null), null, null, null);

    /// <summary>Submits with many callers at once, so that submissions share commits.</summary>
    public Task SubmitAsync(IEnumerable<UserId> users) =>
        Parallel.ForEachAsync(users, new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (user, _) =>
        {
            var answer = await Host.User(user).SubmitAsync(Submission());
            if (answer is not SubmitAnswer.Accepted)
                throw new InvalidOperationException($"A submission was answered {answer}.");
        });

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync(TimeSpan.FromSeconds(5));
        Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
