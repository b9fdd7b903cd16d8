using System.CommandLine;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;
using NextUp.Server.Users;

namespace NextUp.Server.Commands;

/// <summary><c>status [ID]</c>: one job, or what of yours is not finished and how the whole system is doing.</summary>
sealed class StatusCommand : Command
{
    readonly ServerOptions _server;

    readonly Argument<string?> _id = new("ID")
    {
        Description = "A job. Without one: your unfinished jobs and the whole system in counts.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public StatusCommand(ServerOptions server)
        : base("status", "Show a job, or your unfinished jobs and the queue. Exit code 1 when the job failed or "
            + "was cancelled.")
    {
        _server = server;
        Arguments.Add(_id);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        if (command.GetValue(_id) is { } id)
        {
            var job = await connection.Client.JobAsync(id, cancellationToken);
            screen.Json(job, AnswerJson.Answers.JobView);
            Show(job, screen);
            return job.State is JobStateNames.Failed or JobStateNames.Cancelled ? ExitCode.Negative : ExitCode.Ok;
        }

        // One after the other: a caller who is nobody yet becomes one visitor, not two.
        var me = await connection.Client.MeAsync(cancellationToken);
        var queue = await connection.Client.QueueAsync(cancellationToken);
        screen.Json(new(me, queue), AnswerJson.Answers.StatusAnswer);
        Show(me, queue, screen);
        return ExitCode.Ok;
    }

    static void Show(JobView job, Screen screen)
    {
        screen.Line($"{job.FileName}: {JobWords.Of(job)}", JobWords.ToneOf(job));
        screen.Line($"job        {job.Id}");
        screen.Line($"kind       {job.Kind}, {JobWords.OfSize(job.FileSize)}");
        screen.Line($"attempt    {job.Attempt} of {job.AttemptsMax}");
        screen.Line($"accepted   {Time(job.AcceptedAt)}");
        if (job.StartedAt is { } started)
            screen.Line($"started    {Time(started)}");
        if (job.EndedAt is { } ended)
            screen.Line($"ended      {Time(ended)}");
        if (job.Error is { } error && !JobStateNames.IsFinished(job.State))
            screen.Line($"last error {error}", Tone.Waiting);
        if (job.State == JobStateNames.Completed)
            screen.Line($"Save its result with: nextup watch {job.Id} --out DIR", Tone.Faint);
    }

    static void Show(MeView me, QueueView queue, Screen screen)
    {
        var who = me.User.Name ?? "a visitor";
        var role = Roles.Apposition(me.Role);
        screen.Line($"You are {who}{role}, with {Count(me.Active.Count, "unfinished job")}.");
        if (me.Active.Count > 0)
            screen.Table(JobTable.Columns, [.. me.Active.Select(JobTable.Row)]);

        var elsewhere = queue.RunningElsewhere > 0 ? $", {queue.RunningElsewhere} running at workers elsewhere" : "";
        var paused = queue.Paused ? $" Paused: {(queue.PausedReason ?? "nothing starts until it is resumed").TrimEnd('.')}." : "";
        screen.Line(
            $"Of all users: {queue.Running} of {Count(queue.Slots, "slot")} in use{elsewhere}, {queue.Waiting} waiting, "
            + $"{queue.Held} held, {queue.Delayed} to be tried again, {queue.CompletedLastHour} completed in the last "
            + $"hour.{paused}");
        screen.Line(
            $"The machine: CPU {queue.Machine.CpuPercent:0} %, memory {queue.Machine.MemoryPercent:0} %, "
            + $"{queue.Machine.MemoryAvailableGb:0.0} GB available.");
    }

    static string Count(int count, string one) => count == 1 ? $"1 {one}" : $"{count} {one}s";

    static string Time(DateTimeOffset at) => JobTable.Time(at);
}
