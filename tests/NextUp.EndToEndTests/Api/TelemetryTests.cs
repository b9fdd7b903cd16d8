using System.Net;
using System.Text.Json;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class TelemetryTests
{
    const string FileName = "secret-name-7.bib";

    [Fact]
    public async Task One_trace_goes_from_the_upload_through_the_services_to_the_result()
    {
        using var collector = new OtlpReceiver();
        using var service = new OtlpReceiver("""{"status":"ok","message":{"total-results":0,"items":[]}}""");
        await using var server = await ServerProcess.StartAsync(Config(collector, service));
        using var visitor = server.Visitor();
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        visitor.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        var job = await visitor.SubmittedAsync(FileName);
        await visitor.FinishedAsync(job.Id);
        Assert.Equal(0, await server.StopAsync());

        var spans = collector.Spans.Where(span => span.Trace == trace).ToList();
        var upload = Assert.Single(
            spans, span => span is { Parent: "00f067aa0ba902b7", Name: "POST /api/v1/jobs" });
        var wait = Assert.Single(spans, span => span.Name == "wait in line");
        var attempt = Assert.Single(spans, span => span.Name == "attempt");
        Assert.Equal((upload.Id, upload.Id), (wait.Parent, attempt.Parent));
        Assert.Equal(job.Id, attempt.Tags["nextup.job.id"]);
        Assert.Equal("1", attempt.Tags["nextup.job.attempt"]);
        Assert.Equal("done", attempt.Tags["nextup.attempt.outcome"]);
        Assert.Contains(spans, span => span.Parent == attempt.Id && span.Name.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_trace_goes_on_in_a_worker_elsewhere_and_with_it_what_its_work_asks_of_services()
    {
        using var collector = new OtlpReceiver();
        using var service = new OtlpReceiver("""{"status":"ok","message":{"total-results":0,"items":[]}}""");
        await using var server = await ServerProcess.StartAsync(
            Config(collector, service).TrimEnd()[..^1] + ""","kinds": {"bibtex": {"workedBy": "workers"} } }""");
        var folder = server.Folder + "-work";
        await using var worker = WorkerProcess.Start(
            server, folder, "--config", Path.Combine(server.Folder, "test-settings.json"));
        using var visitor = server.Visitor();
        var trace = "5bf92f3577b34da6a3ce929d0e0e4736";
        visitor.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        var job = await visitor.SubmittedAsync(FileName);
        await visitor.FinishedAsync(job.Id);
        await worker.SignalAsync("TERM");
        Assert.Equal((0, ""), await worker.EndAsync());
        Assert.Equal(0, await server.StopAsync());

        var spans = collector.Spans.Where(span => span.Trace == trace).ToList();
        var upload = Assert.Single(spans, span => span.Name == "POST /api/v1/jobs");
        var work = Assert.Single(spans, span => span.Name == "work");
        Assert.Equal((upload.Id, job.Id, "done"), (work.Parent, work.Tags["nextup.job.id"], work.Tags["nextup.attempt.outcome"]));
        Assert.Contains(spans, span => span.Parent == work.Id && span.Name.StartsWith("GET", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task Probes_and_scrapers_are_not_traced(string path)
    {
        using var collector = new OtlpReceiver();
        await using var server = await ServerProcess.StartAsync(Config(collector, null));
        using var nobody = server.Nobody();
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync("/api/v1/queue")).StatusCode);
        Assert.Equal(0, await server.StopAsync());

        Assert.Contains(collector.Spans, span => span.Name == "GET /api/v1/queue");
        Assert.DoesNotContain(collector.Spans, span => span.Name.Contains(path, StringComparison.Ordinal) || span.Name == "GET");
    }

    [Fact]
    public async Task Logs_and_metrics_go_to_the_collector_with_the_jobs_fields_and_without_names()
    {
        using var collector = new OtlpReceiver();
        await using var server = await ServerProcess.StartAsync(Config(collector, null));
        using var account = server.Account("ann.lee");
        var job = await account.SubmittedAsync(FileName);
        await account.FinishedAsync(job.Id);
        Assert.Equal(0, await server.StopAsync());

        var lines = collector.Lines.Where(line => line.Fields.GetValueOrDefault("JobId") == job.Id).ToList();
        Assert.Equal(
            ["accepted", "started", "completed"],
            lines.Select(line => line.Text.Split(' ').First(word => word is "accepted" or "started" or "completed")));
        Assert.All(lines, line => Assert.Equal("bibtex", line.Fields["Kind"]));
        Assert.Equal(["0", "1", "1"], lines.Select(line => line.Fields["Attempt"]));
        Assert.Single(lines.Select(line => line.Fields["UserId"]).Distinct());
        Assert.Superset(
            new HashSet<string>
            {
                "nextup.job.wait.duration", "nextup.job.service.duration", "nextup.store.commit.duration",
                "nextup_queue_waiting_jobs", "http.server.request.duration",
            },
            collector.MetricNames.Keys.ToHashSet());
        Assert.All(collector.Authorizations, value => Assert.Equal("Bearer collector-token", value));
        var all = JsonSerializer.Serialize(new { collector.Lines, collector.Spans });
        Assert.DoesNotContain("ann.lee", all, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-name", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_away_holds_up_neither_jobs_nor_the_stop()
    {
        using var collector = new OtlpReceiver();
        var config = Config(collector, null);
        collector.Dispose();
        await using var server = await ServerProcess.StartAsync(config);
        using var visitor = server.Visitor();
        var job = await visitor.SubmittedAsync(FileName);
        Assert.Equal("completed", (await visitor.FinishedAsync(job.Id)).State);

        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task A_proxy_on_this_machine_does_not_open_the_metrics_page()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);
        using var direct = server.Nobody();
        using var proxied = server.Nobody();
        proxied.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");

        using var page = await direct.GetAsync("/metrics");
        using var refusal = await proxied.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", page.Content.Headers.ContentType?.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, refusal.StatusCode);
    }

    [Fact]
    public async Task Operators_alone_read_the_metrics_page_where_it_is_set_so()
    {
        await using var server = await ServerProcess.StartAsync(
            """{"telemetry":{"metricsPage":"operators"},"bibtex":{"providers":["catalogue"]}}""");
        using var nobody = server.Nobody();
        using var operators = server.Operator("olga");

        Assert.Equal(HttpStatusCode.Forbidden, (await nobody.GetAsync("/metrics")).StatusCode);
        Assert.Contains("nextup_store_up 1\n", await operators.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    static string Config(OtlpReceiver collector, OtlpReceiver? service)
    {
        var providers = service is null
            ? """ "providers": ["catalogue"] """
            : $$""" "providers": ["crossref"], "crossref": {"baseAddress": "{{service.Address}}"} """;
        return $$"""
            {
              "telemetry": {
                "otlpEndpoint": "{{collector.Address}}",
                "otlpHeaders": "Authorization=Bearer collector-token"
              },
              "bibtex": { {{providers}} }
            }
            """;
    }
}
