using System.Text.Json;
using NextUp.UnitTests.Commands;

namespace NextUp.UnitTests.Settings;

/// <summary><c>config check</c> on files that are broken, each in its own way.</summary>
public sealed class BrokenFileTests
{
    [Theory]
    [InlineData("""{"queue":{"slots":0}}""", "queue.slots", "a whole number from 1 to 10000")]
    [InlineData("""{"queue":{"slots":10001}}""", "queue.slots", "a whole number from 1 to 10000")]
    [InlineData("""{"queue":{"slots":-3}}""", "queue.slots", "a whole number from 1 to 10000")]
    [InlineData("""{"queue":{"slots":2.5}}""", "queue.slots", "a whole number from 1 to 10000")]
    [InlineData("""{"queue":{"slots":"8"}}""", "queue.slots", "a whole number from 1 to 10000")]
    [InlineData("""{"queue":{"slots":null}}""", "queue.slots", "a whole number from 1 to 10000")]
    [InlineData("""{"queue":{"slots":[4]}}""", "queue.slots", "a whole number from 1 to 10000")]
    [InlineData("""{"queue":{"paused":"yes"}}""", "queue.paused", "true or false")]
    [InlineData("""{"queue":{"paused":1}}""", "queue.paused", "true or false")]
    [InlineData("""{"queue":7}""", "queue", "must be an object")]
    [InlineData("""{"queue":{"slot":4}}""", "queue.slot", "Did you mean queue.slots?")]
    [InlineData("""{"queue":{"Slots":4}}""", "queue.Slots", "Did you mean queue.slots?")]
    [InlineData("""{"quque":{"slots":4}}""", "quque", "Did you mean queue?")]
    [InlineData("""{"slots":4}""", "slots", "Did you mean queue.slots?")]
    [InlineData("""{"zebra":4}""", "zebra", "At the top there are")]
    [InlineData("""{"kinds":{"bibtx":{}}}""", "kinds.bibtx", "Did you mean kinds.bibtex?")]
    [InlineData("""{"kinds":{"bibtex":{"when_busy":"hold"}}}""", "kinds.bibtex.when_busy", "Did you mean kinds.bibtex.whenBusy?")]
    [InlineData("""{"kinds":{"bibtex":{"whenBusy":"wait"}}}""", "kinds.bibtex.whenBusy", "one of refuse, hold, replace")]
    [InlineData("""{"kinds":{"bibtex":{"attemptDuration":600}}}""", "kinds.bibtex.attemptDuration", "Say the unit")]
    [InlineData("""{"kinds":{"bibtex":{"attemptDuration":"10 minutes"}}}""", "kinds.bibtex.attemptDuration", "ms, s, m, h or d")]
    [InlineData("""{"kinds":{"bibtex":{"attemptDuration":"10"}}}""", "kinds.bibtex.attemptDuration", "ms, s, m, h or d")]
    [InlineData("""{"kinds":{"bibtex":{"attemptDuration":"1.5h"}}}""", "kinds.bibtex.attemptDuration", "a whole number and its unit")]
    [InlineData("""{"kinds":{"bibtex":{"attemptDuration":"8d"}}}""", "kinds.bibtex.attemptDuration", "from \"1s\" to \"7d\"")]
    [InlineData(
        """{"kinds":{"bibtex":{"attemptDurationSeconds":60}}}""", "kinds.bibtex.attemptDurationSeconds",
        "Did you mean kinds.bibtex.attemptDuration?")]
    [InlineData("""{"kinds":{"bibtex":{"activePerUserMax":0}}}""", "kinds.bibtex.activePerUserMax", "from 1 to 1000, or none")]
    [InlineData("""{"kinds":{"bibtex":{"uploadBytesMax":"10MB"}}}""", "kinds.bibtex.uploadBytesMax", "a number of bytes")]
    [InlineData(
        """{"kinds":{"bibtex":{"retryDelay":"10m","retryDelayMax":"1m"}}}""", "kinds.bibtex.retryDelay", "raise retryDelayMax")]
    [InlineData("""{"bibtex":{"uploadBytesMax":5}}""", "bibtex.uploadBytesMax", "Did you mean kinds.bibtex.uploadBytesMax?")]
    [InlineData("""{"bibtex":{"providers":["catalog"]}}""", "bibtex.providers", "catalogue, crossref")]
    [InlineData("""{"bibtex":{"providers":["crossref","crossref"]}}""", "bibtex.providers", "each at most once")]
    [InlineData("""{"bibtex":{"providers":[]}}""", "bibtex.providers", "a list of one or more")]
    [InlineData("""{"bibtex":{"mailto":"nobody"}}""", "bibtex.mailto", "such as me@example.org")]
    [InlineData(
        """{"bibtex":{"crossref":{"timeoutSeconds":30}}}""", "bibtex.crossref.timeoutSeconds",
        "Did you mean bibtex.crossref.timeout?")]
    [InlineData("""{"bibtex":{"arxiv":{"baseAddress":"arxiv.org"}}}""", "bibtex.arxiv.baseAddress", "begins with http:// or https://")]
    [InlineData("""{"bibtex":{"crossref":{"requestsPerSecondMax":0}}}""", "bibtex.crossref.requestsPerSecondMax", "from 0.01 to 1000")]
    [InlineData("""{"server":{"urls":"localhost:8080"}}""", "server.urls", "http://127.0.0.1:8080")]
    [InlineData(
        """{"scheduler_settings":{"max_retrys":3}}""", "scheduler_settings.max_retrys",
        "Did you mean scheduler_settings.max_retries?")]
    [InlineData("""{"cleanup":{"interval":"9s"}}""", "cleanup.interval", "10s")]
    [InlineData("""{"cleanup":{"retentionDays":0}}""", "cleanup.retentionDays", "from 1 to 36500")]
    [InlineData("""{"kinds":{"bibtex":{"crashesMax":0}}}""", "kinds.bibtex.crashesMax", "from 1 to 100")]
    [InlineData("""{"kinds":{"bibtex":{"stalePendingAfter":"59s"}}}""", "kinds.bibtex.stalePendingAfter", "1m")]
    [InlineData("""{"kinds":{"bibtex":{"retention":"23h"}}}""", "kinds.bibtex.retention", "1d")]
    [InlineData(
        """{"kinds":{"bibtex":{"attemptDuration":"20m","totalDuration":"19m"}}}""", "kinds.bibtex.totalDuration",
        "shorter than attemptDuration, \"20m\"")]
    [InlineData("""{"scheduler_settings":{"max_retries":100}}""", "scheduler_settings.max_retries", "a whole number from 0 to 99")]
    [InlineData("""{"scheduler_settings":{"job_timeout_minutes":0}}""", "scheduler_settings.job_timeout_minutes", "from 1 to 10080")]
    [InlineData("""{"job_processing":{"queue_priority":"random"}}""", "job_processing.queue_priority", "\"first_in_first_out\"")]
    [InlineData(
        """{"scheduler_settings":{"max_concurrent_jobs_per_user":3},"job_processing":{"single_job_per_user":true}}""",
        "job_processing.single_job_per_user", "Write false")]
    [InlineData(
        """{"scheduler_settings":{"max_retries":3},"kinds":{"bibtex":{"attemptsMax":9}}}""",
        "kinds.bibtex.attemptsMax = 9", "make them agree")]
    [InlineData(
        """{"scheduler_settings":{"job_timeout_minutes":90},"job_processing":{"max_processing_time_minutes":60}}""",
        "job_processing.max_processing_time_minutes", "scheduler_settings.job_timeout_minutes = 90")]
    [InlineData("""{"queue":{},"queue":{}}""", "queue", "Mend it there")]
    [InlineData("""{"queue":{"slots":4}""", "not JSON", "Mend it there")]
    [InlineData("[]", "must be an object", "{...}")]
    [InlineData("", "not JSON", "Mend it there")]
    public async Task Of_a_broken_file_the_key_and_the_way_out_are_named(string json, string key, string wayOut)
    {
        using var run = new CommandRun();
        run.NewFile("broken.json", json);

        Assert.Equal(2, await run.RunAsync("config", "check", "broken.json"));

        Assert.Empty(run.Out);
        Assert.Contains(key, run.Error, StringComparison.Ordinal);
        Assert.Contains(wayOut, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_faults_of_a_file_are_told_at_once_also_as_JSON()
    {
        using var run = new CommandRun();
        run.NewFile("nextup.json", """{"queue":{"slots":0,"x":1},"y":2,"kinds":{"bibtex":{"stopGrace":5}}}""");

        Assert.Equal(2, await run.RunAsync("config", "check", "--json"));

        using var answer = JsonDocument.Parse(run.Out);
        Assert.False(answer.RootElement.GetProperty("isUsable").GetBoolean());
        Assert.Equal(
            ["kinds.bibtex.stopGrace", "queue.slots", "queue.x", "y"],
            answer.RootElement.GetProperty("faults").EnumerateArray().Select(fault => fault.GetProperty("key").GetString()!)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_whole_is_said_to_be_so_and_its_values_are_shown_with_their_sources()
    {
        using var run = new CommandRun();
        run["NEXTUP__queue__paused"] = "true";
        run.NewFile("nextup.json", """{"queue":{"slots":6},"bibtex":{"crossref":{"apiKey":"do-not-tell"}}}""");

        Assert.Equal(0, await run.RunAsync("config", "check"));
        Assert.Equal(0, await run.RunAsync("config", "show", "--json", "--set", "kinds.bibtex.slots=3"));

        Assert.DoesNotContain("do-not-tell", run.Out, StringComparison.Ordinal);
        using var answer = JsonDocument.Parse(run.Out);
        var shown = answer.RootElement.GetProperty("settings").EnumerateArray().ToDictionary(
            setting => setting.GetProperty("key").GetString()!,
            setting => (setting.GetProperty("value").GetString(), setting.GetProperty("source").GetString()));
        Assert.Equal(("6", "nextup.json"), shown["queue.slots"]);
        Assert.Equal(("true", "NEXTUP__queue__paused"), shown["queue.paused"]);
        Assert.Equal(("3", "--set kinds.bibtex.slots"), shown["kinds.bibtex.slots"]);
        Assert.Equal(("3", "default"), shown["kinds.bibtex.attemptsMax"]);
        Assert.Equal(("(not shown)", "nextup.json"), shown["bibtex.crossref.apiKey"]);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_an_error()
    {
        using var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync("config", "check", "nowhere.json"));

        Assert.Contains("nowhere.json", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await run.RunAsync("config", "check"));
    }

    [Fact]
    public async Task Commands_on_the_data_folder_find_it_where_the_settings_say()
    {
        using var run = new CommandRun();
        Directory.CreateDirectory(Path.Combine(run.Folder, "elsewhere"));
        run.NewFile("nextup.json", """{"server":{"dataFolder":"elsewhere"}}""");

        Assert.Equal(0, await run.RunAsync("token", "--user", "ada"));

        Assert.True(Directory.Exists(Path.Combine(run.Folder, "elsewhere", "keys")));
    }
}
