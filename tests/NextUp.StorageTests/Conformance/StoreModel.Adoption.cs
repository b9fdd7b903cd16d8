using System.Collections.Immutable;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>A visitor's jobs become an account's.</summary>
public sealed partial record StoreModel
{
    public ImmutableDictionary<UserId, UserId> AdoptedBy { get; init; } = ImmutableDictionary<UserId, UserId>.Empty;

    /// <summary>The user's jobs, those that became theirs last first.</summary>
    public IEnumerable<JobRecord> JobsOf(UserId user)
    {
        var born = Events.Where(told => told.User == user).GroupBy(told => told.Job)
            .ToDictionary(life => life.Key, life => life.Min(told => told.Number));
        return Jobs.Values.Where(job => job.User == user).OrderByDescending(job => born[job.Id]);
    }

    StoreModel? Adopt(Change.Adopt adopt)
    {
        var coming = Jobs.Values.Where(job => job.User == adopt.Visitor).ToList();
        var seated = adopt.Seats.Select(seat => (Seat: seat, Job: Find(seat.Job))).ToList();
        if (AdoptedBy.GetValueOrDefault(adopt.Visitor, adopt.Account) != adopt.Account
            || seated.Exists(one => !Fits(adopt, one.Seat, one.Job))
            || seated.Count(one => one.Job!.User == adopt.Visitor) != coming.Count(job => !job.State.IsFinished()))
            return null;

        var next = this with { AdoptedBy = AdoptedBy.SetItem(adopt.Visitor, adopt.Account) };
        foreach (var (_, job) in seated.Where(one => one.Seat.IsHeld && one.Job!.User == adopt.Account))
        {
            next = next.Put(job! with { IsHeld = true, Place = null }).Tell(
                job, adopt.At, JobEventType.Held, job.Attempt,
                "It waits in your lane: a job that came with your sign-in has the place.");
        }

        foreach (var (seat, job) in seated.Where(one => !one.Seat.IsHeld && one.Job!.User == adopt.Account))
        {
            if (!next.IsFree(adopt.Account, job!.Kind, seat.Place))
                return null;
            next = next.Put(job with { Place = seat.Place });
        }

        foreach (var old in Events.Where(told => told.User == adopt.Visitor).OrderBy(told => told.Number))
            next = next.Tell(
                Jobs.Values.First(job => job.Id == old.Job) with { User = adopt.Account }, old.At, old.Type, old.Attempt, old.Reason);
        next = next with { Events = next.Events.RemoveAll(told => told.User == adopt.Visitor) };
        var order = JobsOf(adopt.Visitor).Reverse().ToList();
        foreach (var job in order)
        {
            var seat = adopt.Seats.FirstOrDefault(seat => seat.Job == job.Sequence);
            var place = seat?.Place;
            if (place is not null && !next.IsFree(adopt.Account, job.Kind, place))
                return null;
            var moved = job with { User = adopt.Account, Origin = null, IsHeld = seat?.IsHeld ?? false, Place = place };
            next = next.Put(moved).Tell(moved, adopt.At, JobEventType.Adopted, job.Attempt, null).MoveKeys(job, adopt.Account);
        }

        return next;
    }

    /// <summary>The first job beyond the limit takes the place of one that ended.</summary>
    StoreModel Inherit(JobRecord ended) =>
        ended.Place < Change.Seat.SurplusFrom && Jobs.Values.Where(job => job.User == ended.User && job.Kind == ended.Kind
            && job.Place >= Change.Seat.SurplusFrom).MinBy(job => job.Place) is { } heir
            ? Put(heir with { Place = ended.Place })
            : this;

    StoreModel MoveKeys(JobRecord job, UserId account)
    {
        if (Keys.FirstOrDefault(key => key.Value == job.Id).Key is not { Key: { } text } old)
            return this;
        var without = Keys.Remove(old);
        return this with { Keys = without.ContainsKey((account, text)) ? without : without.Add((account, text), job.Id) };
    }

    static bool Fits(Change.Adopt adopt, Change.Seat seat, JobRecord? job) =>
        job is not null && job.IsHeld == seat.WasHeld && !job.State.IsFinished() && !(seat.IsHeld && job.State != JobState.Pending)
        && (job.User == adopt.Visitor || (job.User == adopt.Account && !job.IsHeld && (seat.IsHeld || job.Place is not null)));
}
