using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Storage.Postgres;

namespace NextUp.Orleans.Cluster;

/// <summary>
/// What a silo that does not own the store says to the owner when it cannot reach the database, though it reaches the other silos:
/// give me no work. Where the owner itself goes on, what runs here is handed back, without counting as a failure, and goes on
/// elsewhere. Where the database is away for all, everything stays where it is and waits.
/// </summary>
/// <param name="silo">This silo's name; asked for once it has one.</param>
sealed class CutOffWord(MemberStore store, SiloParts parts, ClusterActors actors, Func<Seat?> seat, Func<string> silo)
{
    // Touched by the one who tells.
    readonly HashSet<JobId> _handedBack = [];
    int _isTelling;
    volatile bool _isTold;

    /// <summary>The database was tried. Returns at once.</summary>
    public void Tell()
    {
        var isCutOff = store.IsAway;
        if ((isCutOff || _isTold) && !parts.IsStopping && Interlocked.Exchange(ref _isTelling, 1) == 0)
            _ = TellAsync(isCutOff);
    }

    async Task TellAsync(bool isCutOff)
    {
        try
        {
            // Again with each try: the owner may have changed.
            if (seat() is not { } owner)
                return;
            var goesOn = await actors.Silo(owner.Silo).SentAsync(there => there.CutOffAsync(silo(), isCutOff));
            _isTold = isCutOff;
            if (!isCutOff)
                _handedBack.Clear();
            else if (goesOn)
                HandBack();
        }
        catch (ActorForgottenException)
        {
            // The owner is gone; the next one asks.
        }
        finally
        {
            Volatile.Write(ref _isTelling, 0);
        }
    }

    void HandBack()
    {
        foreach (var (job, grain) in parts.Running)
        {
            if (_handedBack.Add(job))
                _ = HandBackAsync(grain);
        }
    }

    static async Task HandBackAsync(Grains.IJobGrain grain)
    {
        try
        {
            await grain.SentAsync(job => job.ShutDownAsync());
        }
        catch (ActorForgottenException)
        {
            // Its end is kept where it is, and tried until it is stored.
        }
    }
}
