using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NextUp.Client.Wire;

namespace NextUp.Client.Live;

/// <summary>
/// Reads the feed over as many connections as it takes.
/// <para>
/// Nothing is missed and nothing comes twice, because the number to go on from is that of the last <em>job event given
/// to the caller</em>. A snapshot's number counts only on a feed that began with it: on a later connection the snapshot
/// comes before the missed events, and a connection that dies between the two must ask for them again. An event whose
/// number is not greater than the last is dropped.
/// </para>
/// <para>
/// A snapshot whose last event is older than what we have seen comes from a server whose data was put back to an
/// earlier state. Its numbering counts from then on, or every new event would be dropped as known.
/// </para>
/// </summary>
sealed class LiveReader(Exchange exchange, Uri address, TimeProvider clock, NextUpClientOptions options)
{
    public async IAsyncEnumerable<LiveEvent> ReadAsync(
        long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = after;
        var backoff = exchange.NewReconnectBackoff();
        var lostAt = default(long?);
        while (true)
        {
            await using var connection = new Connection(exchange, address, last, clock, options.SilenceMax);
            var resumes = last is not null;
            while (await connection.NextAsync(cancellationToken) is { } told)
            {
                if (told is LiveEvent.JobChanged { Change.Number: var number })
                {
                    if (number <= last)
                        continue;
                    last = number;
                }

                if (told is LiveEvent.Connected { Snapshot.LastEvent: var newest })
                {
                    if (!resumes || newest < last)
                        last = newest;
                }
                else
                {
                    // A server that accepts, greets and hangs up is no better than one that does not answer.
                    backoff.Reset();
                    lostAt = null;
                }

                yield return told;
            }

            lostAt ??= clock.GetTimestamp();
            if (clock.GetElapsedTime(lostAt.Value) >= options.ReconnectFor)
                throw new ServerUnreachableException(exchange.Server, connection.LostBecause);

            var delay = backoff.Next();
            yield return new LiveEvent.ConnectionLost(connection.LostBecause, delay);
            await Task.Delay(delay, clock, cancellationToken);
        }
    }

    /// <summary>One connection: opened at the first read, over when a read answers null.</summary>
    sealed class Connection(Exchange exchange, Uri address, long? after, TimeProvider clock, TimeSpan silenceMax)
        : IAsyncDisposable
    {
        readonly CancellationTokenSource _silence = new(silenceMax, clock);
        HttpResponseMessage? _response;
        IAsyncEnumerator<SseItem<LiveEvent?>>? _items;
        CancellationTokenSource? _either;

        public string LostBecause { get; private set; } = "it hung up";

        /// <summary>
        /// The next event; null when the connection is lost, which <see cref="LostBecause"/> explains.
        /// </summary>
        public async Task<LiveEvent?> NextAsync(CancellationToken cancellationToken)
        {
            _either ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silence.Token);
            try
            {
                _items ??= await OpenAsync(_either.Token);
                while (await _items.MoveNextAsync())
                {
                    _silence.CancelAfter(silenceMax);
                    if (_items.Current.Data is { } told)
                        return told;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                LostBecause = $"nothing came for {silenceMax.TotalSeconds:0} s";
            }
            catch (ServerUnreachableException unreachable)
            {
                LostBecause = unreachable.Reason;
            }
            catch (NextUpProblemException problem) when (problem.Status is 408 or 429 or >= 500)
            {
                LostBecause = problem.Message;
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                LostBecause = "the connection broke";
            }
            catch (JsonException unreadable)
            {
                LostBecause = $"an event could not be read ({unreadable.Message})";
            }

            return null;
        }

        public async ValueTask DisposeAsync()
        {
            if (_items is not null)
                await _items.DisposeAsync();
            _response?.Dispose();
            _either?.Dispose();
            _silence.Dispose();
        }

        async Task<IAsyncEnumerator<SseItem<LiveEvent?>>> OpenAsync(CancellationToken cancellationToken)
        {
            var request = exchange.NewRequest(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
            if (after is { } number)
                request.Headers.TryAddWithoutValidation("Last-Event-ID", number.ToString());

            _response = await exchange.SendOnceAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var body = await _response.Content.ReadAsStreamAsync(cancellationToken);
            return SseParser.Create(body, Parse)
                .EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        }

        /// <summary>Null for an event this client does not know, which a newer server may send.</summary>
        static LiveEvent? Parse(string type, ReadOnlySpan<byte> json) => type switch
        {
            LiveEventNames.Snapshot =>
                Read(json, WireJson.Wire.SnapshotEvent) is { } it ? new LiveEvent.Connected(it) : null,
            LiveEventNames.Job =>
                Read(json, WireJson.Wire.JobChangedEvent) is { } it ? new LiveEvent.JobChanged(it) : null,
            LiveEventNames.Progress =>
                Read(json, WireJson.Wire.JobProgressEvent) is { } it ? new LiveEvent.JobProgressed(it) : null,
            LiveEventNames.Position =>
                Read(json, WireJson.Wire.PositionsEvent) is { } it ? new LiveEvent.PositionsChanged(it) : null,
            LiveEventNames.Queue =>
                Read(json, WireJson.Wire.QueueView) is { } it ? new LiveEvent.QueueChanged(it) : null,
            _ => null,
        };

        static T? Read<T>(ReadOnlySpan<byte> json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
            where T : class => JsonSerializer.Deserialize(json, type);
    }
}
