using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Processors.Tables.Reading;

namespace NextUp.UnitTests.Tables;

public sealed class WorkbookTests
{
    [Fact]
    public async Task Every_workbook_of_the_corpus_is_read_or_refused_in_a_sentence()
    {
        var folder = Corpora.Find("excel");
        Assert.SkipUnless(folder is not null, "No ../shared/corpora/excel beside the project; nothing was read.");
        using var world = new TableWorld();
        var (read, refused) = (0, new List<string>());
        foreach (var path in Directory.GetFiles(folder!, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            var content = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            using var clock = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var options = $$"""{"table":"{{read + refused.Count}}"}""";
            switch (await world.UntilStoppedAsync(JobId.New(DateTimeOffset.UnixEpoch), 1, name, content, options, clock.Token))
            {
                case JobOutcome.Done:
                    read++;
                    break;
                case JobOutcome.GiveUp gaveUp:
                    Assert.Contains(gaveUp.Reason[^1], ".?");
                    refused.Add($"{name}: {gaveUp.Reason}");
                    break;
                case var other:
                    Assert.Fail($"{name}: {other}");
                    break;
            }
        }

        Assert.True(read > 215, string.Join('\n', refused));
        TestContext.Current.SendDiagnosticMessage(
            $"{read} read, {refused.Count} refused; peak {Environment.WorkingSet / (1 << 20)} MiB\n{string.Join('\n', refused)}");
    }

    [Theory]
    [InlineData("Test_git_Issue_649_Date1904_Parsings.xlsx")]
    [InlineData("TestUnicodeChars.xlsx")]
    public async Task Cells_keep_their_dates_and_letters(string name)
    {
        var folder = Corpora.Find("excel");
        Assert.SkipUnless(folder is not null, "No ../shared/corpora/excel beside the project; nothing was read.");
        using var world = new TableWorld();
        var imported = await world.ImportAsync(name, await File.ReadAllBytesAsync(Path.Combine(folder!, name),
            TestContext.Current.CancellationToken));

        Assert.True(imported.Counts.AddsUp);
        Assert.True(imported.Counts.Inserted > 0);
    }

    [Fact]
    public async Task A_formula_that_failed_is_an_error_of_its_row_and_no_empty_cell()
    {
        const string sheet = """
            <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
            <row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>sum</v></c></row>
            <row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#REF!</v></c></row>
            <row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>2.5</v></c></row></sheetData></worksheet>
            """;
        using var world = new TableWorld();
        var imported = await world.ImportAsync("s.xlsx", SmallWorkbook.Of(sheet));

        Assert.Equal((1L, 1L), (imported.Counts.Inserted, imported.Counts.Rejected));
        var error = Assert.Single(await world.ErrorsAsync(imported.Job));
        Assert.Equal(("sum", "cell-error", "#REF!"), (error.Column, error.Code, error.Found));
    }

    [Theory]
    [InlineData("", "1900-03-01 2024-01-31")]
    [InlineData("""<workbookPr date1904="1"/>""", "1904-03-02 2028-02-01")]
    [InlineData("""<workbookPr date1904="false"/>""", "1900-03-01 2024-01-31")]
    public async Task The_bare_number_of_a_day_counts_from_where_its_workbook_does(string properties, string days)
    {
        const string sheet = """
            <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
            <row r="1"><c r="A1" t="str"><v>day</v></c><c r="B1" t="str"><v>note</v></c></row>
            <row r="2"><c r="A2"><v>61</v></c><c r="B2" t="str"><v>the day</v></c></row>
            <row r="3"><c r="A3"><v>45322</v></c><c r="B3" t="str"><v>the day</v></c></row></sheetData></worksheet>
            """;
        using var world = new TableWorld();
        await world.ImportAsync(
            "s.xlsx", SmallWorkbook.Of(sheet, properties), """{"columns":[{"name":"day","type":"date"},{"name":"note"}]}""");

        var records = await world.RecordsAsync("s");
        Assert.Equal(days, string.Join(' ', records.Select(one => one.GetProperty("day").GetString())));
    }

    [Theory]
    [InlineData("roo_1900_base.xls", false)]
    [InlineData("roo_1904_base.xls", true)]
    [InlineData("roo_1900_base.xlsx", false)]
    [InlineData("roo_1904_base.xlsx", true)]
    public void Workbooks_of_both_formats_say_from_when_they_count(string name, bool is1904)
    {
        var folder = Corpora.Find("excel");
        Assert.SkipUnless(folder is not null, "No ../shared/corpora/excel beside the project; nothing was read.");
        using var file = File.OpenRead(Path.Combine(folder!, name));

        Assert.Equal(is1904, Epoch.Is1904(file));
        Assert.Equal(0, file.Position);
    }

    [Fact]
    public void Blank_rows_between_others_are_rows_and_codes_keep_their_zeros()
    {
        const string lines = """
            {"sheet":"S","sheets":["S","T"]}
            [1,"id","zip","when","ok","sum"]
            [2,{"n":"1"},{"n":"00123"},{"d":"2024-01-31"},{"b":true},{"e":"#REF!"}]
            [5,{"n":"2"},null,null,null,{"n":"1.5"}]
            {"rows":3}

            """;
        using var sheet = new SheetReader(new MemoryStream(Encoding.UTF8.GetBytes(lines)));
        var rows = new List<string>();
        while (sheet.Read())
            rows.Add($"{sheet.Row}:{string.Join('|', sheet.Cells.Select(cell => cell.Text))}");

        Assert.Equal(["S", "T"], sheet.Sheets);
        Assert.Equal(["1:id|zip|when|ok|sum", "2:1|00123|2024-01-31|true|#REF!", "3:", "4:", "5:2||||1.5"], rows);
    }

    [Fact]
    public void Lines_that_break_off_are_not_taken_for_the_end()
    {
        using var sheet = new SheetReader(new MemoryStream("{\"sheet\":\"S\",\"sheets\":[\"S\"]}\n[1,\"a\"]\n"u8.ToArray()));
        Assert.Contains("breaks off", Assert.Throws<UnreadableTableException>(() => sheet.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workbook_that_is_none_says_so()
    {
        using var rows = new MemoryStream();
        var reason = WorkbookRows.Write(new MemoryStream(Encoding.ASCII.GetBytes("PK\u0003\u0004 and no more")), rows, null);
        Assert.EndsWith(".", reason, StringComparison.Ordinal);
    }
}
