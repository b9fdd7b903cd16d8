using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using NextUp.Actors.Documents;

namespace NextUp.Processors.Documents.Embedding;

/// <summary>
/// A model behind an OpenAI-compatible endpoint. Texts go in batches bounded by number and estimated tokens; what may pass
/// (408, 429, 5xx, no connection, an answer that is cut off) is tried again, later and later, or when the service says; what
/// will not (a wrong key, an unknown model, no credit) fails at once and says which setting to look at. What comes back is
/// held against what was asked before anything is stored.
/// </summary>
public sealed class EmbeddingEndpoint : IEmbedder, IDisposable
{
    /// <summary>The largest answer taken: 64 texts of the largest vectors, written with all digits.</summary>
    const int AnswerBytesMax = 64 << 20;

    const int BytesPerToken = 3;

    /// <summary>How much of a service's own words is passed on.</summary>
    const int ReasonLengthMax = 300;

    readonly EmbeddingEndpointOptions _options;
    readonly HttpClient _http;
    readonly SemaphoreSlim _requests;
    readonly TimeProvider _clock;
    readonly Random _random;
    readonly Uri _address;
    int _dimension;

    /// <param name="random">For the spread of delays.</param>
    public EmbeddingEndpoint(EmbeddingEndpointOptions options, TimeProvider clock, Random random)
    {
        (_options, _clock, _random) = (options, clock, random);
        _address = new(options.Address.AbsoluteUri.TrimEnd('/') + "/embeddings");
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        _requests = new(options.RequestsAtOnce, options.RequestsAtOnce);
        _dimension = options.Dimension ?? 0;
    }

    public string Model => _options.Model;

    public EmbeddingSpace? Space => Volatile.Read(ref _dimension) is > 0 and var dimension ? new(Model, dimension) : null;

    public async Task<IReadOnlyList<float[]>> EmbedAsync(
        IReadOnlyList<string> texts, EmbeddingUse use, CancellationToken cancellationToken)
    {
        var prefix = use == EmbeddingUse.Query ? _options.QueryPrefix : _options.DocumentPrefix;
        List<float[]> vectors = new(texts.Count);
        foreach (var batch in Batches([.. texts.Select(text => prefix + text)]))
            vectors.AddRange(await EmbedBatchAsync(batch, cancellationToken));
        return vectors;
    }

    public void Dispose()
    {
        _http.Dispose();
        _requests.Dispose();
    }

    IEnumerable<IReadOnlyList<string>> Batches(string[] texts)
    {
        var first = 0;
        var tokens = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            var next = (Encoding.UTF8.GetByteCount(texts[i]) / BytesPerToken) + 1;
            if (i > first && (i - first == _options.TextsAtOnce || tokens + next > _options.TokensAtOnce))
            {
                yield return texts[first..i];
                (first, tokens) = (i, 0);
            }

            tokens += next;
        }

        if (first < texts.Length)
            yield return texts[first..];
    }

    async Task<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> batch, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var vectors = await AskInTurnAsync(batch, cancellationToken);
                var known = Volatile.Read(ref _dimension);
                EmbeddingCheck.Whole(Model, vectors, batch.Count, known > 0 ? known : null);
                if (known == 0)
                    Interlocked.CompareExchange(ref _dimension, vectors[0].Length, 0);
                foreach (var vector in vectors)
                    VectorMath.Normalize(vector);
                return vectors;
            }
            catch (EmbeddingException error) when (
                error.IsTransient && attempt < _options.AttemptsMax && !(error.After > _options.RetryDelayMax))
            {
                await Task.Delay(DelayAfter(attempt, error.After), _clock, cancellationToken);
            }
        }
    }

    TimeSpan DelayAfter(int attempt, TimeSpan? asked)
    {
        var mean = Math.Min(_options.RetryDelay.TotalSeconds * Math.Pow(2, attempt - 1), _options.RetryDelayMax.TotalSeconds);
        double spread;
        lock (_random)
            spread = 0.5 + _random.NextDouble();
        var delay = TimeSpan.FromSeconds(Math.Min(mean * spread, _options.RetryDelayMax.TotalSeconds));
        return asked is { } least && least > delay ? least : delay;
    }

    async Task<IReadOnlyList<float[]>> AskInTurnAsync(IReadOnlyList<string> batch, CancellationToken cancellationToken)
    {
        await _requests.WaitAsync(cancellationToken);
        try
        {
            return await AskAsync(batch, cancellationToken);
        }
        finally
        {
            _requests.Release();
        }
    }

    async Task<IReadOnlyList<float[]>> AskAsync(IReadOnlyList<string> batch, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address)
            {
                Content = new ByteArrayContent(EmbeddingWire.Request(Model, batch))
                {
                    Headers = { ContentType = new("application/json") },
                },
            };
            if (_options.ApiKey is { } key)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var response = await _http.SendAsync(request, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return response.IsSuccessStatusCode ? EmbeddingWire.Vectors(body) : throw Refusal(response, body);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Away($"did not answer within {_options.Timeout.TotalSeconds:0} seconds", null);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Away($"cannot be reached: {error.Message}", error);
        }
        catch (JsonException error)
        {
            throw Away("gave an answer that is cut off or no JSON of vectors", error);
        }
    }

    EmbeddingException Away(string what, Exception? error) => new(
        $"The embedding service at {_options.Address.Authority} {what}.", isTransient: true, inner: error);

    EmbeddingException Refusal(HttpResponseMessage response, byte[] body)
    {
        var (code, reason) = EmbeddingWire.Error(body);
        var said = reason is null ? "" : $" It says: {(reason.Length <= ReasonLengthMax ? reason : reason[..ReasonLengthMax] + "...")}";
        var who = $"The embedding service at {_options.Address.Authority}";
        var status = (int)response.StatusCode;
        if (code is "insufficient_quota" or "billing_hard_limit_reached" || status == (int)HttpStatusCode.PaymentRequired)
            return new($"{who} has no credit left for this key (documents.embedding.apiKey).{said}", isTransient: false);
        if (status is 408 or 429 or >= 500)
            return new($"{who} answered {status}.{said}", isTransient: true, AfterOf(response));
        return status switch
        {
            401 or 403 => new($"{who} does not take the key (documents.embedding.apiKey): {status}.{said}", isTransient: false),
            404 => new(
                $"{who} does not know the model \"{Model}\" or the path {_address.AbsolutePath} (documents.embedding): 404.{said}",
                isTransient: false),
            _ => new($"{who} refused the request: {status}.{said}", isTransient: false),
        };
    }

    TimeSpan? AfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _clock.GetUtcNow() is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero,
        _ => null,
    };
}
