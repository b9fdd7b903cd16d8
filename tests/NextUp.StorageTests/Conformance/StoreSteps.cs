using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>
/// The steps of jobs' lives on a store under test, with a clock of its own that goes on one second a step.
/// </summary>
public sealed class StoreSteps(IJobStore store)
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    public static readonly JobKind Bibtex = new("bibtex");
    public static readonly JobKind Exams = new("exams");

    long lastSequence;
    int steps;

    public IJobStore Store => store;

    public DateTimeOffset Now => Noon.AddSeconds(steps);

    public static UserId User(string name) => UserId.Account(name);

    public static StagedFile File(FileRole role, int bytes = 100, string? path = null) => new(
        role, $"{role}.bib", "application/x-bibtex", bytes, new string('a', 64),
        path is null ? [.. Enumerable.Range(0, bytes).Select(i => (byte)i)] : null, path);

    public DateTimeOffset Tick() => Noon.AddSeconds(++steps);

    public JobRecord NewJob(string user, JobKind? kind = null, int? place = 0, bool isHeld = false)
    {
        var at = Tick();
        var sequence = new JobSequence(++lastSequence);
        return new JobRecord
        {
            Sequence = sequence,
            Id = JobId.New(at),
            User = User(user),
            Kind = kind ?? Bibtex,
            State = JobState.Pending,
            IsHeld = isHeld,
            Place = isHeld ? null : place,
            AcceptedAt = at,
            LineKey = LineKey.Of(at, TimeSpan.Zero, sequence),
            FileName = $"references-{sequence}.bib",
            FileSize = 100,
        };
    }

    public Task<CommitAnswer> TryAsync(params Change[] changes) => store.CommitAsync(new StoreWrite(changes));

    public async Task<CommitAnswer.Committed> CommitAsync(params Change[] changes) =>
        Assert.IsType<CommitAnswer.Committed>(await TryAsync(changes));

    public async Task<CommitAnswer.Conflict> ConflictAsync(params Change[] changes)
    {
        var conflict = Assert.IsType<CommitAnswer.Conflict>(await TryAsync(changes));
        Assert.NotEmpty(conflict.Reason);
        return conflict;
    }

    public async Task<JobRecord> AcceptAsync(string user, JobKind? kind = null, int? place = 0, string? key = null)
    {
        var job = NewJob(user, kind, place);
        await CommitAsync(new Change.Accept(job, key, [File(FileRole.Original)]));
        return job;
    }

    public async Task<JobRecord> HoldAsync(string user, JobKind? kind = null)
    {
        var job = NewJob(user, kind, isHeld: true);
        await CommitAsync(new Change.Accept(job, null, [File(FileRole.Original)]));
        return job;
    }

    public Change.Start Start(JobRecord job)
    {
        var at = Tick();
        return new Change.Start(job.Sequence, at, at.AddMinutes(10));
    }

    public Change.End End(
        JobRecord job, JobState to = JobState.Completed, int? attempt = 1, string? error = null) => new(
        job.Sequence, attempt, to, Tick(), error, to == JobState.Completed ? "{\"entries\":3}" : null,
        to == JobState.Completed ? [File(FileRole.Result)] : []);

    public async Task<JobRecord> StartAsync(JobRecord job) => Assert.Single((await CommitAsync(Start(job))).Started);

    public async Task<JobRecord> RunningAsync(string user, JobKind? kind = null, int? place = 0) =>
        await StartAsync(await AcceptAsync(user, kind, place));

    public async Task<JobRecord> FinishedAsync(string user, JobState to = JobState.Completed, int place = 0)
    {
        var job = await RunningAsync(user, place: place);
        await CommitAsync(End(job, to, error: to == JobState.Completed ? null : "It broke."));
        return await FindAsync(job);
    }

    public async Task<JobRecord> FindAsync(JobRecord job)
    {
        var found = await store.FindAsync(job.Id);
        Assert.NotNull(found);
        return found;
    }

    public async Task<IReadOnlyList<JobEvent>> EventsAsync(string user, long after = 0, int limit = 1_000) =>
        await store.EventsAsync(User(user), after, limit);
}
