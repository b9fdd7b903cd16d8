using System.Net.WebSockets;
using NextUp.Actors.Users;
using NextUp.Server.Documents.Contract;
using NextUp.Server.Live;
using NextUp.UnitTests.Bibtex.Providers;

namespace NextUp.UnitTests.Documents.Contract;

/// <summary>Who does not read is let go in bounded time and memory, and goes on where it surely was.</summary>
public sealed class SlowReaderTests
{
    static readonly UserId s_ada = new("a:ada");
    static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);

    readonly HandClock _clock = new();

    [Fact]
    public async Task A_message_that_nobody_takes_ends_the_wait_but_not_the_connection()
    {
        using var socket = new StuckSocket();
        using var talk = new SocketTalk(socket, _clock);
        var first = talk.PongAsync(TestContext.Current.CancellationToken);
        var second = talk.PongAsync(TestContext.Current.CancellationToken);

        _clock.Advance(SocketTalk.SendWithin - s_moment);
        Assert.False(first.IsCompleted || second.IsCompleted);
        _clock.Advance(s_moment);

        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => second);
        Assert.Equal((1, false), (socket.Sent, socket.IsAborted));
    }

    [Theory]
    [InlineData(SocketCodes.TooSlow)]
    [InlineData(SocketCodes.GoingAway)]
    public async Task A_close_that_nobody_takes_breaks_the_connection_off(int code)
    {
        using var socket = new StuckSocket();
        using var talk = new SocketTalk(socket, _clock);
        var closing = talk.CloseAsync(code, "why");

        _clock.Advance((code == SocketCodes.TooSlow ? SocketTalk.SlowCloseWithin : SocketTalk.CloseWithin) - s_moment);
        Assert.False(socket.IsAborted);
        _clock.Advance(s_moment);

        await closing;
        Assert.True(socket.IsAborted);
    }

    [Fact]
    public void A_subscription_says_whether_its_reader_was_too_slow_or_the_server_stops()
    {
        var stopped = new LiveSubscription(s_ada);
        stopped.End();
        stopped.Offer(new FeedItem.Progressed(default));
        var slow = new LiveSubscription(s_ada);
        for (var i = 0; i < LiveSubscription.ItemsMax; i++)
            slow.Offer(new FeedItem.Progressed(default));

        Assert.False(stopped.IsTooSlow || slow.IsTooSlow);
        slow.Offer(new FeedItem.Progressed(default));
        Assert.True(slow.IsTooSlow);
    }

    [Fact]
    public void What_was_sent_has_surely_arrived_only_after_a_while()
    {
        var marks = new SentMarks(7, _clock);
        marks.Note(8);
        _clock.Advance(TimeSpan.FromSeconds(5));
        marks.Note(9);

        _clock.Advance(SentMarks.Doubt - TimeSpan.FromSeconds(5) - s_moment);
        Assert.Equal(7, marks.Sure());
        _clock.Advance(s_moment);
        Assert.Equal(8, marks.Sure());
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(9, marks.Sure());
    }

    [Fact]
    public void Many_numbers_at_once_count_from_the_last_of_them()
    {
        var marks = new SentMarks(0, _clock);
        for (var number = 1; number <= 20; number++)
        {
            marks.Note(number);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        for (var i = 0; i < 200; i++)
        {
            // What is sure was noted so long ago, whichever number it was.
            var sure = marks.Sure();
            var noted = TimeSpan.FromMilliseconds((100 * (21 - sure)) + (250 * i));
            Assert.True(sure == 0 || noted >= SentMarks.Doubt, $"{sure} after {noted}");
            _clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.Equal(20, marks.Sure());
    }

    [Fact]
    public void Of_two_connections_that_end_the_one_that_had_less_is_gone_on_from_and_once()
    {
        var heard = new LastHeard(_clock);
        heard.Note(s_ada, 5);
        heard.Note(s_ada, 9);

        Assert.Equal(5, heard.Take(s_ada));
        Assert.Null(heard.Take(s_ada));
        heard.Note(s_ada, 9);
        _clock.Advance(LastHeard.KeptFor + s_moment);
        Assert.Null(heard.Take(s_ada));
    }

    [Fact]
    public void The_users_that_are_remembered_are_bounded()
    {
        var heard = new LastHeard(_clock);
        for (var i = 0; i <= LastHeard.UsersMax; i++)
            heard.Note(new UserId($"a:{i}"), i);

        Assert.Null(heard.Take(new UserId("a:0")));
        Assert.Equal(1, heard.Take(new UserId("a:1")));
    }

    /// <summary>A connection whose other side does not read.</summary>
    sealed class StuckSocket : WebSocket
    {
        public int Sent { get; private set; }

        public bool IsAborted { get; private set; }

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => IsAborted ? WebSocketState.Aborted : WebSocketState.Open;

        public override string? SubProtocol => null;

        public override void Abort() => IsAborted = true;

        public override Task CloseAsync(WebSocketCloseStatus code, string? reason, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        public override Task CloseOutputAsync(WebSocketCloseStatus code, string? reason, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
            Task.FromException<WebSocketReceiveResult>(new WebSocketException("It says nothing."));

        public override Task SendAsync(
            ArraySegment<byte> buffer, WebSocketMessageType type, bool endOfMessage, CancellationToken cancellationToken)
        {
            Sent++;
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        public override void Dispose()
        {
            // Nothing is held.
        }
    }
}
