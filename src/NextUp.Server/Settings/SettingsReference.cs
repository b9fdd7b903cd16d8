using System.Text;

namespace NextUp.Server.Settings;

/// <summary>The reference page of all settings, made of what the readers say. <c>config reference</c> prints it.</summary>
static class SettingsReference
{
    const string Head = """
        # Settings

        This page is made by `nextup config reference` of what the readers in this folder say; a test fails when it is old.

        One JSON file, `nextup.json` in the server's working folder, or the one named with `--config FILE`. Comments and
        trailing commas are allowed. Every key may be left out. Later sources win over earlier ones: the defaults, the file,
        the environment (`NEXTUP__queue__slots=8`), the command line (`serve --set queue.slots=8`).

        A duration is a text with its unit: `"500ms"`, `"90s"`, `"5m"`, `"2h"`, `"30d"`. A key that ends in `Bytes` or
        `BytesMax` is a number of bytes. Where a setting may be `none`, it is written `null` or `"none"`.

        `nextup config check` says all that is wrong with a file, `nextup config show` what holds and where it comes from. A
        running server reads the settings again when the file changes, at SIGHUP and at `nextup config reload`. What is faulty
        then changes nothing: the settings of before hold on, the log has every fault, and `/health/ready` says so. What takes
        effect at restart is named in the answer and waits.

        Running jobs go on when limits are lowered. An attempt keeps the time limit it started with; its grace time, attempts
        and retry delays are those in force when it ends. A raised limit lets held jobs in at once.


        """;

    public static string Page()
    {
        var reading = new SettingsReading();
        NextUpSettings.Read(null, reading);
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        var sections = reading.Entries.DistinctBy(entry => entry.Pattern).GroupBy(entry => SectionOf(entry.Pattern))
            .OrderBy(section => ContractSections.Has(section.Key));
        foreach (var section in sections)
        {
            page.Append("## ").Append(section.Key).Append("\n\n");
            if (reading.About.TryGetValue(section.Key, out var about))
                page.Append(about).Append("\n\n");
            page.Append("| Key | Default | Allowed | Meaning | Change takes effect |\n| --- | --- | --- | --- | --- |\n");
            foreach (var entry in section)
                page.Append(Row(entry, reading.Entries));
            page.Append('\n');
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    static string Row(SettingEntry entry, IReadOnlyList<SettingEntry> all)
    {
        // Kinds may differ in their defaults: those that do are named.
        var others = all.Where(other => other.Pattern == entry.Pattern && other.Default != entry.Default)
            .Select(other => $" (`{other.Key}`: {Code(other.Default)})");
        var when = entry.Applies == Applies.AtOnce ? "at once" : "at restart";
        return $"| `{entry.Pattern}` | {Code(entry.Default)}{string.Concat(others)} | {Cell(entry.Allowed)} | "
            + $"{Cell(entry.Description)} | {when} |\n";
    }

    static string SectionOf(string pattern) => pattern[..pattern.LastIndexOf('.')];

    static string Code(string text) => text == "none" ? text : $"`{Cell(text)}`";

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
