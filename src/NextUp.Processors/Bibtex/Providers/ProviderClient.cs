using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Works;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// Asks one service, for all users, within its budget.
/// <para>
/// A request waits for its turn, is sent, and its answer is read whole and judged: accepted, unknown, refused, or
/// failed. What failed is tried again after a growing, jittered delay, or after what the service asked for; each try
/// waits for a new turn, so that retries are dealt out as fairly as first tries. When most recent tries failed, a
/// circuit breaker answers for the service for a while. Nothing but <see cref="WorkProviderUnavailableException"/> and
/// cancellation leaves this class.
/// </para>
/// </summary>
sealed class ProviderClient : IDisposable
{
    /// <summary>Tries after the first one.</summary>
    public const int RetriesMax = 4;

    /// <summary>Retries of a request that found no connection.</summary>
    public const int UnreachableRetriesMax = 1;

    /// <summary>Redirects that one try follows, and only on the same host.</summary>
    public const int RedirectsMax = 3;

    /// <summary>The largest answer that is read, in bytes after decompression.</summary>
    public const int AnswerBytesMax = 20 << 20;

    /// <summary>How much of a refusal is quoted, in characters.</summary>
    public const int QuoteLengthMax = 200;

    public static readonly TimeSpan DelayFirst = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(30);
    public const int BreakAfterTries = 8;

    readonly ProviderProfile _profile;
    readonly ProviderSettings _settings;
    readonly TimeProvider _time;
    readonly Random _random;
    readonly HttpClient _http;
    readonly Uri _baseAddress;
    readonly ResiliencePipeline<ProviderTry> _retries;
    readonly ResiliencePipeline<ProviderTry> _breaker;

    // In ticks of UTC; 0 until it failed too often for the first time.
    long _leftAloneUntil;

    /// <param name="random">Decides the jitter; used under a lock, so it may be shared only with this client.</param>
    public ProviderClient(ProviderProfile profile, ProviderSettings settings, TimeProvider time, Random random)
    {
        _profile = profile;
        _settings = settings;
        _time = time;
        _random = random;
        _baseAddress = AsFolder(settings.BaseAddress ?? profile.BaseAddress);
        Budget = new(profile.Name, profile.Start, settings.RequestsPerSecondMax, time);
        _http = CreateHttp(profile, settings);
        _retries = CreateRetries();
        _breaker = CreateBreaker();
    }

    public string Name => _profile.Name;

    public ProviderBudget Budget { get; }

    public ProviderCondition Condition => Budget.Condition;

    /// <param name="read">
    /// Makes something of the body, or null where it is not of the shape that is expected; then the answer counts as
    /// failed.
    /// </param>
    public async Task<ProviderAnswer<T>> AskAsync<T>(
        ProviderRequest request, Func<ReadOnlyMemory<byte>, T?> read, UserId user, CancellationToken cancellationToken)
        where T : class
    {
        T? value = null;
        var tries = 0;
        bool Accept(ReadOnlyMemory<byte> body) => (value = read(body)) is not null;
        try
        {
            var last = await _retries.ExecuteAsync(
                async token =>
                {
                    tries++;
                    return await TryAsync(request, Accept, user, token);
                },
                cancellationToken);
            return last switch
            {
                ProviderTry.Accepted => new ProviderAnswer<T>.Found(value!),
                ProviderTry.Missing => new ProviderAnswer<T>.Missing(),
                ProviderTry.Refused refused => new ProviderAnswer<T>.Refused(refused.Why),
                ProviderTry.Busy busy => throw Unavailable(busy.Why, tries, busy.RetryAfter),
                ProviderTry.Failed failed => throw Unavailable(failed.Why, tries, failed.RetryAfter),
                ProviderTry.Hopeless hopeless => throw Unavailable(hopeless.Why, 1, null),
                var other => throw new UnreachableException($"{other}"),
            };
        }
        catch (BrokenCircuitException error)
        {
            throw new WorkProviderUnavailableException(
                Name, "failed too often just now and is left alone for a while", error.RetryAfter, error);
        }
    }

    /// <summary>
    /// Asks a route that always exists: where it does not, the address is wrong, and nothing is unknown.
    /// </summary>
    public async Task<ProviderAnswer<T>> AskListAsync<T>(
        ProviderRequest request, Func<ReadOnlyMemory<byte>, T?> read, UserId user, CancellationToken cancellationToken)
        where T : class =>
        await AskAsync(request, read, user, cancellationToken) is var answer and not ProviderAnswer<T>.Missing
            ? answer
            : throw new WorkProviderUnavailableException(Name, "has no such list; is its base address right?");

    /// <summary>
    /// Asks for candidates. A search that is refused has found nothing out, so it must not pass for "no candidates".
    /// </summary>
    public async Task<IReadOnlyList<Work>> SearchAsync(
        ProviderRequest request, Func<ReadOnlyMemory<byte>, IReadOnlyList<Work>?> read, UserId user,
        CancellationToken cancellationToken) =>
        await AskListAsync(request, read, user, cancellationToken) switch
        {
            ProviderAnswer<IReadOnlyList<Work>>.Found found => found.Value,
            ProviderAnswer<IReadOnlyList<Work>>.Refused refused => throw Refusal(refused.Why),
            var other => throw new UnreachableException($"{other}"),
        };

    /// <summary>The error for a question that the service should have taken.</summary>
    public WorkProviderUnavailableException Refusal(string why) => new(Name, $"refused the question: {why}");

    public void Dispose()
    {
        _http.Dispose();
        Budget.Dispose();
    }

    async ValueTask<ProviderTry> TryAsync(
        ProviderRequest request, Func<ReadOnlyMemory<byte>, bool> accept, UserId user,
        CancellationToken cancellationToken)
    {
        var target = new Uri(_baseAddress, request.Path);
        for (var hop = 0; hop <= RedirectsMax; hop++)
        {
            // Nothing will be asked, so no turn is spent on it, and nobody waits for one.
            var left = TimeSpan.FromTicks(Interlocked.Read(ref _leftAloneUntil) - _time.GetUtcNow().UtcTicks);
            if (left > TimeSpan.Zero)
                throw new BrokenCircuitException($"{Name} is left alone.", left);

            using var turn = await Budget.WaitForTurnAsync(user, cancellationToken);
            var end = await _breaker.ExecuteAsync(
                async token => await SendAsync(request, target, accept, token), cancellationToken);
            if (end is ProviderTry.Busy { RetryAfter: null }) // One that was said is in the budget already.
                Budget.PauseFor(DelayFirst);
            if (end is not ProviderTry.Moved moved)
                return end;

            target = moved.To;
        }

        return new ProviderTry.Failed($"redirected more than {RedirectsMax} times");
    }

    async Task<ProviderTry> SendAsync(
        ProviderRequest request, Uri target, Func<ReadOnlyMemory<byte>, bool> accept,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_settings.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var message = new HttpRequestMessage(request.Method, target);
            message.Headers.Accept.ParseAdd(request.Accept);
            if (request.JsonBody is { } body)
                message.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var limits = ProviderLimits.Read(response.Headers, _time.GetUtcNow());
            Budget.Learn(limits);
            return await JudgeAsync(response, target, limits.Pause, accept, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProviderTry.Failed($"did not answer within {_settings.Timeout.TotalSeconds} seconds");
        }
        catch (HttpRequestException error)
        {
            var isUnreachable = error.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError;
            return new ProviderTry.Failed(Describe(error), IsUnreachable: isUnreachable);
        }
        catch (IOException)
        {
            return new ProviderTry.Failed("broke off in the middle of its answer");
        }
    }

    async Task<ProviderTry> JudgeAsync(
        HttpResponseMessage response, Uri target, TimeSpan? pause, Func<ReadOnlyMemory<byte>, bool> accept,
        CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var isPage = response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml";
        switch (status)
        {
            case >= 200 and < 300 when isPage:
                return new ProviderTry.Failed("answered with a web page in place of its data");
            case >= 200 and < 300:
                return await ReadAsync(response.Content, cancellationToken) switch
                {
                    null => new ProviderTry.Hopeless($"answered with more than {AnswerBytesMax} bytes"),
                    { Length: 0 } => new ProviderTry.Failed("answered with nothing"),
                    var body when accept(body.Value) => new ProviderTry.Accepted(),
                    _ => new ProviderTry.Failed("answered with something that is not its data"),
                };
            case 301 or 302 or 303 or 307 or 308:
                return Follow(response, target);
            case 404 or 410 when isPage:
                return new ProviderTry.Hopeless($"answered {status} with a web page; is its base address right?");
            case 404 or 410:
                return new ProviderTry.Missing();
            case 400 or 413 or 414 or 422:
                return new ProviderTry.Refused(Quote(await ReadAsync(response.Content, cancellationToken)));
            case 429:
            case 403 when _profile.ForbiddenMeansTooFast:
                return new ProviderTry.Busy($"answered {status}", pause);
            case 401 or 403:
                return new ProviderTry.Hopeless($"answered {status}; is its key right?");
            case 408 or >= 500:
                return new ProviderTry.Failed($"answered {status}", pause);
            default:
                return new ProviderTry.Hopeless($"answered {status}");
        }
    }

    // A key must not travel to where a redirect points, so only the same host is followed, and never down to http.
    static ProviderTry Follow(HttpResponseMessage response, Uri target)
    {
        if (response.Headers.Location is not { } location)
            return new ProviderTry.Failed($"answered {(int)response.StatusCode} without saying where to");

        var to = new Uri(target, location);
        var samePlace = to.Host == target.Host && (to.Scheme == target.Scheme || to.Scheme == Uri.UriSchemeHttps)
            && (to.Port == target.Port || to.Scheme != target.Scheme);
        if (!samePlace)
            return new ProviderTry.Hopeless($"redirected to another place, {to.Host}");
        if (response.RequestMessage?.Method != HttpMethod.Get
            && response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            return new ProviderTry.Hopeless($"redirected a question with {(int)response.StatusCode}");

        return new ProviderTry.Moved(to);
    }

    /// <returns>The whole body, or null where it is over the limit.</returns>
    static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > AnswerBytesMax)
            return null;

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var whole = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (whole.Length + read > AnswerBytesMax)
                return null;
            whole.Write(buffer, 0, read);
        }

        return whole.GetBuffer().AsMemory(0, (int)whole.Length);
    }

    static string Quote(ReadOnlyMemory<byte>? body)
    {
        var text = Encoding.UTF8.GetString((body ?? default).Span[..Math.Min(body?.Length ?? 0, 4 * QuoteLengthMax)]);
        var clean = ProviderText.FromPlain(text) ?? "";
        return clean.Length <= QuoteLengthMax ? clean : clean[..QuoteLengthMax];
    }

    // HttpRequestException's own message may name an address with a key in it; the kind of error says enough.
    static string Describe(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its name could not be resolved",
        HttpRequestError.ConnectionError => "no connection could be made",
        HttpRequestError.SecureConnectionError => "no secure connection could be made",
        HttpRequestError.ResponseEnded => "broke off in the middle of its answer",
        HttpRequestError.InvalidResponse => "answered with something that is not HTTP",
        var kind => $"could not be reached ({kind})",
    };

    WorkProviderUnavailableException Unavailable(string why, int tries, TimeSpan? retryAfter) =>
        new(Name, tries == 1 ? why : $"{why} (the last of {tries} tries)", retryAfter);

    ResiliencePipeline<ProviderTry> CreateRetries() =>
        new ResiliencePipelineBuilder<ProviderTry> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<ProviderTry>
            {
                MaxRetryAttempts = RetriesMax,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result switch
                {
                    // Where no connection can be made at all, asking on and on only makes the job wait.
                    ProviderTry.Failed { IsUnreachable: true } => arguments.AttemptNumber < UnreachableRetriesMax,
                    ProviderTry.Failed failed => IsBearable(failed.RetryAfter),
                    ProviderTry.Busy busy => IsBearable(busy.RetryAfter),
                    _ => false,
                }),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Delay(arguments.AttemptNumber)),
            })
            .Build();

    static bool IsBearable(TimeSpan? retryAfter) => retryAfter is null || retryAfter <= ProviderBudget.PatienceMax;

    ResiliencePipeline<ProviderTry> CreateBreaker() =>
        new ResiliencePipelineBuilder<ProviderTry> { TimeProvider = _time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ProviderTry>
            {
                FailureRatio = 0.8,
                MinimumThroughput = BreakAfterTries,
                SamplingDuration = TimeSpan.FromMinutes(2),
                BreakDuration = BreakDuration,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is ProviderTry.Failed),
                OnOpened = opened =>
                {
                    Interlocked.Exchange(ref _leftAloneUntil, (_time.GetUtcNow() + opened.BreakDuration).UtcTicks);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    /// <summary>
    /// 0.5, 1, 2, 4 ... seconds, each times 0.5 to 1.5. What the service itself asked for is waited for in the budget,
    /// by this request and by all others.
    /// </summary>
    TimeSpan Delay(int attempt)
    {
        lock (_random)
        {
            var seconds = DelayFirst.TotalSeconds * Math.Pow(2, attempt) * (0.5 + _random.NextDouble());
            return TimeSpan.FromSeconds(Math.Min(seconds, DelayMax.TotalSeconds));
        }
    }

    static HttpClient CreateHttp(ProviderProfile profile, ProviderSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = settings.Timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // So that a changed address is noticed.
            UseCookies = false,
        };
        var http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        var version = typeof(ProviderClient).Assembly.GetName().Version?.ToString(3) ?? "0";
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("NextUp", version));
        if (settings.Mailto is { } mailto)
            http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue($"(mailto:{mailto})"));
        if (settings.ApiKey is { } key && profile.KeyHeader is { } header)
            http.DefaultRequestHeaders.Add(header, profile.KeyPrefix + key);
        return http;
    }

    static Uri AsFolder(Uri address) =>
        address.AbsolutePath.EndsWith('/')
            ? address
            : new UriBuilder(address) { Path = address.AbsolutePath + "/" }.Uri;
}
