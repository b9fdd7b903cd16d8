using System.Text;
using NextUp.Actors.Queue;
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
              "bibtex": {
                "providers": ["catalogue", "crossref"],
                "mailto": "ops@example.org",
                "uploadBytesMax": 1000,
                "entriesMax": 10,
                "cacheBytesMax": 2000000,
                "crossref": { "baseAddress": "http://127.0.0.1:9", "requestsPerSecondMax": 0.5, "timeoutSeconds": 7 },
              },
            }
            """);

        Assert.Equal(new QueueSettings { Slots = 7, Paused = true }, settings.Queue);
        Assert.Equal((1_000, 10), (settings.Bibtex.Work.UploadBytesMax, settings.Bibtex.Work.EntriesMax));
        var providers = settings.Bibtex.Providers;
        Assert.Equal(["catalogue", "crossref"], providers.Providers);
        Assert.Equal(("ops@example.org", 2_000_000), (providers.Mailto, providers.CacheBytesMax));
        Assert.Equal(
            (new Uri("http://127.0.0.1:9"), 0.5, TimeSpan.FromSeconds(7)),
            (providers.Crossref.BaseAddress, providers.Crossref.RequestsPerSecondMax, providers.Crossref.Timeout));
    }

    [Theory]
    [InlineData("""{"queue":{"slots":0}}""", "queue.slots = 0: it must be a whole number from 1 to 10000.")]
    [InlineData("""{"queue":{"slots":10001}}""", "queue.slots = 10001: it must be a whole number from 1 to 10000.")]
    [InlineData("""{"queue":{"slots":2.5}}""", "queue.slots = 2.5: it must be a whole number from 1 to 10000.")]
    [InlineData("""{"queue":{"slots":"4"}}""", "queue.slots = \"4\": it must be a whole number from 1 to 10000.")]
    [InlineData("""{"queue":{"paused":"yes"}}""", "queue.paused = \"yes\": it must be true or false.")]
    [InlineData(
        """{"queue":{"slot":4}}""", "queue.slot = 4: there is no such setting. Under queue there are slots, paused.")]
    [InlineData("""{"que":{}}""", "que = {}: there is no such setting. At the top there are queue, bibtex.")]
    [InlineData("""{"queue":4}""", "queue = 4: it must be an object, {...}.")]
    [InlineData("""{"bibtex":{"providers":["catalog"]}}""",
        "bibtex.providers = \"catalog\": it must be a list of one or more of catalogue, crossref, openalex, "
        + "semantic-scholar, datacite, arxiv, each at most once.")]
    [InlineData("""{"bibtex":{"arxiv":{"baseAddress":"ftp://x"}}}""",
        "bibtex.arxiv.baseAddress = \"ftp://x\": it must be an address that begins with http:// or https://.")]
    [InlineData("""{"bibtex":{"crossref":{"apiKey":5}}}""",
        "bibtex.crossref.apiKey = (not shown): it must be a text of 1 to 1000 characters.")]
    [InlineData("""{"bibtex":{"mailto":"nobody"}}""",
        "bibtex.mailto is \"nobody\"; it must be a mail address such as me@example.org")]
    [InlineData("""{"bibtex":{"crossref":{"requestsPerSecondMax":0}}}""",
        "bibtex.crossref.requestsPerSecondMax = 0: it must be a number from 0.01 to 1000.")]
    public void A_wrong_setting_is_an_error_that_names_the_key_the_value_and_the_way_out(string json, string fault)
    {
        var error = Assert.Throws<SettingsException>(() => Parse(json));

        Assert.Equal([fault], error.Faults);
        Assert.Equal($"The settings in nextup.json cannot be used:\n  {fault}", error.Message);
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
            () => NextUpSettings.Load("/nowhere/nextup.json")).Message, StringComparison.Ordinal);

    static NextUpSettings Parse(string json) => NextUpSettings.Parse("nextup.json", Encoding.UTF8.GetBytes(json));
}
