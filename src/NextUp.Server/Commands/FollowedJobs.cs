using NextUp.Client;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Screens;
using NextUp.Server.Commands.Watching;

namespace NextUp.Server.Commands;

/// <summary>Jobs that a command stays with until they end: shown while they go on, their results saved.</summary>
sealed class FollowedJobs(NextUpClient client, Screen screen, string folder)
{
    public async Task<int> RunAsync(Submitted submitted, CancellationToken cancellationToken)
    {
        var board = new JobBoard(submitted.Answers.Select(answer => answer.Job).OfType<JobView>());
        try
        {
            await BoardViews.For(screen).ShowAsync(board, JobWatch.FollowAsync(client, board, cancellationToken));
            await SaveAsync(submitted, board, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            submitted.Add(ExitCode.Interrupted);
            SayHowToSee(board.Unfinished);
        }
        catch (ServerUnreachableException)
        {
            SayHowToSee(board.Unfinished);
            throw;
        }

        var answers = submitted.Answers.Select(
            answer => answer.Job is { } job ? answer with { Job = board[job.Id] } : answer);
        screen.Json(new([.. answers]), AnswerJson.Answers.SubmitAnswers);
        return submitted.ExitCode;
    }

    async Task SaveAsync(Submitted submitted, JobBoard board, CancellationToken cancellationToken)
    {
        for (var i = 0; i < submitted.Answers.Count; i++)
        {
            if (submitted.Answers[i].Job is not { } submittedJob)
                continue;

            var job = board[submittedJob.Id];
            if (job.State != JobStateNames.Completed)
            {
                submitted.Add(ExitCode.Negative);
                if (screen.Terminal is not null || submittedJob.State == job.State)
                    screen.Complain($"{job.FileName}: {JobWords.Of(job)}"); // Else it was said when it happened.
                continue;
            }

            var saved = await ResultFile.SaveAsync(client, job.Id, folder, cancellationToken);
            submitted.Answers[i] = submitted.Answers[i] with { Saved = saved };
            if (submittedJob.State == job.State)
                screen.Line($"{job.FileName}: {JobWords.Of(job)}", Tone.Good); // It had ended before it was followed.
            screen.Line($"Saved {saved}", Tone.Good);
        }
    }

    void SayHowToSee(IReadOnlyList<JobView> unfinished)
    {
        foreach (var job in unfinished)
            screen.Complain($"{job.FileName} goes on without you. Follow it again with: nextup watch {job.Id}");
    }
}
