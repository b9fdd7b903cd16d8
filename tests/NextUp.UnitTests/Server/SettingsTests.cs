using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Server.Settings;

namespace NextUp.UnitTests.Server;

public sealed class SettingsTests
{
    [Fact]
    public void Without_any_key_everything_has_its_default()
    {
        var settings = Parse("{}");

        Assert.Equal(new QueueSettings(), settings.Queue);
        Assert.Equal(BibtexSettings.ProvidersKnown, settings.Bibtex.Providers.Providers);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var settings = Parse("""
            {
              // Comments and trailing commas are for people.
              "queue": { "slots": 7, "paused": true },
              "kinds": { "bibtex": {
                "whenBusy": "hold", "callerMayChoose": false, "activePerUserMax": null, "heldPerUserMax": 5, "slots": 2,
                "attemptsMax": 7, "attemptDuration": "90s", "retryDelay": "0s", "retryDelayMax": "2h", "stopGrace": "10ms",
                "uploadBytesMax": 1000,
              } },
              "bibtex": {
                "providers": ["catalogue", "crossref"],
                "mailto": "ops@example.org",
                "entriesMax": 10,
                "cacheBytesMax": 2000000,
                "crossref": { "baseAddress": "http://127.0.0.1:9", "requestsPerSecondMax": 0.5, "timeout": "7s" },
              },
            }
            """);

        Assert.Equal(new QueueSettings { Slots = 7, Paused = true }, settings.Queue);
        var kind = settings.Kinds.Of(BibtexProcessor.BibtexKind);
        Assert.Equal(
            new KindPolicy
            {
                Kind = BibtexProcessor.BibtexKind, WhenBusy = WhenBusy.Hold, CallerMayChoose = false,
                ActivePerUserMax = null, HeldPerUserMax = 5, Slots = 2, AttemptsMax = 7,
                AttemptDuration = TimeSpan.FromSeconds(90), RetryDelay = TimeSpan.Zero,
                RetryDelayMax = TimeSpan.FromHours(2), StopGrace = TimeSpan.FromMilliseconds(10), UploadBytesMax = 1_000,
                HeadStarts = kind.HeadStarts, Windows = kind.Windows,
            },
            kind);
        Assert.Equal(10, settings.Bibtex.Work.EntriesMax);
        var providers = settings.Bibtex.Providers;
        Assert.Equal(["catalogue", "crossref"], providers.Providers);
        Assert.Equal(("ops@example.org", 2_000_000), (providers.Mailto, providers.CacheBytesMax));
        Assert.Equal(
            (new Uri("http://127.0.0.1:9"), 0.5, TimeSpan.FromSeconds(7)),
            (providers.Crossref.BaseAddress, providers.Crossref.RequestsPerSecondMax, providers.Crossref.Timeout));
    }

    [Theory]
    [InlineData("""{"queue":{"slots":0}}""", "queue.slots = 0 (nextup.json): it must be a whole number from 1 to 10000.")]
    [InlineData("""{"queue":{"slots":10001}}""", "queue.slots = 10001 (nextup.json): it must be a whole number from 1 to 10000.")]
    [InlineData("""{"queue":{"slots":2.5}}""", "queue.slots = 2.5 (nextup.json): it must be a whole number from 1 to 10000.")]
    [InlineData("""{"queue":{"slots":"4"}}""", "queue.slots = \"4\" (nextup.json): it must be a whole number from 1 to 10000.")]
    [InlineData("""{"queue":{"paused":"yes"}}""", "queue.paused = \"yes\" (nextup.json): it must be true or false.")]
    [InlineData(
        """{"queue":{"slot":4}}""", "queue.slot = 4 (nextup.json): there is no such setting. "
        + "Did you mean queue.slots?")]
    [InlineData("""{"que":{}}""", "que = {} (nextup.json): there is no such setting. "
        + "Did you mean queue?")]
    [InlineData("""{"queue":4}""", "queue = 4 (nextup.json): it must be an object, {...}.")]
    [InlineData("""{"bibtex":{"providers":["catalog"]}}""",
        "bibtex.providers = [\"catalog\"] (nextup.json): it must be a list of one or more of catalogue, crossref, openalex, "
        + "semantic-scholar, datacite, arxiv, each at most once.")]
    [InlineData("""{"bibtex":{"arxiv":{"baseAddress":"ftp://x"}}}""",
        "bibtex.arxiv.baseAddress = \"ftp://x\" (nextup.json): it must be an address that begins with http:// or "
        + "https://, or none.")]
    [InlineData("""{"bibtex":{"crossref":{"apiKey":5}}}""",
        "bibtex.crossref.apiKey = (not shown) (nextup.json): it must be a text of 1 to 1000 characters, or none.")]
    [InlineData("""{"bibtex":{"mailto":"nobody"}}""",
        "bibtex.mailto is \"nobody\"; it must be a mail address such as me@example.org")]
    [InlineData("""{"bibtex":{"crossref":{"requestsPerSecondMax":0}}}""",
        "bibtex.crossref.requestsPerSecondMax = 0 (nextup.json): it must be a number from 0.01 to 1000, or none.")]
    public void A_wrong_setting_is_an_error_that_names_the_key_the_value_and_the_way_out(string json, string fault)
    {
        var error = Assert.Throws<SettingsException>(() => Parse(json));

        Assert.Equal([fault], error.Faults.Select(told => told.ToString()));
        Assert.Equal($"The settings in nextup.json cannot be used:\n  {fault}", error.Message);
    }

    [Fact]
    public void What_moves_a_kinds_jobs_is_read()
    {
        var kind = Parse("""
            {"kinds": {"bibtex": {
              "headStarts": {"1": "1m", "9": "1d", "strict": true, "priorityMax": 2, "smallFileBytesMax": 2000, "smallFile": "30s"},
              "windows": [{"days": ["mon", "sat"], "from": "22:00", "to": "06:30"}],
              "timeZone": "Europe/Vienna",
            }}}
            """).Kinds.Of(BibtexProcessor.BibtexKind);

        var starts = kind.HeadStarts;
        Assert.Equal(
            (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(20), TimeSpan.FromDays(1)),
            (starts.Levels[0], starts.Levels[1], starts.Levels[8]));
        Assert.Equal(
            (true, 2, 2_000L, TimeSpan.FromSeconds(30)),
            (starts.IsStrict, starts.PriorityMax, starts.SmallFileBytesMax, starts.SmallFile));
        var window = Assert.Single(kind.Windows!.Windows);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Saturday], window.Days);
        Assert.Equal((new TimeOnly(22, 0), new TimeOnly(6, 30)), (window.From, window.To));
        Assert.Equal("Europe/Vienna", kind.Windows.Zone.Id);
    }

    [Fact]
    public void Slots_follow_the_load_where_both_bounds_are_given()
    {
        Assert.Null(Parse("{}").Queue.Load);
        Assert.Equal(
            new LoadTargets(2, 16, 70, 85),
            Parse("""{"queue":{"slotsFloor":2,"slotsCeiling":16,"slotsCpuTarget":70}}""").Queue.Load);
    }

    [Theory]
    [InlineData("""{"queue":{"slotsFloor":2}}""", "queue.slotsFloor", "give both, or none")]
    [InlineData("""{"queue":{"slotsFloor":9,"slotsCeiling":8}}""", "queue.slotsFloor", "above slotsCeiling, 8")]
    [InlineData("""{"kinds":{"bibtex":{"headStarts":{"2":"1m"}}}}""", "kinds.bibtex.headStarts.2", "shorter than that of priority 1")]
    [InlineData("""{"kinds":{"bibtex":{"headStarts":{"9":"31d"}}}}""", "kinds.bibtex.headStarts.9", "30d")]
    [InlineData("""{"kinds":{"bibtex":{"headStarts":{"priorityMax":10}}}}""", "kinds.bibtex.headStarts.priorityMax", "from 0 to 9")]
    [InlineData("""{"kinds":{"bibtex":{"windows":[{"from":"25:00"}]}}}""", "kinds.bibtex.windows[0].from", "06:30")]
    [InlineData("""{"kinds":{"bibtex":{"windows":[{"days":["fry"]}]}}}""", "kinds.bibtex.windows[0].days", "fri")]
    [InlineData("""{"kinds":{"bibtex":{"timeZone":"Europe/Wien"}}}""", "kinds.bibtex.timeZone", "Europe/Vienna")]
    public void What_cannot_be_an_order_is_an_error_that_names_the_key_and_the_way_out(string json, string key, string wayOut)
    {
        var fault = Assert.Single(Assert.Throws<SettingsException>(() => Parse(json)).Faults).ToString();

        Assert.StartsWith(key, fault, StringComparison.Ordinal);
        Assert.Contains(wayOut, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(QueueSettings.SlotsMax)]
    public void Slots_may_be_anything_up_to_their_limits(int slots) =>
        Assert.Equal(slots, Parse($"{{\"queue\":{{\"slots\":{slots}}}}}").Queue.Slots);

    [Fact]
    public void All_faults_are_told_at_once() =>
        Assert.Equal(3, Assert.Throws<SettingsException>(
            () => Parse("""{"queue":{"slots":0,"x":1},"y":2}""")).Faults.Count);

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"queue":{},"queue":{}}""")]
    public void What_is_not_one_JSON_object_is_refused(string json) =>
        Assert.Throws<SettingsException>(() => Parse(json));

    [Fact]
    public void A_byte_order_mark_does_no_harm() =>
        Assert.Equal(3, Parse("\uFEFF{\"queue\":{\"slots\":3}}").Queue.Slots);

    [Fact]
    public void A_file_that_is_named_but_missing_is_an_error() =>
        Assert.Contains("cannot be read", Assert.Throws<SettingsException>(
            () => NextUpSettings.Load(new() { File = "/nowhere/nextup.json" })).Message, StringComparison.Ordinal);

    [Fact]
    public void The_file_yields_to_the_environment_and_the_environment_to_the_command_line()
    {
        var sources = new SettingsSources
        {
            Variables = new Dictionary<string, string>
            {
                ["NEXTUP__queue__slots"] = "8", ["NEXTUP__bibtex__providers"] = "crossref, arxiv", ["PATH"] = "/bin",
                ["NEXTUP__kinds__bibtex__retryDelay"] = "7s", ["NEXTUP__kinds__bibtex__activePerUserMax"] = "none",
            },
            Assignments = ["queue.slots=9", "kinds.bibtex.attemptDuration=2m"],
        };

        var settings = Read(sources, """{"queue":{"slots":3,"paused":true},"kinds":{"bibtex":{"attemptsMax":9}}}""");

        Assert.Equal(new QueueSettings { Slots = 9, Paused = true }, settings.Queue);
        var kind = settings.Kinds.Of(BibtexProcessor.BibtexKind);
        Assert.Equal((9, TimeSpan.FromSeconds(7), (int?)null, TimeSpan.FromMinutes(2)),
            (kind.AttemptsMax, kind.RetryDelay, kind.ActivePerUserMax, kind.AttemptDuration));
        Assert.Equal(["crossref", "arxiv"], settings.Bibtex.Providers.Providers);
        var sourcesByKey = settings.Entries.ToDictionary(entry => entry.Key, entry => entry.Source);
        Assert.Equal("--set queue.slots", sourcesByKey["queue.slots"]);
        Assert.Equal("nextup.json", sourcesByKey["queue.paused"]);
        Assert.Equal("NEXTUP__bibtex__providers", sourcesByKey["bibtex.providers"]);
        Assert.Null(sourcesByKey["bibtex.mailto"]);
    }

    [Fact]
    public void A_fault_names_the_source_of_its_value()
    {
        var sources = new SettingsSources
        {
            Variables = new Dictionary<string, string> { ["NEXTUP__queue__slots"] = "many", ["NEXTUP__"] = "1" },
            Assignments = ["queue.paused=maybe", "queue.slots"],
        };

        var faults = Assert.Throws<SettingsException>(() => Read(sources, "{}")).Faults.Select(fault => fault.ToString()).Order();

        Assert.Equal(
            [
                "NEXTUP__: it names no setting. Write the keys one after the other, as in NEXTUP__queue__slots or queue.slots.",
                "queue.paused = \"maybe\" (--set queue.paused): it must be true or false.",
                "queue.slots (--set queue.slots): it lacks its value. Write --set KEY=VALUE, for example --set queue.slots=8.",
                "queue.slots = \"many\" (NEXTUP__queue__slots): it must be a whole number from 1 to 10000.",
            ],
            faults);
    }

    [Theory]
    [InlineData("10", "Say the unit, for example \"10s\" for seconds or \"10m\" for minutes.")]
    [InlineData("\"10 minutes\"", "a whole number and its unit, ms, s, m, h or d.")]
    [InlineData("\"10\"", "a whole number and its unit, ms, s, m, h or d.")]
    [InlineData("\"-1s\"", "a whole number and its unit, ms, s, m, h or d.")]
    [InlineData("\"8d\"", "it must be a duration from \"1s\" to \"7d\".")]
    [InlineData("\"999ms\"", "it must be a duration from \"1s\" to \"7d\".")]
    [InlineData("\"99999999999999999d\"", "ms, s, m, h or d.")]
    public void A_duration_has_a_unit_and_a_range(string written, string wayOut)
    {
        var json = $"{{\"kinds\":{{\"bibtex\":{{\"attemptDuration\":{written}}}}}}}";
        var fault = Assert.Single(Assert.Throws<SettingsException>(() => Parse(json)).Faults);

        Assert.Equal(("kinds.bibtex.attemptDuration", written), (fault.Key, fault.Value));
        Assert.EndsWith(wayOut, fault.Sentence, StringComparison.Ordinal);
    }

    static NextUpSettings Read(SettingsSources sources, string json)
    {
        var reading = new SettingsReading();
        return NextUpSettings.Read("x", sources.Gather("nextup.json", Encoding.UTF8.GetBytes(json), reading), reading);
    }

    static NextUpSettings Parse(string json) => NextUpSettings.Parse("nextup.json", Encoding.UTF8.GetBytes(json));
}
