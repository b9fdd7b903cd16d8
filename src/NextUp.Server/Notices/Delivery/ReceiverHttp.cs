using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using NextUp.Server.Settings;

namespace NextUp.Server.Notices.Delivery;

/// <summary>
/// Posts to addresses that users name. The address that a name leads to is looked at when the connection is made, so
/// that a name cannot lead elsewhere after it was checked. Redirects are not followed, no proxy, no cookies; time, and
/// what is read of an answer, are limited.
/// </summary>
sealed class ReceiverHttp : IDisposable
{
    /// <summary>Bytes of an answer that are read; the rest is not waited for.</summary>
    public const int AnswerBytesMax = 2_000;

    /// <summary>KiB of an answer's headers; more is no answer.</summary>
    const int HeadersKibMax = 16;

    /// <summary>Connections live this long, so that a name that has moved is asked for again.</summary>
    static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    readonly HttpClient _http;
    readonly Func<NoticeSettings> _settings;
    readonly TimeProvider _clock;

    /// <param name="settings">Those in force. A connection that is open when private addresses come to be refused is used until
    /// its life is over.</param>
    public ReceiverHttp(Func<NoticeSettings> settings, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = HeadersKibMax,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectCallback = ConnectAsync,
        };
        _http = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("NextUp", "0.1"));
    }

    /// <summary>Posts once. <paramref name="isGone"/> says which statuses mean that the receiver is gone for good.</summary>
    public async Task<SendOutcome> PostAsync(
        string address, HttpContent content, Action<HttpRequestHeaders>? addHeaders, Func<int, bool> isGone,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        addHeaders?.Invoke(request.Headers);
        var timeout = _settings().Timeout;
        using var late = new CancellationTokenSource(timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(response, await ExcerptAsync(response, either.Token), isGone);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendOutcome.Away(null, $"No answer within {timeout.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException error)
        {
            return new SendOutcome.Away(null, Words(error));
        }
    }

    public void Dispose() => _http.Dispose();

    SendOutcome Judge(HttpResponseMessage response, string excerpt, Func<int, bool> isGone)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
            return new SendOutcome.Delivered(status, excerpt);
        if (isGone(status))
            return new SendOutcome.Gone(status, excerpt);
        if (status is >= 300 and < 400)
            return new SendOutcome.Refused(status, "It redirects, which is not followed. Name the new address instead.");

        var asked = response.Headers.RetryAfter;
        return status is 408 or 425 or 429 or >= 500
            ? new SendOutcome.Away(status, excerpt, asked?.Delta ?? asked?.Date - _clock.GetUtcNow())
            : new SendOutcome.Refused(status, excerpt);
    }

    /// <summary>The status counts; words that do not come in time are done without.</summary>
    static async Task<string> ExcerptAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[AnswerBytesMax];
        var read = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException)
        {
            return "(The answer's body did not come.)";
        }

        var text = Encoding.UTF8.GetString(buffer, 0, read);
        return string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
    }

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var name = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(name.Host, cancellationToken);
        if (!_settings().AllowPrivateAddresses)
            addresses = Array.FindAll(addresses, PublicAddresses.Has);
        if (addresses.Length == 0)
        {
            throw new HttpRequestException(
                $"{name.Host} has no public address, and private ones are refused (notices.allowPrivateAddresses).");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, name.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static string Words(HttpRequestException error) => error switch
    {
        { HttpRequestError: HttpRequestError.NameResolutionError } => "Its name is not known.",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "No secure connection could be made.",
        { HttpRequestError: HttpRequestError.ResponseEnded } => "It hung up before it had answered.",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } } =>
            "Its name is not known.",
        { InnerException: SocketException } => "Nothing answers there.",
        _ => error.InnerException is HttpRequestException inner ? inner.Message : error.Message,
    };
}
