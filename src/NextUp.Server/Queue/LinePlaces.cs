using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.Server.Queue;

/// <summary>
/// Reads of the queue actor. They change nothing, so one that reached an activation which forgot itself is simply asked
/// of its successor.
/// </summary>
sealed class LinePlaces(IActorDirectory actors)
{
    /// <summary>
    /// Positions asked for in one call, so that the queue actor is never kept for long from its real work.
    /// </summary>
    public const int AsksMax = 2_000;

    /// <summary>How often a read is repeated when the queue actor forgets itself meanwhile.</summary>
    const int TriesMax = 5;

    /// <summary>The place of each job, null where it is not in the line.</summary>
    public async ValueTask<IReadOnlyList<QueuePlace?>> OfAsync(IReadOnlyList<JobRecord> jobs)
    {
        var places = new QueuePlace?[jobs.Count];
        var asks = new List<QueueAsk>();
        var asked = new List<int>();
        for (var i = 0; i < jobs.Count; i++)
        {
            if (jobs[i] is not { State: JobState.Pending, IsHeld: false })
                continue;

            asks.Add(new(jobs[i].Kind, jobs[i].LineKey, jobs[i].HeadStart));
            asked.Add(i);
            if (asks.Count < AsksMax)
                continue;

            await AskAsync(asks, asked, places);
            asks.Clear();
            asked.Clear();
        }

        if (asks.Count > 0)
            await AskAsync(asks, asked, places);

        return places;
    }

    public ValueTask<QueueStatus> StatusAsync() => RetriedAsync(queue => queue.StatusAsync());

    public ValueTask<IReadOnlyList<EstimateFigures>> EstimatesAsync() => RetriedAsync(queue => queue.EstimatesAsync());

    async ValueTask AskAsync(List<QueueAsk> asks, List<int> asked, QueuePlace?[] places)
    {
        var answers = await RetriedAsync(queue => queue.PlacesAsync(asks));
        for (var i = 0; i < asked.Count; i++)
            places[asked[i]] = answers[i];
    }

    async ValueTask<T> RetriedAsync<T>(Func<IQueueActor, ValueTask<T>> read)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await read(actors.Queue);
            }
            catch (ActorForgottenException) when (attempt < TriesMax)
            {
                // Its successor answers.
            }
        }
    }
}
