using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using NextUp.Client;
using NextUp.Client.Live;
using NextUp.Client.Wire;

namespace NextUp.UnitTests.Client;

public sealed class FeedTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_cut_connection_nothing_is_missed_and_nothing_comes_twice()
    {
        var asked = new ConcurrentQueue<string>();
        // A connection is cut only after the client has what was sent: a reset throws away what is under way.
        var (sixArrived, snapshotArrived) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await StubServer.StartAsync(async context =>
        {
            asked.Enqueue(context.Request.Headers["Last-Event-ID"].ToString());
            switch (asked.Count)
            {
                case 1:
                    await context.TellSnapshotAsync(5);
                    await context.TellJobAsync(6, "queued", Answers.Job());
                    // Cut in the middle of an event: half an event is no event.
                    await context.Response.WriteAsync("event: job\nid: 7\ndata: {\"number\":7,", Stop);
                    await context.Response.Body.FlushAsync(Stop);
                    await sixArrived.Task;
                    context.Abort();
                    break;
                case 2:
                    // Cut between the snapshot, whose number is 9, and the missed events.
                    await context.TellSnapshotAsync(9);
                    await snapshotArrived.Task;
                    context.Abort();
                    break;
                default:
                    await context.TellSnapshotAsync(9);
                    for (var number = 6; number <= 9; number++)
                        await context.TellJobAsync(number, "started", Answers.Job());
                    await context.StayOpenAsync();
                    break;
            }
        });

        var numbers = new List<long>();
        await foreach (var told in server.NewClient().EventsAsync(cancellationToken: Stop))
        {
            if (told is LiveEvent.JobChanged { Change.Number: var number })
                numbers.Add(number);
            if (numbers.LastOrDefault() == 6)
                sixArrived.TrySetResult();
            if (told is LiveEvent.Connected { Snapshot.LastEvent: 9 })
                snapshotArrived.TrySetResult();
            if (numbers.LastOrDefault() == 9)
                break;
        }

        Assert.Equal([6, 7, 8, 9], numbers);
        Assert.Equal(["", "6", "6"], asked);
    }

    [Fact]
    public async Task A_server_whose_data_was_put_back_is_followed_from_there()
    {
        var connections = 0;
        await using var server = await StubServer.StartAsync(async context =>
        {
            if (++connections == 1)
            {
                await context.TellSnapshotAsync(50);
                return;
            }

            await context.TellSnapshotAsync(2);
            await context.TellJobAsync(3, "queued", Answers.Job());
            await context.StayOpenAsync();
        });

        await foreach (var told in server.NewClient().EventsAsync(cancellationToken: Stop))
        {
            if (told is LiveEvent.JobChanged { Change.Number: var number })
            {
                Assert.Equal(3, number);
                break;
            }
        }
    }

    [Fact]
    public async Task A_silent_connection_counts_as_lost()
    {
        var connections = 0;
        await using var server = await StubServer.StartAsync(async context =>
        {
            await context.TellSnapshotAsync(++connections);
            await context.StayOpenAsync();
        });
        var client = server.NewClient(
            options: StubServer.Impatient with { SilenceMax = TimeSpan.FromSeconds(1) });

        var told = await TakeAsync(client.EventsAsync(cancellationToken: Stop), 3);

        Assert.IsType<LiveEvent.Connected>(told[0]);
        Assert.Contains(
            "nothing came", Assert.IsType<LiveEvent.ConnectionLost>(told[1]).Reason, StringComparison.Ordinal);
        Assert.IsType<LiveEvent.Connected>(told[2]);
    }

    [Fact]
    public async Task An_event_of_a_newer_server_is_passed_over()
    {
        await using var server = await StubServer.StartAsync(async context =>
        {
            await context.TellAsync("weather", "{\"sun\":true}", 99);
            await context.TellPositionAsync("a", 2);
            await context.StayOpenAsync();
        });

        var told = await TakeAsync(server.NewClient().EventsAsync(cancellationToken: Stop), 1);

        Assert.Equal(2, Assert.IsType<LiveEvent.PositionsChanged>(told[0]).Positions.Jobs[0].Position);
    }

    [Fact]
    public async Task A_feed_that_is_refused_ends()
    {
        await using var server = await StubServer.StartAsync(context =>
            context.ProblemAsync(Answers.Problem(401, ProblemCodes.Unauthorized, "The token is not valid.")));

        await Assert.ThrowsAsync<NextUpProblemException>(
            () => TakeAsync(server.NewClient("bad").EventsAsync(cancellationToken: Stop), 1));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_server_that_greets_and_hangs_up_is_given_up_in_the_end()
    {
        await using var server = await StubServer.StartAsync(context => context.TellSnapshotAsync(1));
        var client = server.NewClient(
            options: StubServer.Impatient with { ReconnectFor = TimeSpan.FromMilliseconds(50) });

        await Assert.ThrowsAsync<ServerUnreachableException>(
            () => TakeAsync(client.EventsAsync(cancellationToken: Stop), int.MaxValue));
        Assert.True(server.Requests.Count > 1);
    }

    [Fact]
    public async Task A_cancelled_reader_ends_while_nothing_happens()
    {
        using var reader = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var server = await StubServer.StartAsync(async context =>
        {
            await context.TellSnapshotAsync(1);
            await context.StayOpenAsync();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var told in server.NewClient().EventsAsync(cancellationToken: reader.Token))
                await reader.CancelAsync();
        });
    }

    static async Task<List<LiveEvent>> TakeAsync(IAsyncEnumerable<LiveEvent> events, int count)
    {
        var told = new List<LiveEvent>();
        await foreach (var item in events)
        {
            told.Add(item);
            if (told.Count == count)
                break;
        }

        return told;
    }
}
