using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NextUp.Client.Cleanup;
using NextUp.Client.Documents;
using NextUp.Client.Downloads;
using NextUp.Client.Estimates;
using NextUp.Client.Live;
using NextUp.Client.Notices;
using NextUp.Client.Settings;
using NextUp.Client.Steering;
using NextUp.Client.Tables;
using NextUp.Client.Uploads;
using NextUp.Client.Visitors;
using NextUp.Client.Wire;

namespace NextUp.Client;

/// <summary>
/// A caller of one NextUp server. Calls may run at the same time; many callers may share one <see cref="HttpClient"/>.
/// <para>
/// Every call throws <see cref="NextUpProblemException"/> when the server says no,
/// <see cref="ServerUnreachableException"/> when no answer came (after
/// <see cref="NextUpClientOptions.AttemptsMax"/> attempts), and
/// <see cref="OperationCanceledException"/> when it was cancelled by the caller.
/// </para>
/// </summary>
public sealed partial class NextUpClient
{
    /// <summary>How many jobs one page of a list may have.</summary>
    public const int PageJobsMax = 200;

    /// <summary>How long a call may take, its upload included, with <see cref="NewHttp"/>.</summary>
    public static readonly TimeSpan CallDurationMax = TimeSpan.FromMinutes(10);

    static readonly TimeSpan ConnectDurationMax = TimeSpan.FromSeconds(10);
    static readonly SubmitWishes NoWishes = new();

    readonly NextUpClientOptions _options;
    readonly Exchange _exchange;
    readonly LiveReader _live;
    readonly Uri _jobs;

    /// <param name="http">With the server's address as its BaseAddress. It stays the caller's.</param>
    /// <param name="token">A bearer token, or null for a visitor.</param>
    /// <param name="clock">Measures delays.</param>
    /// <param name="random">Spreads delays.</param>
    /// <param name="options">Null for the defaults.</param>
    public NextUpClient(
        HttpClient http, string? token, TimeProvider clock, Random random, NextUpClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        _options = options ?? new();
        _exchange = new(http, token, clock, random, _options);
        _live = new(_exchange, At("api/v1/events"), clock, _options);
        _jobs = At("api/v1/jobs");
        Notices = new(_exchange, At("api/v1/notices"));
        Documents = new(_exchange, At("api/v1/documents"));
        Care = new(_exchange);
        Steering = new(_exchange);
        Papers = new(_exchange);
        Tables = new(this, _exchange, At("api/v1/tables"));
    }

    /// <summary>How you want to be told of your jobs.</summary>
    public NoticesClient Notices { get; }

    /// <summary>The caller's documents.</summary>
    public DocumentsClient Documents { get; }

    /// <summary>For operators: pause, resume, and how many jobs may run at once.</summary>
    public SteeringClient Steering { get; }

    /// <summary>Your tables: previews, imports, records and profiles.</summary>
    public TablesClient Tables { get; }

    public Uri Server => _exchange.Server;

    /// <summary>An <see cref="HttpClient"/> for one server; dispose it when done.</summary>
    /// <param name="server">The address; a path in it is kept, so that a server behind a path of a proxy works.</param>
    /// <param name="visitor">Carries a visitor's identity; null sends no cookies and keeps none.</param>
    public static HttpClient NewHttp(Uri server, VisitorCookie? visitor = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        HttpMessageHandler handler = new SocketsHttpHandler
        {
            // Cookies of a shared container would make all callers of one HttpClient one visitor.
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = ConnectDurationMax,
            Expect100ContinueTimeout = TimeSpan.FromSeconds(5),
            ActivityHeadersPropagator = null,
        };
        if (visitor is not null)
            handler = new VisitorHandler(visitor, handler);
        return new(handler)
        {
            BaseAddress = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/"),
            Timeout = CallDurationMax,
        };
    }

    /// <summary>
    /// Submits a file. Durable when this returns. A lost answer is asked for again with the same idempotency key, so
    /// that there is one job, however often it was sent.
    /// </summary>
    /// <exception cref="NextUpProblemException">
    /// <see cref="ProblemCodes.JobLimitReached"/> with the job in the way, <see cref="ProblemCodes.UnfitUpload"/>,
    /// <see cref="ProblemCodes.UploadTooLarge"/> and others.
    /// </exception>
    /// <exception cref="UploadUnreadableException">The file could not be read.</exception>
    public async Task<JobView> SubmitAsync(
        Upload upload, SubmitWishes? wishes = null, CancellationToken cancellationToken = default)
    {
        using var response = await SendUploadsAsync(_jobs, [upload], wishes ?? NoWishes, cancellationToken);
        return await _exchange.ReadAsync(response, WireJson.Wire.JobView, cancellationToken);
    }

    /// <summary>
    /// Submits files in one call; one outcome a file, in their order. A file that is refused does not keep the others
    /// from being accepted.
    /// </summary>
    public async Task<IReadOnlyList<SubmitOutcome>> SubmitManyAsync(
        IReadOnlyList<Upload> uploads, SubmitWishes? wishes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uploads);
        using var response = await SendUploadsAsync(_jobs, uploads, wishes ?? NoWishes, cancellationToken);
        if (response.StatusCode == HttpStatusCode.MultiStatus)
            return (await _exchange.ReadAsync(response, WireJson.Wire.SubmitOutcomes, cancellationToken)).Results;

        var job = await _exchange.ReadAsync(response, WireJson.Wire.JobView, cancellationToken);
        return [new SubmitOutcome(uploads[0].FileName, (int)response.StatusCode, job, null)];
    }

    /// <summary>What is in a file and what its entries lack. Makes no job.</summary>
    public async Task<FilePreview> PreviewAsync(
        Upload upload, string? kind = null, CancellationToken cancellationToken = default)
    {
        using var response = await SendUploadsAsync(
            At("api/v1/preview"), [upload], new() { Kind = kind }, cancellationToken);
        return await _exchange.ReadAsync(response, WireJson.Wire.FilePreview, cancellationToken);
    }

    /// <exception cref="NextUpProblemException">
    /// <see cref="ProblemCodes.JobNotFound"/>: no such job of yours.
    /// </exception>
    public Task<JobView> JobAsync(string id, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(OfJob(id), WireJson.Wire.JobView, cancellationToken);

    /// <summary>Your jobs, newest first, page by page as they are read.</summary>
    /// <param name="state">Only jobs in this state, one of <see cref="JobStateNames"/>; null for all.</param>
    /// <param name="pageJobs">How many jobs a call fetches, 1 to <see cref="PageJobsMax"/>.</param>
    public async IAsyncEnumerable<JobView> JobsAsync(
        string? state = null, int pageJobs = 50, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? after = null;
        do
        {
            var page = await JobsPageAsync(state, pageJobs, after, cancellationToken);
            foreach (var job in page.Jobs)
                yield return job;
            after = page.Next;
        }
        while (after is not null);
    }

    /// <param name="after">What the page before said as its <see cref="JobPage.Next"/>; null for the first.</param>
    public Task<JobPage> JobsPageAsync(
        string? state, int limit, string? after, CancellationToken cancellationToken = default)
    {
        var query = $"api/v1/jobs?limit={limit}";
        if (state is not null)
            query += "&state=" + Uri.EscapeDataString(state);
        if (after is not null)
            query += "&after=" + Uri.EscapeDataString(after);
        return _exchange.GetAsync(At(query), WireJson.Wire.JobPage, cancellationToken);
    }

    /// <summary>Cancels a job; when this returns its work has stopped.</summary>
    /// <exception cref="NextUpProblemException">
    /// <see cref="ProblemCodes.JobAlreadyFinished"/> if it ended before.
    /// </exception>
    public async Task<JobView> CancelAsync(string id, CancellationToken cancellationToken = default)
    {
        var sent = 0;
        try
        {
            using var response = await _exchange.SendAsync(
                () =>
                {
                    sent++;
                    return _exchange.NewRequest(HttpMethod.Post, OfJob(id, "/cancel"));
                },
                HttpCompletionOption.ResponseContentRead, cancellationToken);
            return await _exchange.ReadAsync(response, WireJson.Wire.JobView, cancellationToken);
        }
        catch (NextUpProblemException finished) when (sent > 1 && finished.Code == ProblemCodes.JobAlreadyFinished)
        {
            // Perhaps it was our own earlier request, whose answer was lost, that finished it.
            var job = await JobAsync(id, cancellationToken);
            if (job.State != JobStateNames.Cancelled)
                throw;
            return job;
        }
    }

    /// <summary>
    /// A new job over the result of a completed one, or over the upload of one that failed or was cancelled.
    /// </summary>
    /// <param name="idempotencyKey">As <see cref="SubmitWishes.IdempotencyKey"/>.</param>
    /// <exception cref="NextUpProblemException">
    /// <see cref="ProblemCodes.JobNotFinished"/>, <see cref="ProblemCodes.ChoiceNotPossible"/>, and what a submission is
    /// refused for.
    /// </exception>
    public async Task<JobView> AgainAsync(
        string id, AgainRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var key = idempotencyKey ?? Guid.NewGuid().ToString("N");
        var body = JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Wire.AgainRequest);
        using var response = await _exchange.SendAsync(
            () =>
            {
                var message = _exchange.NewRequest(HttpMethod.Post, OfJob(id, "/again"));
                message.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
                message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
                return message;
            },
            HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, WireJson.Wire.JobView, cancellationToken);
    }

    /// <summary>The result of a completed job. Dispose it.</summary>
    /// <exception cref="NextUpProblemException">
    /// <see cref="ProblemCodes.ResultNotReady"/> before completion.
    /// </exception>
    public Task<FileDownload> ResultAsync(string id, CancellationToken cancellationToken = default) =>
        DownloadAsync(OfJob(id, "/result"), cancellationToken);

    /// <summary>The file as it was submitted. Dispose it.</summary>
    public Task<FileDownload> OriginalAsync(string id, CancellationToken cancellationToken = default) =>
        DownloadAsync(OfJob(id, "/original"), cancellationToken);

    /// <summary>What was found for each unit of work, an object whose shape is the kind's.</summary>
    public Task<JsonElement> ReportAsync(string id, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(OfJob(id, "/report"), WireJson.Wire.JsonElement, cancellationToken);

    /// <summary>What the result changed, an object whose shape is the kind's.</summary>
    public Task<JsonElement> DiffAsync(string id, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(OfJob(id, "/diff"), WireJson.Wire.JsonElement, cancellationToken);

    /// <summary>The lines of a job's log so far, page by page as they are read.</summary>
    /// <param name="after">Only lines with a greater number.</param>
    public async IAsyncEnumerable<LogLineView> LogAsync(
        string id, long after = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var page = await _exchange.GetAsync(
                OfJob(id, $"/log?after={after}"), WireJson.Wire.LogPage, cancellationToken);
            foreach (var line in page.Lines)
                yield return line;
            if (page.Lines.Count == 0 || page.Next <= after)
                yield break;
            after = page.Next;
        }
    }

    /// <summary>The whole system in counts.</summary>
    public Task<QueueView> QueueAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("api/v1/queue"), WireJson.Wire.QueueView, cancellationToken);

    /// <summary>Who you are to the server, and your unfinished jobs.</summary>
    public Task<MeView> MeAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("api/v1/me"), WireJson.Wire.MeView, cancellationToken);

    /// <summary>How well the estimated starts were met, by kind; for operators.</summary>
    /// <exception cref="NextUpProblemException"><see cref="ProblemCodes.Forbidden"/> to everyone else.</exception>
    public Task<EstimatesView> EstimatesAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("api/v1/operations/estimates"), EstimatesJson.Default.EstimatesView, cancellationToken);

    /// <summary>One sweep now, for administrators: clears what is stuck, and deletes old jobs where asked.</summary>
    /// <param name="isDryRun">Change nothing and say what would be done.</param>
    /// <param name="deleteOlderThanDays">Delete jobs that ended longer ago; null deletes none.</param>
    /// <exception cref="NextUpProblemException"><see cref="ProblemCodes.Forbidden"/> to everyone else.</exception>
    public async Task<CleanupView> CleanupAsync(
        bool isDryRun, int? deleteOlderThanDays, CancellationToken cancellationToken = default)
    {
        var address = At(deleteOlderThanDays is { } days
            ? $"api/v1/cleanup?dryRun={isDryRun}&deleteOlderThanDays={days}"
            : $"api/v1/cleanup?dryRun={isDryRun}");
        using var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Post, address), HttpCompletionOption.ResponseContentRead,
            cancellationToken);
        return await _exchange.ReadAsync(response, CleanupJson.Default.CleanupView, cancellationToken);
    }

    /// <summary>The server's settings in force, for administrators; secrets are not shown.</summary>
    /// <exception cref="NextUpProblemException"><see cref="ProblemCodes.Forbidden"/> to everyone else.</exception>
    public Task<SettingsView> SettingsAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("api/v1/operations/config"), SettingsWire.Wire.SettingsView, cancellationToken);

    /// <summary>Has the server read its settings again, for administrators.</summary>
    /// <exception cref="NextUpProblemException">
    /// <see cref="ProblemCodes.SettingsRefused"/> with every fault: nothing was changed. <see cref="ProblemCodes.Forbidden"/>
    /// to everyone else.
    /// </exception>
    public async Task<ReloadView> ReloadSettingsAsync(CancellationToken cancellationToken = default)
    {
        using var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Post, At("api/v1/operations/config/reload")),
            HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, SettingsWire.Wire.ReloadView, cancellationToken);
    }

    /// <summary>
    /// What happens to your jobs, as it happens, without end. A lost connection is opened again and goes on where it
    /// was: each numbered event arrives once and in order. Ends by cancellation.
    /// </summary>
    /// <param name="after">
    /// The number of the last event you know, to be told what you missed; null to begin now.
    /// </param>
    public IAsyncEnumerable<LiveEvent> EventsAsync(long? after = null, CancellationToken cancellationToken = default) =>
        _live.ReadAsync(after, cancellationToken);

    async Task<HttpResponseMessage> SendUploadsAsync(
        Uri address, IReadOnlyList<Upload> uploads, SubmitWishes wishes, CancellationToken cancellationToken)
    {
        var key = wishes.IdempotencyKey ?? Guid.NewGuid().ToString("N");
        return await _exchange.SendAsync(
            () =>
            {
                var request = _exchange.NewRequest(HttpMethod.Post, address);
                var content = new UploadContent(uploads, wishes);
                request.Content = content;
                request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
                if (content.Length is not { } length || length >= _options.AskFirstBytesMin)
                    request.Headers.ExpectContinue = true;
                return request;
            },
            HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    async Task<FileDownload> DownloadAsync(Uri address, CancellationToken cancellationToken)
    {
        var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Get, address), HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);
        return await FileDownload.OfAsync(response, _exchange, cancellationToken);
    }

    Uri OfJob(string id, string rest = "") => At($"api/v1/jobs/{Uri.EscapeDataString(id)}{rest}");

    Uri At(string path) => new(_exchange.Server, path);
}
