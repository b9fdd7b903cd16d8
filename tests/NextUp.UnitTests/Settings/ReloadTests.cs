using NextUp.Server.Settings;
using NextUp.UnitTests.Server;

namespace NextUp.UnitTests.Settings;

public sealed class ReloadTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly List<(NextUpSettings Settings, IReadOnlySet<string> Changed)> _applied = [];
    readonly List<ReloadAnswer> _told = [];

    string File => Path.Combine(_folder.Path, "nextup.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Changed_settings_are_put_into_force_and_named()
    {
        using var reload = Started("""{"queue":{"slots":2}}""");
        Write("""{"queue":{"slots":5},"bibtex":{"crossref":{"apiKey":"secret"}}}""");

        var answer = Assert.IsType<ReloadAnswer.Applied>(await reload.ReloadAsync("test"));

        Assert.Equal(["queue.slots", "bibtex.crossref.apiKey"], answer.Changed.Select(entry => entry.Key));
        Assert.DoesNotContain("secret", string.Concat(answer.Changed), StringComparison.Ordinal);
        Assert.Equal((5, 5), (Assert.Single(_applied).Settings.Queue.Slots, reload.Current.Queue.Slots));
    }

    [Fact]
    public async Task A_secret_that_changes_counts_as_changed_although_it_is_not_shown()
    {
        using var reload = Started("""{"bibtex":{"crossref":{"apiKey":"one"}}}""");
        Write("""{"bibtex":{"crossref":{"apiKey":"two"}}}""");

        Assert.Single(Assert.IsType<ReloadAnswer.Applied>(await reload.ReloadAsync("test")).Changed);
    }

    [Fact]
    public async Task What_cannot_be_used_changes_nothing_until_it_is_mended()
    {
        using var reload = Started("""{"queue":{"slots":2}}""");
        Write("""{"queue":{"slots":0,"x":1}}""");

        var refused = Assert.IsType<ReloadAnswer.Refused>(await reload.ReloadAsync("test"));

        Assert.Equal((2, 2), (refused.Faults.Count, reload.Current.Queue.Slots));
        Assert.Empty(_applied);
        Assert.Same(refused, reload.Failure);
        Assert.Equal([refused], _told);
        Write("""{"queue":{"slots":2}}""");
        Assert.Empty(Assert.IsType<ReloadAnswer.Applied>(await reload.ReloadAsync("test")).Changed);
        Assert.Null(reload.Failure);
    }

    [Fact]
    public async Task What_cannot_change_while_the_server_runs_is_named_until_it_is_as_it_was_at_the_start()
    {
        using var reload = Started("{}");
        Write("""{"server":{"urls":"http://127.0.0.1:1"}}""");

        for (var round = 0; round < 2; round++)
        {
            var answer = Assert.IsType<ReloadAnswer.Applied>(await reload.ReloadAsync("test"));
            Assert.Equal(["server.urls"], answer.AtRestart.Select(entry => entry.Key));
            Assert.Empty(answer.Changed);
        }

        Write("{}");
        Assert.Empty(Assert.IsType<ReloadAnswer.Applied>(await reload.ReloadAsync("test")).AtRestart);
    }

    [Fact]
    public async Task A_source_that_wins_over_the_file_goes_on_winning()
    {
        Write("{}");
        var sources = new SettingsSources { File = File, Assignments = ["queue.slots=7"] };
        using var reload = new SettingsReload(sources, NextUpSettings.Load(sources), Apply);
        Write("""{"queue":{"slots":5}}""");

        await reload.ReloadAsync("test");

        Assert.Equal(7, reload.Current.Queue.Slots);
    }

    [Fact]
    public async Task A_file_is_read_again_when_its_content_differs_however_it_got_there()
    {
        using var reload = Started("""{"queue":{"slots":2}}""");
        await using var watch = new SettingsWatch(reload, new StoppedClock());

        await watch.LookAsync();
        Assert.Empty(_told);

        System.IO.File.WriteAllText(File + ".new", """{"queue":{"slots":3}}""");
        System.IO.File.Move(File + ".new", File, overwrite: true);
        await watch.LookAsync();
        Assert.Equal(3, reload.Current.Queue.Slots);

        System.IO.File.Delete(File);
        await watch.LookAsync();
        Assert.Equal(3, reload.Current.Queue.Slots);
        Assert.NotNull(reload.Failure);

        Write("""{"queue":{"slots":4}}""");
        await watch.LookAsync();
        await watch.LookAsync();
        Assert.Equal((4, 3), (reload.Current.Queue.Slots, _told.Count));
    }

    [Fact]
    public async Task A_table_of_journals_is_read_anew_and_a_faulty_row_is_named_and_changes_nothing()
    {
        var table = Path.Combine(_folder.Path, "jcr.csv");
        System.IO.File.WriteAllText(table, "Nature,50.5,2024");
        using var reload = Started($$"""{"bibtex": {"journalMetrics": "{{table}}"} }""");
        Assert.Equal(1, reload.Current.Bibtex.Work.JournalMetrics.Count);

        System.IO.File.WriteAllText(table, "Nature,50.5,2024\nMind,1.9");
        var refused = Assert.IsType<ReloadAnswer.Refused>(await reload.ReloadAsync("test"));
        var fault = Assert.Single(refused.Faults);
        Assert.Equal("bibtex.journalMetrics", fault.Key);
        Assert.StartsWith("line 2: there are 2 fields, not 3", fault.Sentence, StringComparison.Ordinal);
        Assert.Equal(1, reload.Current.Bibtex.Work.JournalMetrics.Count);

        System.IO.File.WriteAllText(table, "Nature,50.5,2024\nMind,1.9,2024");
        var applied = Assert.IsType<ReloadAnswer.Applied>(await reload.ReloadAsync("test"));
        Assert.Equal(["bibtex.journalMetrics"], applied.Changed.Select(entry => entry.Key));
        Assert.Equal(2, reload.Current.Bibtex.Work.JournalMetrics.Count);
    }

    SettingsReload Started(string json)
    {
        Write(json);
        var sources = new SettingsSources { File = File };
        return new SettingsReload(sources, NextUpSettings.Load(sources), Apply) { Told = (_, answer) => _told.Add(answer) };
    }

    Task Apply(NextUpSettings settings, IReadOnlySet<string> changed)
    {
        _applied.Add((settings, changed));
        return Task.CompletedTask;
    }

    void Write(string json) => System.IO.File.WriteAllText(File, json);
}
