using System.Text.RegularExpressions;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

/// <summary>The page for Prometheus, and what deploy/ makes of it.</summary>
public sealed partial class MetricsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Every_metric_of_the_alerts_and_the_dashboard_is_on_the_page()
    {
        var page = await PageAsync();
        var families = FamilyLine().Matches(page).Select(line => line.Groups["name"].Value).ToHashSet();
        foreach (var file in new[] { "prometheus/alerts.yml", "grafana/nextup.json" })
        {
            var named = MetricName().Matches(await File.ReadAllTextAsync(Path.Combine(DeployFolder(), file)))
                .Select(name => name.Value).Distinct().ToList();
            Assert.True(named.Count > 10, $"{file} names {named.Count} metrics.");
            Assert.All(named, name => Assert.True(
                families.Contains(name) || families.Contains(HistogramPart().Replace(name, "")),
                $"{file} names {name}, which is not on the page."));
        }
    }

    [Fact]
    public async Task The_page_is_well_formed_and_its_histograms_add_up()
    {
        var lines = (await PageAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        Assert.Contains("nextup_jobs_completed_total{kind=\"bibtex\"} 1", lines);
        Assert.Contains("nextup_job_service_seconds_bucket{kind=\"bibtex\",le=\"+Inf\"} 1", lines);
        Assert.Contains("nextup_job_service_seconds_count{kind=\"bibtex\"} 1", lines);
        Assert.Contains("nextup_queue_slots 2", lines);
        Assert.Contains(lines, line => line.StartsWith(
            "nextup_http_request_seconds_count{route=\"/api/v1/jobs\",method=\"POST\",status=\"201\"} ", StringComparison.Ordinal));
        var buckets = lines.Where(line => line.StartsWith("nextup_store_commit_seconds_bucket", StringComparison.Ordinal))
            .Select(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..])).ToList();
        Assert.Equal(buckets.Order(), buckets);
        Assert.DoesNotContain(lines, line => line.Contains("measured.bib", StringComparison.Ordinal));
    }

    /// <summary>The page after exactly one job.</summary>
    async Task<string> PageAsync()
    {
        using var visitor = server.Process.Visitor();
        var page = await visitor.GetStringAsync("/metrics");
        if (page.Contains("nextup_jobs_completed_total{", StringComparison.Ordinal))
            return page;
        var job = await visitor.SubmittedAsync("measured.bib");
        await visitor.FinishedAsync(job.Id);
        return await visitor.GetStringAsync("/metrics");
    }

    static string DeployFolder()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "Actors.sln")))
            at = at.Parent;
        return Path.Combine(at.FullName, "deploy");
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? \S+)$""")]
    private static partial Regex Line();

    [GeneratedRegex("^# TYPE (?<name>\\S+)", RegexOptions.Multiline)]
    private static partial Regex FamilyLine();

    [GeneratedRegex("\\b(nextup|process|dotnet)_[a-z_]+")]
    private static partial Regex MetricName();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();
}
