using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NextUp.Client.Wire;

namespace NextUp.Client;

/// <summary>
/// One call and its answer: sends, repeats what may be repeated, and turns everything but success into
/// <see cref="NextUpProblemException"/> or <see cref="ServerUnreachableException"/>.
/// </summary>
sealed class Exchange(HttpClient http, string? token, TimeProvider clock, Random random, NextUpClientOptions options)
{
    /// <summary>The longest refusal that is read, in bytes. A problem document has a job in it at most.</summary>
    const int ProblemBytesMax = 1 << 20;

    readonly string? _authorization = token is null ? null : "Bearer " + token;

    public Uri Server { get; } = http.BaseAddress
        ?? throw new ArgumentException("Set the client's BaseAddress to the server's address.", nameof(http));

    public Backoff NewRetryBackoff() => new(options.RetryDelay, options.RetryDelayMax, random);

    public Backoff NewReconnectBackoff() => new(options.ReconnectDelay, options.ReconnectDelayMax, random);

    /// <summary>Asks, and reads the answer as <paramref name="answer"/>.</summary>
    public async Task<T> GetAsync<T>(Uri address, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () => NewRequest(HttpMethod.Get, address), HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await ReadAsync(response, answer, cancellationToken);
    }

    public HttpRequestMessage NewRequest(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address);
        if (_authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", _authorization);
        return request;
    }

    /// <summary>
    /// Sends what <paramref name="newRequest"/> makes, once an attempt, until it is answered with something else than
    /// 502, 503 or 504. Every call of this client is harmless when repeated: reads, cancelling, and submissions with
    /// their key.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> newRequest, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        Backoff? backoff = null;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? asked = null;
            try
            {
                return await SendOnceAsync(newRequest(), completion, cancellationToken);
            }
            catch (ServerUnreachableException) when (attempt < options.AttemptsMax)
            {
                // It may be starting; after the last attempt the caller is told.
            }
            catch (NextUpProblemException problem) when (IsPassing(problem.Status) && attempt < options.AttemptsMax)
            {
                asked = problem.RetryAfter;
            }

            var delay = (backoff ??= NewRetryBackoff()).Next();
            if (asked > delay)
                delay = asked < options.RetryDelayMax ? asked.Value : options.RetryDelayMax;
            await Task.Delay(delay, clock, cancellationToken);
        }
    }

    /// <summary>Sends once; the answer is a success.</summary>
    public async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            using (request)
                response = await http.SendAsync(request, completion, cancellationToken);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            throw Unreachable(lost);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServerUnreachableException(Server, $"no answer within {http.Timeout.TotalSeconds:0} s", late);
        }

        if (response.IsSuccessStatusCode)
            return response;

        using (response)
            throw await ProblemAsync(response, cancellationToken);
    }

    /// <summary>Reads an answer whose body has already arrived.</summary>
    public async Task<T> ReadAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(body, answer) ?? throw NotNextUp(response, "null");
        }
        catch (JsonException unreadable)
        {
            throw NotNextUp(response, unreadable.Message);
        }
    }

    public ServerUnreachableException Unreachable(Exception lost) => new(Server, Words(lost), lost);

    public static bool IsPassing(int status) => status is 502 or 503 or 504;

    static string Words(Exception lost) => lost switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name is not known",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "nothing answers there",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } refused =>
            $"no secure connection ({refused.InnerException?.Message ?? refused.Message})",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }
            or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } =>
                "it hung up before it had answered",
        _ when lost.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionReset } =>
            "it hung up before it had answered",
        _ => lost.GetBaseException().Message,
    };

    async Task<NextUpProblemException> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Problem? problem = null;
        try
        {
            await response.Content.LoadIntoBufferAsync(ProblemBytesMax, cancellationToken);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            if (response.Content.Headers.ContentType?.MediaType is Problem.ContentType or "application/json")
                problem = JsonSerializer.Deserialize(body, WireJson.Wire.Problem);
        }
        catch (Exception unreadable) when (unreadable is JsonException or HttpRequestException or IOException)
        {
            // The status says enough; the words after it are lost.
        }

        return problem is { Code: not null }
            ? new NextUpProblemException(problem, RetryAfter(response))
            : NotAProblem(response);
    }

    NextUpProblemException NotAProblem(HttpResponseMessage response)
    {
        var title = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        return new(
            new Problem(
                "about:blank", title, (int)response.StatusCode,
                $"{Server} answered {title} and no more. Is it the address of a NextUp server?",
                NextUpProblemException.NotAProblemDocument),
            RetryAfter(response));
    }

    NextUpProblemException NotNextUp(HttpResponseMessage response, string why) => new(
        new Problem(
            "about:blank", "The answer could not be read", (int)response.StatusCode,
            $"{Server} answered something that is not what a NextUp server answers ({why}). Is the address right?",
            NextUpProblemException.NotAProblemDocument),
        null);

    TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        var wait = asked?.Delta ?? asked?.Date - clock.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
