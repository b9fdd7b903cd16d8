using Microsoft.Extensions.Logging;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Server.Telemetry;
using NextUp.Server.Users;
using NextUp.Storage.Sqlite;

namespace NextUp.UnitTests.Server;

public sealed class JobLogTests
{
    static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Each_state_change_is_one_line_without_names_of_people_and_files()
    {
        using var folder = new TemporaryFolder();
        using var store = SqliteStore.OpenInMemory();
        var marks = new UserMarks(folder.Path);
        var lines = new LineList(LogLevel.Information);
        await using (JobLog.Start(store, marks, lines))
            await LiveAsync(store);

        var mark = marks.Of(UserId.Account("ann"));
        Assert.Equal(
            [
                $"accepted (user {mark}, attempt 0)",
                $"started (user {mark}, attempt 1) after 1 s in the line",
                $"failed (user {mark}, attempt 1) after 2 s: \"…\" could not be read",
            ],
            lines.Written.Select(line => line[(line.IndexOf("bibtex", StringComparison.Ordinal) + 7)..]));
    }

    [Fact]
    public async Task Nothing_is_listened_to_where_nobody_wants_the_lines()
    {
        using var folder = new TemporaryFolder();
        using var store = SqliteStore.OpenInMemory();
        var lines = new LineList(LogLevel.Warning);

        Assert.Null(JobLog.Start(store, new UserMarks(folder.Path), lines));
        await LiveAsync(store);
        Assert.Empty(lines.Written);
    }

    static async Task LiveAsync(SqliteStore store)
    {
        var sequence = new JobSequence(1);
        var job = new JobRecord
        {
            Sequence = sequence,
            Id = JobId.New(Noon),
            User = UserId.Account("ann"),
            Kind = new JobKind("bibtex"),
            State = JobState.Pending,
            AcceptedAt = Noon,
            LineKey = LineKey.Of(Noon, TimeSpan.Zero, sequence),
            FileName = "anns-thesis.bib",
            FileSize = 1,
        };
        await store.CommitAsync(new([new Change.Accept(job, null, [])]));
        await store.CommitAsync(new([new Change.Start(sequence, Noon.AddSeconds(1), Noon.AddHours(1))]));
        await store.CommitAsync(new([new Change.End(
            sequence, 1, JobState.Failed, Noon.AddSeconds(3), "\"anns-thesis.bib\" could not be read", null, [])]));
    }

    sealed class LineList(LogLevel level) : ILogger<JobLog>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Written.Add(formatter(state, exception));
    }
}
