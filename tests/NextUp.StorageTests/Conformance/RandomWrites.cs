using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>Makes writes, most of which fit and some of which do not, from a seed.</summary>
sealed class RandomWrites(Random random, StoreSteps steps)
{
    const int Users = 5;
    const int Surplus = Actors.Store.Change.Seat.SurplusFrom;

    public StoreWrite Next(StoreModel model)
    {
        var changes = new List<Change>();
        do
            changes.Add(Change(model));
        while (random.Next(3) == 0);

        QueueStamp? stamp = random.Next(4) switch
        {
            0 => new QueueStamp(model.Epoch, model.Ordinal + 1),
            1 when random.Next(5) == 0 => new QueueStamp(model.Epoch - random.Next(2), model.Ordinal + random.Next(3)),
            _ => null,
        };
        return new StoreWrite(changes, stamp);
    }

    Change Change(StoreModel model)
    {
        if (random.Next(30) == 0)
            return Steer();
        if (model.Jobs.Count == 0 || random.Next(4) == 0)
            return Accept(model);
        if (random.Next(40) == 0)
            return Adopt(model);

        // The newest are the likely ones to be open.
        var jobs = model.Jobs.Values.Where(job => !job.State.IsFinished() || random.Next(4) == 0).ToList();
        if (jobs.Count == 0)
            return Accept(model);

        var job = jobs[random.Next(jobs.Count)];
        var at = steps.Tick();
        var attempt = random.Next(10) == 0 ? random.Next(3) : job.Attempt;
        return job.State switch
        {
            _ when random.Next(20) == 0 => new Change.Delete(job.Sequence),
            JobState.Pending when job.IsHeld => random.Next(3) == 0
                ? End(job, null)
                : Join(job, at),
            JobState.Pending => random.Next(5) == 0
                ? End(job, null)
                : new Change.Start(job.Sequence, at, at.AddMinutes(1)),
            JobState.Processing => random.Next(8) switch
            {
                0 => new Change.Requeue(job.Sequence, attempt, attempt, at, at.AddSeconds(random.Next(60)), Text())
                {
                    Crashes = random.Next(2) == 0 ? null : random.Next(5),
                },
                1 or 2 => new Change.Report(job.Sequence, attempt, at, Progress(), [.. Lines()]),
                3 => new Change.Checkpoint(job.Sequence, attempt, $"part-{random.Next(2)}", Bytes()),
                _ => End(job, attempt),
            },
            _ => AfterEnd(job, at),
        };
    }

    Change AfterEnd(JobRecord job, DateTimeOffset at)
    {
        var headStart = HeadStart();
        var isHeld = random.Next(3) == 0;
        return random.Next(5) switch
        {
            4 => new Change.DropFiles(job.Sequence),
            0 => new Change.Delete(job.Sequence),
            1 => new Change.SetAside(job.Sequence, random.Next(3) == 0 ? null : at),
            _ => new Change.Reopen(
                job.Sequence, job.User, at, LineKey.Of(at, headStart, job.Sequence), headStart, isHeld ? null : Place(), isHeld, Text()),
        };
    }

    Change.Accept Accept(StoreModel model)
    {
        var kind = random.Next(3) == 0 ? StoreSteps.Exams : StoreSteps.Bibtex;
        var job = steps.NewJob($"user-{random.Next(Users)}", kind, Place(), isHeld: random.Next(4) == 0);
        if (random.Next(4) == 0)
            job = job with { User = Visitor(model), Origin = random.Next(2) == 0 ? null : random.NextInt64() };
        job = job with { Options = random.Next(2) == 0 ? null : Text(), Progress = Progress() };
        if (model.Jobs.Count > 0 && random.Next(50) == 0)
            job = job with { Id = model.Jobs.Values.First().Id };
        var key = random.Next(4) == 0 ? $"key-{random.Next(20)}" : null;
        IReadOnlyList<StagedFile> files = random.Next(2) == 0 ? [] : [File(FileRole.Original)];
        job = job with { Priority = random.Next(10), HeadStart = HeadStart(), NotBefore = Later() };
        return new Change.Accept(job, key, files) { Reason = random.Next(3) == 0 ? Text() : null };
    }

    Change.Adopt Adopt(StoreModel model)
    {
        var (visitor, account) = (Visitor(model), StoreSteps.User($"user-{random.Next(Users)}"));
        if (random.Next(10) == 0 && model.AdoptedBy.Count > 0)
            visitor = model.AdoptedBy.Keys.MinBy(adopted => adopted.Value, StringComparer.Ordinal);
        var taken = model.Jobs.Values.Where(job => job.User == account && job.Place is not null)
            .Select(job => (job.Kind, job.Place!.Value)).ToHashSet();
        var seats = new List<Change.Seat>();
        foreach (var job in model.Jobs.Values.Where(job => !job.State.IsFinished()))
        {
            var isLeftOut = random.Next(30) == 0;
            if (job.User == account && job.Place >= Surplus && random.Next(3) == 0)
            {
                seats.Add(new(job.Sequence, IsHeld: false, Enumerable.Range(0, 100).First(place => taken.Add((job.Kind, place)))));
            }
            else if (job.User == account && job is { State: JobState.Pending, IsHeld: false } && random.Next(3) == 0)
            {
                seats.Add(new(job.Sequence, IsHeld: true, null));
                taken.Remove((job.Kind, job.Place ?? -1));
            }
            else if (job.User == visitor && !isLeftOut)
            {
                var isHeld = job.IsHeld || (job.State == JobState.Pending && random.Next(2) == 0) || random.Next(40) == 0;
                int? place = isHeld || job.Place is null ? null
                    : random.Next(20) == 0 ? 0
                    : Enumerable.Range(random.Next(2) == 0 ? 0 : Surplus, 100)
                        .First(place => taken.Add((job.Kind, place)));
                seats.Add(new(job.Sequence, isHeld, place) { WasHeld = job.IsHeld != (random.Next(40) == 0) });
            }
        }

        return new Change.Adopt(visitor, account, steps.Tick(), seats);
    }

    /// <summary>One of the few that are likely not to have been adopted.</summary>
    UserId Visitor(StoreModel model) => UserId.Visitor($"v{model.AdoptedBy.Count + random.Next(2)}");

    Change.Join Join(JobRecord job, DateTimeOffset at)
    {
        var headStart = HeadStart();
        return new(job.Sequence, at, LineKey.Of(at, headStart, job.Sequence), Place())
        {
            HeadStart = headStart, NotBefore = Later(), Reason = random.Next(3) == 0 ? Text() : null,
        };
    }

    Change Steer()
    {
        PauseTarget target = random.Next(3) switch
        {
            0 => new PauseTarget.Everything(),
            1 => new PauseTarget.OfKind(StoreSteps.Exams),
            _ => new PauseTarget.OfUser(StoreSteps.User($"user-{random.Next(Users)}")),
        };
        var at = steps.Tick();
        return random.Next(3) switch
        {
            0 => new Change.SetPause(new(target, random.Next(2) == 0 ? null : Text(), "op", at)),
            1 => new Change.EndPause(target, "op", at),
            _ => new Change.SetCapacity(random.Next(2) == 0 ? null : random.Next(1, 50), "op", at),
        };
    }

    DateTimeOffset? Later() => random.Next(4) == 0 ? steps.Now.AddSeconds(random.Next(60)) : null;

    Change.End End(JobRecord job, int? attempt)
    {
        var to = (JobState)random.Next((int)JobState.Completed, (int)JobState.Cancelled + 1);
        var role = random.Next(10) == 0 ? FileRole.Original : FileRole.Result;
        IReadOnlyList<StagedFile> files = to == JobState.Completed
            ? [File(role), StoreSteps.File(FileRole.Report, 20, random.Next(3) == 0 ? "1.bin" : null)]
            : [];
        var (error, summary) = (random.Next(2) == 0 ? null : Text(), random.Next(2) == 0 ? null : "{}");
        var isHeld = random.Next(10) == 0 ? !job.IsHeld : job.IsHeld;
        return new Change.End(job.Sequence, attempt, to, steps.Tick(), error, summary, files, isHeld)
        {
            IsSetAside = to == JobState.Failed && random.Next(3) == 0,
            Crashes = random.Next(3) == 0 ? random.Next(5) : null,
        };
    }

    int? Place() => random.Next(4) switch { 0 => null, 1 => 1, _ => 0 };

    TimeSpan HeadStart() => TimeSpan.FromSeconds(random.Next(9));

    StagedFile File(FileRole role) => StoreSteps.File(role, random.Next(500));

    JobProgress Progress() =>
        new(random.Next(9), random.Next(2) == 0 ? null : 9, random.Next(3), random.Next(101), Text());

    string Text() => new('é', random.Next(1, 300));

    byte[] Bytes()
    {
        var bytes = new byte[random.Next(2_000)];
        random.NextBytes(bytes);
        return bytes;
    }

    IEnumerable<string> Lines() => Enumerable.Range(0, random.Next(4)).Select(_ => Text());
}
