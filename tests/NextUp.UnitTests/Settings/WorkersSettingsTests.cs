using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;
using NextUp.Server.Settings;

namespace NextUp.UnitTests.Settings;

public sealed class WorkersSettingsTests
{
    static NextUpSettings Parse(string json) => NextUpSettings.Parse("nextup.json", Encoding.UTF8.GetBytes(json));

    [Fact]
    public void A_kind_of_ones_own_is_worked_on_by_workers_and_has_rules_like_any_other()
    {
        var settings = Parse(
            """{"workers": {"lease": "5s", "kinds": [{"name": "resize"}]}, "kinds": {"resize": {"attemptsMax": 7}}}""");

        var kind = settings.Kinds.Of(new JobKind("resize"));
        Assert.Equal((WorkedBy.Workers, 7), (kind.WorkedBy, kind.AttemptsMax));
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Workers.Lease);
    }

    [Theory]
    [InlineData("""{"workers": {"kinds": [{"name": "Resize!"}]}}""", "workers.kinds[0].name")]
    [InlineData("""{"workers": {"kinds": [{"name": "bibtex"}]}}""", "workers.kinds[0].name")]
    [InlineData("""{"workers": {"kinds": [{}]}}""", "workers.kinds[0].name")]
    [InlineData("""{"workers": {"kinds": [{"name": "a"}]}, "kinds": {"a": {"workedBy": "both"}}}""", "kinds.a.workedBy")]
    [InlineData("""{"workers": {"local": 2}}""", "workers.local")]
    [InlineData("""{"workers": {"lease": "1ms"}}""", "workers.lease")]
    [InlineData("""{"workers": {"localMemoryBytesMax": 1}}""", "workers.localMemoryBytesMax")]
    public void A_wrong_setting_of_workers_is_named(string json, string key)
    {
        var wrong = Assert.Throws<SettingsException>(() => Parse(json));

        Assert.Contains(wrong.Faults, fault => fault.Key == key);
    }
}
