using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Workers;
using NextUp.Client.Wire;
using NextUp.Client.Work;
using NextUp.Hosting.Workers;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Workers;

/// <summary><c>POST /api/v1/work/lease</c>: a worker asks for jobs and waits for them.</summary>
/// <param name="userKey">Turns users into words that say nothing about them.</param>
sealed class LeaseEndpoint(
    LeaseDesk desk, IJobStore store, IFileStore files, JobKinds kinds, Tenures tenures, byte[] userKey)
{
    const string JobsPath = "/api/v1/work/";

    public async Task LeaseAsync(HttpContext context, Caller caller)
    {
        var (request, problem) = await WorkRequests.ReadAsync(context, WorkJson.Default.LeaseRequest);
        WorkerAsk? ask = null;
        if (request is not null)
            (ask, problem) = Ask(caller, request);
        if (ask is null)
        {
            await Problems.WriteAsync(context, problem!);
            return;
        }

        using var tenure = await tenures.BeginAsync(caller);
        await using var gone = context.RequestAborted.Register(tenure.End);
        var answer = await desk.AskAsync(ask, tenure.Over);
        if (tenure.IsOver)
        {
            // What it was given in this very moment goes to another worker when the lease has run out.
            await Problems.WriteAsync(context, Problems.Unauthorized());
            return;
        }

        if (answer is not WorkerAnswer.Given given)
        {
            await Problems.WriteAsync(context, Problems.WorkerSuperseded(request!.Worker));
            return;
        }

        var jobs = await ViewsAsync(given.Jobs, Math.Min(request!.InlineBytesMax, WorkLimits.InlineBytesMax));
        StopView[] stops = [.. given.Stops.Select(stop => new StopView(
            stop.Job.ToString(), stop.Attempt, WorkRequests.Word(stop.Reason)))];
        await Answers.JsonAsync(context, 200, new(jobs, stops, desk.Term.TotalSeconds), WorkJson.Default.LeaseView);
    }

    (WorkerAsk? Ask, Problem? Problem) Ask(Caller caller, LeaseRequest request)
    {
        if (!WorkerId.IsName(request.Worker))
        {
            return (null, Problems.InvalidRequest(
                $"\"worker\" is the worker's name: 1 to {WorkerId.NameLengthMax} letters, digits, dots, dashes, underscores."));
        }

        if (request.Count is < 0 or > LeaseAsk.CountMax || request.WaitSeconds is < 0 or > WorkLimits.WaitSecondsMax
            || request.InlineBytesMax < 0 || request.Holding?.Count > WorkLimits.AttemptsMax)
        {
            return (null, Problems.InvalidRequest(
                $"\"count\" is 0 to {LeaseAsk.CountMax}, \"waitSeconds\" 0 to {WorkLimits.WaitSecondsMax}, \"inlineBytesMax\" 0 or "
                + $"more, and \"holding\" has at most {WorkLimits.AttemptsMax} attempts."));
        }

        List<JobKind> asked = [];
        foreach (var name in request.Kinds is { Count: > 0 } named ? named : kinds.Names.Select(kind => kind.Value))
        {
            if (kinds.Find(name) is not { } kind)
                return (null, Problems.UnknownKind(name, kinds.Names));
            if (kinds.PolicyOf(kind).WorkedBy != WorkedBy.Here)
                asked.Add(kind.Kind);
        }

        if (asked.Count == 0)
            return (null, Problems.KindNotLent(request.Kinds ?? []));

        var wait = TimeSpan.FromSeconds(request.WaitSeconds ?? WorkLimits.WaitSecondsDefault);
        var part = desk.Term / WorkLimits.WaitPart;
        var held = request.Holding?.Select(holding => WorkRequests.Held(holding.Job, holding.Attempt)).OfType<HeldAttempt>().ToHashSet();
        var lease = new Lease(WorkerId.Of(caller.User.AccountName!, request.Worker), request.Incarnation);
        return (new(lease, asked, request.Count, wait < part ? wait : part, held), null);
    }

    async Task<IReadOnlyList<LeasedJobView>> ViewsAsync(IReadOnlyList<JobRecord> jobs, int inlineBytesMax)
    {
        var views = new LeasedJobView[jobs.Count];
        var inAll = 0L;
        for (var i = 0; i < views.Length; i++)
        {
            var job = jobs[i];
            var isInline = job.FileSize <= inlineBytesMax && (inAll += job.FileSize) <= WorkLimits.InlineBytesInAllMax;
            views[i] = View(job, isInline ? await ContentAsync(job) : null);
        }

        return views;
    }

    async Task<byte[]?> ContentAsync(JobRecord job)
    {
        if (await store.FindFileAsync(job.Sequence, FileRole.Original) is not { } file)
            return null;
        if (file.Inline is { } content)
            return content;
        await using var stream = files.Open(file);
        var bytes = new byte[file.Size];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    LeasedJobView View(JobRecord job, byte[]? content)
    {
        var (path, attempt) = ($"{JobsPath}{job.Id}/", $"?attempt={job.Attempt}");
        return new(
            job.Id.ToString(), job.Kind.Value, job.Attempt, job.FileName, job.FileSize, Options(job), Shown(job), job.Deadline,
            $"{path}input{attempt}", $"{path}heartbeat{attempt}", $"{path}complete{attempt}", $"{path}fail{attempt}")
        {
            Content = content,
            Traceparent = job.Trace,
        };
    }

    static JsonElement? Options(JobRecord job)
    {
        if (job.Options is null)
            return null;
        using var document = JsonDocument.Parse(job.Options);
        return document.RootElement.Clone();
    }

    string Shown(JobRecord job) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(userKey, Encoding.UTF8.GetBytes(job.User.Value)).AsSpan(0, 12));
}
