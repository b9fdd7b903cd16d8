using System.Text;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Processors.Tables.Importing;
using NextUp.Processors.Tables.Values;

namespace NextUp.UnitTests.Tables;

public sealed class ImportTests
{
    const string People = "id;name;born\n1;Ada;10.12.1815\n2;Grace;09.12.1906\n";

    const string Keyed = """
        {"columns":[{"name":"id","type":"integer","key":true},{"name":"name","required":true},{"name":"mail","unique":true}]
        """;

    [Fact]
    public async Task A_dropped_file_simply_works()
    {
        using var world = new TableWorld();
        var imported = await world.ImportAsync("people.csv", People);

        Assert.Equal(new ImportCounts(2, 2, 0, 0, 0, 0), imported.Counts);
        var records = await world.RecordsAsync("people");
        Assert.Equal("""{"id":1,"name":"Ada","born":"1815-12-10"}""", records[0].GetRawText());
        Assert.Equal(2, (await world.Store.TablesAsync(world.User))[0].Records);
    }

    [Fact]
    public async Task Rows_are_seen_by_nobody_before_their_job_has_completed()
    {
        using var world = new TableWorld();
        var job = JobId.New(DateTimeOffset.UnixEpoch);
        var outcome = await world.AttemptAsync(job, 1, "people.csv", Encoding.UTF8.GetBytes(People), null);

        Assert.Empty(await world.RecordsAsync("people"));
        Assert.Empty(await world.Store.TablesAsync(world.User));
        await world.EndAsync(job, outcome);
        Assert.Equal(2, (await world.RecordsAsync("people")).Count);
    }

    [Fact]
    public async Task A_cancelled_import_leaves_nothing()
    {
        using var world = new TableWorld();
        var job = JobId.New(DateTimeOffset.UnixEpoch);
        await world.AttemptAsync(job, 1, "people.csv", Encoding.UTF8.GetBytes(People), null);
        await world.Store.DropAsync(job, DateTimeOffset.UnixEpoch);
        while (await world.Store.PurgeAsync(1) > 0)
        {
            // One row at a time.
        }

        Assert.Empty(await world.RecordsAsync("people"));
        var again = await world.ImportAsync("people.csv", People, Keyed + "}");
        Assert.Equal(2, again.Counts.Inserted);
    }

    [Fact]
    public async Task Wrong_rows_are_rejected_with_row_line_column_and_way_out_and_the_others_stored()
    {
        using var world = new TableWorld();
        var imported = await world.ImportAsync(
            "p.csv", "id,name,mail\n1,\"a\nb\",x@y\nseven,b,\n3,,z@y\n4,d,q,extra\n\n5,e,e@y\n", Keyed + "}");

        Assert.Equal(new ImportCounts(6, 2, 0, 0, 3, 1), imported.Counts);
        var errors = await world.ErrorsAsync(imported.Job);
        Assert.Equal([(3, 4, "id", RowErrorCodes.Type, "seven"), (4, 5, "name", RowErrorCodes.Required, null), (5, 6,
            null, RowErrorCodes.TooManyValues, "4 values")],
            errors.Select(one => ((int)one.Row, (int)one.Line, one.Column, one.Code, one.Found)));
    }

    [Fact]
    public async Task Sensitive_values_are_masked_in_errors()
    {
        using var world = new TableWorld();
        var imported = await world.ImportAsync(
            "p.csv", "id,salary\n1,secret\n2,5\n", """{"columns":[{"name":"id"},{"name":"salary","type":"decimal","sensitive":true}]}""");

        var error = Assert.Single(await world.ErrorsAsync(imported.Job));
        Assert.Equal(RowCheck.Mask, error.Found);
        Assert.DoesNotContain("secret",
            Encoding.UTF8.GetString(((JobOutcome.Done)imported.Outcome).Files[1].Content!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_or_nothing_stores_nothing_where_a_row_is_wrong_and_keeps_its_errors()
    {
        using var world = new TableWorld();
        var imported = await world.ImportAsync("p.csv", "id,name,mail\n1,a,\n2,,\n", Keyed + ""","mode":"allOrNothing"}""");

        Assert.Contains("1 of 2 rows are wrong", imported.Reason, StringComparison.Ordinal);
        Assert.Empty(await world.RecordsAsync("p"));
        Assert.Single(await world.ErrorsAsync(imported.Job));
        var right = await world.ImportAsync("p.csv", "id,name,mail\n1,a,\n2,b,\n", Keyed + ""","mode":"allOrNothing"}""");
        Assert.Equal(2, right.Counts.Inserted);
    }

    [Fact]
    public async Task A_dry_run_counts_as_if_and_stores_nothing()
    {
        using var world = new TableWorld();
        var imported = await world.ImportAsync("p.csv", "id,name,mail\n1,a,\n1,b,\n2,,\n", Keyed + ""","mode":"dryRun"}""");

        Assert.Equal(new ImportCounts(3, 1, 0, 1, 1, 0), imported.Counts);
        Assert.Equal(ImportState.Dropped, imported.Import!.State);
        Assert.Empty(await world.RecordsAsync("p"));
    }

    [Theory]
    [InlineData("skip", 2, 0, 2, 0, "a")]
    [InlineData("reject", 2, 0, 0, 2, "a")]
    [InlineData("update", 2, 2, 0, 0, "d")]
    public async Task Duplicates_in_the_file_and_stored_follow_their_rule(
        string rule, int inserted, int updated, int duplicates, int rejected, string last)
    {
        using var world = new TableWorld(new TablesLimits { BatchRows = 1 });
        var options = Keyed + $$""","duplicates":"{{rule}}"}""";
        await world.ImportAsync("p.csv", "id,name,mail\n1,a,\n", options);
        var imported = await world.ImportAsync("p.csv", "id,name,mail\n1,b,\n2,c,\n3,x,\n1,d,\n", options);

        Assert.Equal(new ImportCounts(4, inserted, updated, duplicates, rejected, 0), imported.Counts);
        var records = await world.RecordsAsync("p");
        Assert.Equal(3, records.Count);
        Assert.Equal(last, records.Single(one => one.GetProperty("id").GetInt32() == 1).GetProperty("name").GetString());
        Assert.Equal(3, (await world.Store.TablesAsync(world.User))[0].Records);
    }

    [Fact]
    public async Task A_unique_value_is_kept_unique_beside_the_key()
    {
        using var world = new TableWorld();
        var imported = await world.ImportAsync(
            "p.csv", "id,name,mail\n1,a,m@x\n2,b,m@x\n3,c,\n4,d,\n", Keyed + ""","duplicates":"reject"}""");

        var error = Assert.Single(await world.ErrorsAsync(imported.Job));
        Assert.Equal((3L, "mail", RowErrorCodes.DuplicateInFile, "m@x"), (error.Row, error.Column, error.Code, error.Found));
        Assert.Contains("Row 2", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_brings_back_what_was_there_in_any_order()
    {
        using var world = new TableWorld();
        var options = Keyed + ""","duplicates":"update"}""";
        var first = await world.ImportAsync("p.csv", "id,name,mail\n1,a,\n2,a,\n", options);
        var second = await world.ImportAsync("p.csv", "id,name,mail\n1,b,\n3,b,\n", options);
        var third = await world.ImportAsync("p.csv", "id,name,mail\n1,c,\n", options);

        Assert.IsType<UndoAnswer.Undone>(await world.Store.UndoAsync(world.User, second.Job, DateTimeOffset.UnixEpoch));
        Assert.Equal(["1c", "2a"], await NamesAsync(world));
        Assert.IsType<UndoAnswer.Undone>(await world.Store.UndoAsync(world.User, third.Job, DateTimeOffset.UnixEpoch));
        Assert.Equal(["1a", "2a"], await NamesAsync(world));
        Assert.Equal(2, (await world.Store.TablesAsync(world.User))[0].Records);
        Assert.IsType<UndoAnswer.NotStored>(await world.Store.UndoAsync(world.User, third.Job, DateTimeOffset.UnixEpoch));
        Assert.IsType<UndoAnswer.Undone>(await world.Store.UndoAsync(world.User, first.Job, DateTimeOffset.UnixEpoch));
        Assert.Empty(await world.Store.TablesAsync(world.User));
    }

    [Fact]
    public async Task The_rejected_rows_are_safe_to_open_and_come_back_corrected_as_they_are()
    {
        using var world = new TableWorld();
        var options = """{"columns":[{"name":"id","type":"integer","key":true},{"name":"note"}]}""";
        var imported = await world.ImportAsync("p.csv", "id,note\nx,=cmd|'/c calc'!A1\n2,fine\ny,-5\n", options);

        Assert.Equal(
            "id,note,import_row,import_line,import_error\r\nx,\"'=cmd|'/c calc'!A1\",2,2,id: type",
            imported.Rejected[..imported.Rejected.IndexOf(", expected",
                StringComparison.Ordinal)].Replace("\"id: type", "id: type", StringComparison.Ordinal));
        Assert.Contains("\r\ny,-5,", imported.Rejected, StringComparison.Ordinal);
        var corrected = imported.Rejected.Replace("\nx,", "\n1,", StringComparison.Ordinal).Replace("\ny,", "\n3,",
            StringComparison.Ordinal);
        var again = await world.ImportAsync("p-rejected.csv", corrected, options);

        Assert.Equal(2, again.Counts.Inserted);
        var records = await world.RecordsAsync("p");
        Assert.Equal(["fine", "=cmd|'/c calc'!A1", "-5"], records.Select(one => one.GetProperty("note").GetString()));
        Assert.All(records, record => Assert.Equal(2, record.EnumerateObject().Count()));
    }

    [Fact]
    public async Task Nothing_but_wrong_rows_is_a_failure_that_says_so()
    {
        using var world = new TableWorld();
        Assert.Contains("None of the 1 rows", (await world.ImportAsync("p.csv", "id,name,mail\nx,,\n", Keyed
            + "}")).Reason, StringComparison.Ordinal);
        Assert.Contains("no rows below", (await world.ImportAsync("p.csv", "id,name,mail\n", Keyed + "}")).Reason,
            StringComparison.Ordinal);
        Assert.Contains("no column for \"id\"", (await world.ImportAsync("p.csv", "q,r\n1,2\n", Keyed + "}")).Reason,
            StringComparison.Ordinal);
        var misspelt = await world.ImportAsync("p.csv", People, """{"colums":[]}""");
        Assert.Contains("options cannot be read", misspelt.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_stops_where_more_is_wrong_than_its_sender_allows()
    {
        using var world = new TableWorld();
        var rows = string.Concat(Enumerable.Range(1, 300).Select(i => i % 2 == 0 ? "x,a,\n" : $"{i},a,\n"));
        var imported = await world.ImportAsync("p.csv", "id,name,mail\n" + rows, Keyed + ""","stopAtErrorPercent":20}""");

        Assert.Contains("more than the 20 %", imported.Reason, StringComparison.Ordinal);
        Assert.Equal(ImportState.Dropped, imported.Import!.State);
    }

    [Fact]
    public async Task Limits_hold_at_their_edge()
    {
        using var world = new TableWorld(new TablesLimits { RowsMax = 2, RejectedMax = 1 });
        Assert.IsType<JobOutcome.Done>((await world.ImportAsync("a.csv", "id,name,mail\n1,a,\n2,a,\n", Keyed + "}")).Outcome);
        Assert.Contains("more than 2 rows", (await world.ImportAsync("b.csv", "id,name,mail\n1,a,\n2,a,\n3,a,\n",
            Keyed + "}")).Reason, StringComparison.Ordinal);
        Assert.IsType<JobOutcome.Done>((await world.ImportAsync("c.csv", "id,name,mail\nx,a,\n2,a,\n", Keyed + "}")).Outcome);
        Assert.Contains("More than 1 rows", (await world.ImportAsync("d.csv", "id,name,mail\nx,a,\ny,a,\n", Keyed
            + "}")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_a_file_was_mapped_is_remembered_for_the_next_with_its_header()
    {
        using var world = new TableWorld();
        await world.ImportAsync(
            "a.csv", "Nr,Vorname,Rest\n1,Ada,x\n", """
            {"columns":[{"name":"id","type":"integer"},{"name":"name"}],"mapping":{"Nr":"id","Vorname":"name"},"table":"people"}
            """);
        var next = await world.ImportAsync("b.csv", "Nr;Vorname;Rest\n2;Grace;y\n");

        Assert.Equal("people", next.Import!.Table);
        Assert.Equal("""{"id":2,"name":"Grace"}""", (await world.RecordsAsync("people"))[1].GetRawText());
    }

    [Fact]
    public async Task A_preview_shows_what_would_be_without_doing_it()
    {
        using var world = new TableWorld();
        var seen = Assert.IsType<PreviewReading.Seen>(await world.PreviewAsync(
            "p.csv", "Members 2025;;\n\nMember No;E-Mail;Extra\n1;a@x;q\nz;b@x;\n",
            """{"columns":[{"name":"id","aliases":["member no"],"type":"integer"},{"name":"email"}]}"""));

        Assert.Equal((3L, ";", 2L, 1L), (seen.HeaderRow, seen.Separator, seen.Looked, seen.Wrong));
        Assert.Equal([("Member No", "alias"), ("E-Mail", "name")], seen.Columns.Select(one => (one.Header!, one.Why!)));
        Assert.Equal(["Extra"], seen.Ignored);
        Assert.Equal("z", Assert.Single(seen.Errors).Found);
        Assert.Empty(await world.Store.ImportsAsync(world.User, null, null, 10));
    }

    static async Task<IEnumerable<string>> NamesAsync(TableWorld world) =>
        (await world.RecordsAsync("p")).Select(one =>
            $"{one.GetProperty("id").GetRawText()}{one.GetProperty("name").GetString()}").Order();
}
