using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>Thousands of writes from a seed, beside a model, with every question compared.</summary>
public abstract partial class JobStoreConformance
{
    const int RandomWritesMax = 4_000;
    const int GroupMax = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_written_the_store_holds_what_the_model_holds(int seed)
    {
        var random = new Random(seed);
        var writes = new RandomWrites(random, Steps);
        var model = StoreModel.Empty;
        var (written, refused) = (0, 0);
        while (written < RandomWritesMax)
        {
            if (random.Next(40) == 0)
                model = await ClaimAsync(model);

            // Several at once share a commit; the model takes them one by one, in the order of the calls.
            var group = new List<(Task<CommitAnswer> Answer, bool Fits)>();
            for (var count = random.Next(1, GroupMax); count > 0; count--)
            {
                var write = writes.Next(model);
                var after = model.After(write);
                group.Add((Store.CommitAsync(write), after is not null));
                model = after ?? model;
            }

            foreach (var (answer, fits) in group)
            {
                Assert.True(
                    await answer is CommitAnswer.Committed == fits, $"seed {seed}, write {written}: {await answer}");
            }


            written += group.Count;
            refused += group.Count(one => !one.Fits);
            if (random.Next(10) == 0)
                await CompareAsync(model, random);
        }

        Assert.InRange(refused, RandomWritesMax / 20, RandomWritesMax * 19 / 20);
        Assert.True(model.AdoptedBy.Count > 5, $"only {model.AdoptedBy.Count} visitors were adopted");
        await CompareAsync(model, random);
    }

    async Task<StoreModel> ClaimAsync(StoreModel model)
    {
        var claim = await Store.ClaimQueueAsync();
        Assert.True(claim.Epoch > model.Epoch);
        Assert.Equal(model.LastSequence, claim.LastSequence.Value);
        Assert.Equal(Open(model).Select(Arrival).Append(0).Max(), claim.LastLineAt);
        Assert.Equal(model.Capacity, claim.Steering.Capacity);
        Assert.Equal(model.Pauses.Values.ToHashSet(), claim.Steering.Pauses.ToHashSet());
        return model with { Epoch = claim.Epoch, Ordinal = 0 };
    }

    async Task CompareAsync(StoreModel model, Random random)
    {
        Assert.Equal(model.Counts(Steps.Now), await Store.CountsAsync(Steps.Now));
        Assert.Equal(
            Open(model).Where(job => !job.IsHeld).Select(Row), Store.ReadQueue().OrderBy(row => row.LineKey.Sequence));
        foreach (var job in model.Jobs.Values)
            await CompareAsync(model, job);
        foreach (var user in model.LastEvents.Keys)
            await CompareAsync(model, user, random);
        Assert.Equal(
            Open(model).Where(job => job.Origin is not null),
            (await Store.UnfinishedWithOriginAsync()).OrderBy(job => job.Sequence));

        var time = StoreSteps.Noon.AddSeconds(random.Next((int)(Steps.Now - StoreSteps.Noon).TotalSeconds));
        Assert.Equal(
            model.Jobs.Values.Where(job => job.EndedAt < time && job.SetAsideAt is null).Take(20),
            (await Store.FinishedBeforeAsync(time, default, 20)).Jobs);
        Assert.Equal(
            model.Jobs.Values.Reverse().Where(job => job.SetAsideAt is not null),
            (await Store.ListAllAsync(new JobChoice.SetAside(), null, 1_000)).Jobs);
        Assert.Equal(
            model.Jobs.Values.Reverse().Where(job => job.State == JobState.Failed).Take(5),
            (await Store.ListAllAsync(new JobChoice.In(JobState.Failed), null, 5)).Jobs);
        Assert.Equal(
            Open(model).Where(job => job.StartedAt < time),
            (await Store.UnfinishedBeforeAsync(JobState.Processing, time, 1_000)).OrderBy(job => job.Sequence));
        Assert.Equal(
            Open(model).Where(job => job.State == JobState.Pending && job.AcceptedAt < time),
            (await Store.UnfinishedBeforeAsync(JobState.Pending, time, 1_000)).OrderBy(job => job.Sequence));
        var left = Open(model).Where(held => held.IsHeld && !Open(model).Any(
            other => !other.IsHeld && other.User == held.User && other.Kind == held.Kind));
        Assert.Equal(
            left.Select(held => held.User).Distinct().OrderBy(user => user.Value),
            (await Store.UsersToPromoteAsync(100)).OrderBy(user => user.Value));
    }

    async Task CompareAsync(StoreModel model, JobRecord job)
    {
        Assert.Equal(job, await Store.FindAsync(job.User, job.Id));
        Assert.Equal(model.Events.Where(told => told.Job == job.Id), await Store.HistoryAsync(job));
        Assert.Equal(
            model.Logs.GetValueOrDefault(job.Sequence.Value, []), await Store.LogAsync(job.Sequence, 0, 10_000));
        foreach (var role in Enum.GetValues<FileRole>())
        {
            var expected = model.Files.GetValueOrDefault((job.Sequence.Value, role));
            var found = await Store.FindFileAsync(job.Sequence, role);
            Assert.Equal(expected?.Inline, found?.Inline);
            Assert.Equal(WithoutBytes(expected), WithoutBytes(found));
        }

        for (var part = 0; part < 2; part++)
        {
            Assert.Equal(
                model.Checkpoints.GetValueOrDefault((job.Sequence.Value, $"part-{part}")),
                await Store.LoadCheckpointAsync(job.Sequence, $"part-{part}"));
        }
    }

    async Task CompareAsync(StoreModel model, UserId user, Random random)
    {
        var last = model.LastEvents[user];
        var (after, limit) = (random.NextInt64(last + 1), random.Next(1, 30));
        var events = model.Events.Where(told => told.User == user && told.Number > after).ToList();
        Assert.Equal(last, await Store.LastEventNumberAsync(user));
        Assert.Equal(events, await Store.EventsAsync(user, after, int.MaxValue));
        Assert.Equal(events.Take(limit), await Store.EventsAsync(user, after, limit));

        var jobs = model.JobsOf(user).ToList();
        var before = new JobSequence(random.NextInt64(1, model.LastSequence + 2));
        Assert.Equal(jobs.Where(job => !job.State.IsFinished()).OrderBy(job => job.Sequence), await Store.LaneAsync(user));
        Assert.Equal(model.AdoptedBy.TryGetValue(user, out var account) ? account : (UserId?)null, await Store.AdoptedByAsync(user));
        var behind = jobs.Exists(job => job.Sequence == before)
            ? jobs.SkipWhile(job => job.Sequence != before).Skip(1)
            : jobs.Where(job => job.Sequence < before);
        Assert.Equal(
            behind.Take(limit), (await Store.ListAsync(user, null, before, limit)).Jobs);
        Assert.Equal(
            jobs.Where(job => job.State == JobState.Completed).Take(limit),
            (await Store.ListAsync(user, JobState.Completed, null, limit)).Jobs);
        foreach (var ((owner, key), id) in model.Keys.Where(key => key.Key.User == user))
            Assert.Equal(id, (await Store.FindByKeyAsync(owner, key))?.Id);
    }

    static StagedFile? WithoutBytes(StagedFile? file) => file is null ? null : file with { Inline = null };

    static IEnumerable<JobRecord> Open(StoreModel model) => model.Jobs.Values.Where(job => !job.State.IsFinished());

    static long Arrival(JobRecord job) => job is { Attempt: 0, NotBefore: not null }
        ? 0 : job.LineKey.At + LineKey.Microseconds(job.HeadStart);

    static QueueRow Row(JobRecord job) =>
        new(job.Id, job.Kind, job.LineKey, job.State, job.Attempt, job.NotBefore, job.StartedAt, job.HeadStart);
}
