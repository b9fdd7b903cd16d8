using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using NextUp.Actors.Jobs;
using NextUp.Client.Work;
using NextUp.Server.Workers.Working;

namespace NextUp.UnitTests.Workers;

/// <summary>NextUp's own worker against a server of a few lines: it has one job, and says when to stop.</summary>
public sealed class WorkerTests : IDisposable
{
    static readonly JobKind Kind = new("probe");
    readonly string _folder = Directory.CreateTempSubdirectory("nextup-worker-").FullName;
    readonly OneJobServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_runs_when_the_worker_is_asked_to_end_is_handed_back_after_its_grace_time()
    {
        using var drain = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        var processor = new Probe(stop => never.Task.WaitAsync(stop));
        var working = WorkAsync(processor, drain.Token);
        await processor.Begun;

        await drain.CancelAsync();

        Assert.Equal(WorkerEnd.Drained, await working);
        Assert.Contains("hand-back", Assert.Single(_server.Failed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_does_not_stop_when_it_is_told_to_ends_its_process()
    {
        var never = new TaskCompletionSource();
        var processor = new Probe(_ => never.Task);
        _server.SaysStop = true;

        Assert.Equal(WorkerEnd.Stuck, await WorkAsync(processor, CancellationToken.None));
        Assert.Empty(_server.Failed);
        never.SetResult();
    }

    [Fact]
    public async Task A_fault_of_the_work_is_a_retry_with_its_words()
    {
        using var drain = new CancellationTokenSource();
        var working = WorkAsync(new Probe(_ => throw new InvalidOperationException("it broke")), drain.Token);

        await _server.HasFailed;
        await drain.CancelAsync();

        Assert.Equal(WorkerEnd.Drained, await working);
        Assert.Contains("it broke", Assert.Single(_server.Failed), StringComparison.Ordinal);
        Assert.Contains("\"retry\"", _server.Failed.Single(), StringComparison.Ordinal);
    }

    async Task<WorkerEnd> WorkAsync(IJobProcessor processor, CancellationToken drain)
    {
        using var http = new HttpClient(_server, disposeHandler: false) { BaseAddress = new Uri("http://queue.example/") };
        var client = new WorkClient(http, "token", TimeProvider.System, new Random(1));
        var options = new WorkerOptions("probe", 1, TimeSpan.Zero, _folder) { StuckAfter = TimeSpan.FromMilliseconds(300) };
        using var worker = new Worker(
            client, new Dictionary<JobKind, IJobProcessor> { [Kind] = processor }, options, TimeProvider.System, new Random(1), _ => { });
        return await worker.RunAsync(drain).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    sealed class Probe(Func<CancellationToken, Task> work) : IJobProcessor
    {
        readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public JobKind Kind => WorkerTests.Kind;

        public ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public async Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken)
        {
            _begun.SetResult();
            await work(cancellationToken);
            return new JobOutcome.Done("{}", []);
        }
    }

    sealed class OneJobServer : HttpMessageHandler
    {
        const string Job = "00000001-0000-0000-0000-000000000000";
        readonly TaskCompletionSource _hasFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int _given;

        public bool SaysStop { get; set; }

        public ConcurrentQueue<string> Failed { get; } = new();

        public Task HasFailed => _hasFailed.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            if (path.EndsWith("/fail", StringComparison.Ordinal))
            {
                Failed.Enqueue(await request.Content!.ReadAsStringAsync(cancellationToken));
                _hasFailed.TrySetResult();
                return Json(JsonContent.Create(new OutcomeView(Job, 1, "pending", null), WorkJson.Default.OutcomeView));
            }

            var ask = (await request.Content!.ReadFromJsonAsync(WorkJson.Default.LeaseRequest, cancellationToken))!;
            var given = ask.Count > 0 && Interlocked.Increment(ref _given) == 1;
            if (!given && !SaysStop && ask.WaitSeconds > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            LeasedJobView[] jobs = given
                ? [new(Job, "probe", 1, "in.txt", 1, null, "someone", null, "", "", "", "") { Content = [1] }] : [];
            StopView[] stops = SaysStop && ask.Holding?.Count > 0 ? [new(Job, 1, StopReasons.TimedOut)] : [];
            return Json(JsonContent.Create(new LeaseView(jobs, stops, 30), WorkJson.Default.LeaseView));
        }

        static HttpResponseMessage Json(JsonContent content) => new(HttpStatusCode.OK) { Content = content };
    }
}
