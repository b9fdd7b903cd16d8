using System.CommandLine;
using System.Security.Cryptography;
using NextUp.Actors.Cleanup;
using NextUp.Client.Cleanup;
using NextUp.Server.Cleanup;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;
using NextUp.Server.Standby;
using NextUp.Server.Users;
using NextUp.Storage.Files;
using NextUp.Storage.Sqlite;

namespace NextUp.Server.Commands;

/// <summary>
/// <c>cleanup</c>: one sweep. A data folder has one owner, so where a server runs on it the server is asked, and where
/// none does the sweep opens the folder itself; with PostgreSQL there is always one that owns the jobs. Who
/// can read the folder can make an administrator's token; hence a scheduled sweep needs none of its own.
/// </summary>
sealed class CleanupCommand : Command
{
    /// <summary>The token that the sweep makes for itself is good for one call.</summary>
    static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(5);

    static readonly TimeSpan StopDurationMax = TimeSpan.FromSeconds(10);

    readonly Surroundings _surroundings;
    readonly ServerOptions _server;
    readonly Option<string?> _data = DataFolder.NewOption();
    readonly Option<bool> _dryRun = new("--dry-run") { Description = "Change nothing; say what would be done." };
    readonly Option<bool> _deleteOldJobs = new("--delete-old-jobs")
    {
        Description = "Delete finished jobs that are older than the retention, with their files.",
    };

    readonly Option<int> _retentionDays = new("--retention-days")
    {
        Description = "How many days finished jobs are kept; only with --delete-old-jobs.",
        HelpName = "N",
        DefaultValueFactory = _ => (int)CleanupRequest.RetentionDefault.TotalDays,
    };

    public CleanupCommand(Surroundings surroundings, ServerOptions server)
        : base("cleanup", "Clear stuck jobs, and delete old ones where asked. For operators.")
    {
        _surroundings = surroundings;
        _server = server;
        _retentionDays.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 0 or > CleanupEndpoint.RetentionDaysMax)
                given.AddError($"--retention-days takes a number from 0 to {CleanupEndpoint.RetentionDaysMax}.");
        });
        Options.Add(_dryRun);
        Options.Add(_deleteOldJobs);
        Options.Add(_retentionDays);
        Options.Add(_data);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var request = new CleanupRequest(
            command.GetValue(_dryRun),
            command.GetValue(_deleteOldJobs) ? TimeSpan.FromDays(command.GetValue(_retentionDays)) : null);
        var view = await SweepAsync(command, request, cancellationToken);
        screen.Json(view, AnswerJson.Answers.CleanupView);
        Show(view, screen);
        return ExitCode.Ok;
    }

    async Task<CleanupView> SweepAsync(ParseResult command, CleanupRequest request, CancellationToken cancellationToken)
    {
        if (command.GetValue(_data) is null && _server.IsNamed(command))
            return await AskAsync(command, null, request, cancellationToken);

        var folder = DataFolder.Existing(command.GetValue(_data), _surroundings);
        try
        {
            if (!OpenedStore.IsMarked(folder))
                return await SweepFolderAsync(folder, request);
        }
        catch (StoreOwnedException)
        {
            // The server that owns it is asked.
        }

        var token = new TokenIssuer(folder, _surroundings.Clock).Issue("cleanup", isAdministrator: true, TokenLifetime);
        return await AskAsync(command, token, request, cancellationToken);
    }

    async Task<CleanupView> AskAsync(
        ParseResult command, string? ownToken, CleanupRequest request, CancellationToken cancellationToken)
    {
        using var connection = _server.Connect(command, ownToken);
        return await connection.Client.CleanupAsync(
            request.IsDryRun, request.DeleteOlderThan is { } age ? (int)age.TotalDays : null, cancellationToken);
    }

    /// <summary>The queue is paused meanwhile: a sweep is no time to begin anybody's work.</summary>
    async Task<CleanupView> SweepFolderAsync(string folder, CleanupRequest request)
    {
        try
        {
            await using var composition = await Composition.OpenAsync(
                new ServeOptions(null, folder, null), new() { Queue = new() { Paused = true } }, _surroundings.Clock,
                RandomNumberGenerator.GetInt32(int.MaxValue));
            var report = await composition.Cleanup.SweepAsync(request);
            await composition.StopAsync(StopDurationMax);
            return CleanupViews.Of(report);
        }
        catch (Exception unusable) when (unusable is not StoreOwnedException && Composition.IsUnusable(unusable))
        {
            throw new UsageException(unusable.Message);
        }
    }

    static void Show(CleanupView view, Screen screen)
    {
        screen.Table(
            ["jobs", "count"],
            [
                ["total", $"{view.Total}"],
                ["active", $"{view.Active}"],
                ["completed", $"{view.Completed}"],
                ["failed", $"{view.Failed}"],
                ["cancelled", $"{view.Cancelled}"],
                [view.DryRun ? "to be touched" : "touched", $"{view.TouchedCount}"],
            ]);
        foreach (var touch in view.Touched)
            screen.Line($"{touch.Job}  {(view.DryRun ? "would " : "")}{Words(touch.Action)}: {touch.Reason}");
        if (view.TouchedCount > view.Touched.Count)
            screen.Line($"and {view.TouchedCount - view.Touched.Count} more");
        if (view.DryRun)
            screen.Line("Nothing was changed.", Tone.Faint);
    }

    static string Words(string action) => action.Replace('-', ' ');
}
