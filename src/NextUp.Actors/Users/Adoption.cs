using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Users;

/// <summary>
/// A visitor signs in: their jobs become the account's, and the account's limit counts them from then on. Of the active
/// jobs of both those that run go on, whatever the limit says, since work that has begun is not thrown away; the rest of
/// the places goes to those that wait in the line, by their order there; who finds no place goes back to the lane and joins
/// again when one frees. Until the running ones are within the limit nothing of the lane enters the line.
/// </summary>
/// <param name="Coming">The visitor's unfinished jobs.</param>
/// <param name="There">The account's unfinished jobs.</param>
public sealed record Adoption(
    UserId Visitor, UserId Account, IReadOnlyList<JobRecord> Coming, IReadOnlyList<JobRecord> There)
{
    /// <summary>
    /// Finished jobs in one commit, so that it holds up nobody for long: a job takes some 60 us. The others follow in commits
    /// of their own.
    /// </summary>
    public const int FinishedMax = 100;

    /// <summary>See <see cref="Change.Adopt.SubscriptionsMax"/>.</summary>
    public int SubscriptionsMax { get; init; }

    /// <summary>A seat for every job that comes, and for each of the account's that gives way.</summary>
    public IReadOnlyList<Change.Seat> Seats(KindPolicies kinds, Func<JobRecord, bool> isRunning)
    {
        List<Change.Seat> seats = [];
        foreach (var kind in Coming.Concat(There).GroupBy(job => job.Kind))
        {
            if (kinds.Of(kind.Key).ActivePerUserMax is { } max)
                Seat([.. kind], max, isRunning, seats);
            else
                seats.AddRange(kind.Where(IsComing)
                    .Select(job => new Change.Seat(job.Sequence, job.IsHeld, null) { WasHeld = job.IsHeld }));
        }

        return seats;
    }

    void Seat(List<JobRecord> jobs, int max, Func<JobRecord, bool> isRunning, List<Change.Seat> seats)
    {
        var running = jobs.Where(job => !job.IsHeld && isRunning(job)).ToList();
        var waiting = jobs.Where(job => !job.IsHeld && !isRunning(job)).OrderBy(job => job.LineKey);
        var seated = running.Concat(waiting.Take(Math.Max(0, max - running.Count))).ToHashSet();
        var taken = seated.Where(KeepsPlace).Select(job => job.Place).OfType<int>().ToHashSet();
        foreach (var job in jobs.OrderBy(job => job.Sequence))
        {
            if (!seated.Contains(job))
            {
                if (IsComing(job) || !job.IsHeld)
                    seats.Add(new(job.Sequence, IsHeld: true, null) { WasHeld = job.IsHeld });
            }
            else if (!KeepsPlace(job))
            {
                var place = 0;
                while (!taken.Add(place))
                    place = place + 1 == max ? Change.Seat.SurplusFrom : place + 1;
                seats.Add(new(job.Sequence, IsHeld: false, place));
            }
        }
    }

    /// <summary>One of the account's from when there was no limit has no place, keeps that, and only counts.</summary>
    bool KeepsPlace(JobRecord job) => !IsComing(job) && !(job.Place >= Change.Seat.SurplusFrom);

    bool IsComing(JobRecord job) => job.User == Visitor;
}

/// <summary>What became of a visitor's jobs at sign-in.</summary>
public abstract record AdoptAnswer
{
    AdoptAnswer() { }

    /// <summary>They are the account's, from now on or since an earlier sign-in.</summary>
    public sealed record Adopted : AdoptAnswer;

    /// <summary>They became another account's before: there is nothing to take.</summary>
    public sealed record ByAnother : AdoptAnswer;
}
