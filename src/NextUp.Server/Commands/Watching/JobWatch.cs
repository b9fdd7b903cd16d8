using System.Runtime.CompilerServices;
using NextUp.Client;
using NextUp.Client.Live;
using NextUp.Client.Wire;

namespace NextUp.Server.Commands.Watching;

/// <summary>Follows jobs to their end, however often the connection is lost meanwhile.</summary>
static class JobWatch
{
    /// <summary>
    /// What there is to say, in order; ends when every job on the board has. Each connection begins with a look at
    /// every unfinished job, because it may have ended before the feed was open, and at the log lines that passed
    /// meanwhile.
    /// </summary>
    public static async IAsyncEnumerable<IReadOnlyList<BoardNote>> FollowAsync(
        NextUpClient client, JobBoard board, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (board.Unfinished.Count == 0)
            yield break;

        await foreach (var told in client.EventsAsync(after: null, cancellationToken))
        {
            IReadOnlyList<BoardNote> notes = told switch
            {
                LiveEvent.Connected => await LookAsync(client, board, cancellationToken),
                LiveEvent.JobChanged { Change.Job: var job }
                    when IsWatched(board, job) && JobStateNames.IsFinished(job.State) =>
                    [.. await RestOfLogAsync(client, board, job.Id, cancellationToken), .. board.Apply(told)],
                _ => board.Apply(told),
            };
            yield return notes;
            if (board.Unfinished.Count == 0)
                yield break;
        }
    }

    static bool IsWatched(JobBoard board, JobView job) => board.Unfinished.Any(watched => watched.Id == job.Id);

    static async Task<IReadOnlyList<BoardNote>> LookAsync(
        NextUpClient client, JobBoard board, CancellationToken cancellationToken)
    {
        var notes = new List<BoardNote>();
        foreach (var watched in board.Unfinished)
        {
            var now = await client.JobAsync(watched.Id, cancellationToken);
            if (now.State != JobStateNames.Pending)
                notes.AddRange(await RestOfLogAsync(client, board, now.Id, cancellationToken));
            notes.AddRange(board.Update(now));
        }

        return notes;
    }

    static async Task<IReadOnlyList<BoardNote>> RestOfLogAsync(
        NextUpClient client, JobBoard board, string id, CancellationToken cancellationToken)
    {
        var lines = new List<LogLineView>();
        await foreach (var line in client.LogAsync(id, board.LastLogLine(id), cancellationToken))
            lines.Add(line);
        return board.AddLog(id, lines);
    }
}
