using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using NextUp.Actors;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Server.Jobs;
using NextUp.Server.Live;
using NextUp.Server.Queue;
using NextUp.Storage.Sqlite;

namespace NextUp.UnitTests.Server;

public sealed class EventConnectionTests
{
    static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// What is told live overlaps with what is stored in every way: told before or after it was read from the store,
    /// told twice, or not at all. Each event is sent once and in order all the same.
    /// </summary>
    [Fact]
    public async Task However_stored_and_live_events_overlap_each_is_sent_once_and_in_order()
    {
        using var store = SqliteStore.OpenInMemory();
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var user = UserId.Account($"user-{seed}");
            var told = new List<JobEvent>();
            void Listen(IReadOnlyList<JobEvent> events) => told.AddRange(events);
            store.Happened += Listen;
            await LiveAsync(store, user, seed * 1_000, jobs: random.Next(1, 6));
            var from = random.Next(told.Count + 1);
            var items = Channel.CreateUnbounded<FeedItem>();

            // While the connection catches up it is told some of what it reads from the store, too.
            Tell(items, told.Where(_ => random.Next(2) == 0));
            var output = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            var connection = new EventConnection(store, Views(store), user, output.Writer, from);
            await connection.CatchUpAsync(CancellationToken.None);

            var seen = told.Count;
            await LiveAsync(store, user, seed * 1_000 + 500, jobs: random.Next(1, 6));
            var later = told.Skip(seen).Where(_ => random.Next(4) > 0);
            Tell(items, later.SelectMany(one => Enumerable.Repeat(one, random.Next(1, 3))));
            Tell(items, [told[^1]]);
            items.Writer.Complete();
            await connection.FollowAsync(items.Reader, CancellationToken.None);

            await output.Writer.CompleteAsync();
            store.Happened -= Listen;
            var expected = Enumerable.Range(from + 1, told.Count - from).Select(number => (long)number);
            Assert.True(expected.SequenceEqual(await IdsAsync(output.Reader)), $"seed {seed}");
        }
    }

    static void Tell(Channel<FeedItem> items, IEnumerable<JobEvent> events)
    {
        foreach (var happened in events)
            items.Writer.TryWrite(new FeedItem.Happened(happened));
    }

    /// <summary>Jobs that are accepted and cancelled, two events each.</summary>
    static async Task LiveAsync(SqliteStore store, UserId user, long sequence, int jobs)
    {
        for (var i = 0; i < jobs; i++)
        {
            var job = new JobRecord
            {
                Sequence = new(sequence + i),
                Id = JobId.New(s_noon),
                User = user,
                Kind = new("bibtex"),
                State = JobState.Pending,
                Place = 0,
                AcceptedAt = s_noon,
                LineKey = new LineKey(sequence + i, new(sequence + i)),
                FileName = "a.bib",
                FileSize = 1,
            };
            Assert.IsType<CommitAnswer.Committed>(await store.CommitAsync(new([new Change.Accept(job, null, [])])));
            Assert.IsType<CommitAnswer.Committed>(await store.CommitAsync(new(
                [new Change.End(job.Sequence, null, JobState.Cancelled, s_noon, "Cancelled by user", null, [])])));
        }
    }

    static async Task<IReadOnlyList<long>> IdsAsync(PipeReader reader)
    {
        using var text = new StreamReader(reader.AsStream(), Encoding.UTF8);
        var lines = (await text.ReadToEndAsync()).Split('\n');
        return [.. lines.Where(line => line.StartsWith("id: ", StringComparison.Ordinal))
            .Select(line => long.Parse(line[4..]))];
    }

    static JobViews Views(SqliteStore store) =>
        new(new LinePlaces(new NoActors()), store, new JobKinds([], new([])), new StoppedClock());

    /// <summary>Finished jobs are in no line, so nobody is asked.</summary>
    sealed class NoActors : IActorDirectory
    {
        public IQueueActor Queue => throw new InvalidOperationException("A finished job has no place to ask for.");

        public ICleanupActor Cleanup => throw new InvalidOperationException();

        public IUserActor User(UserId user) => throw new InvalidOperationException();

        public IJobActor Job(JobId job) => throw new InvalidOperationException();
    }
}
