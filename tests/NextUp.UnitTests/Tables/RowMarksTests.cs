using System.Text;
using System.Text.Json.Nodes;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Processors.Tables.Importing;

namespace NextUp.UnitTests.Tables;

/// <summary>Marks stand for values, and those of rows that come together lie together.</summary>
public sealed class RowMarksTests
{
    const string Options = """{"table":"t","columns":[{"name":"id","key":true},{"name":"mail","unique":true}]}""";

    static UInt128 Mark(string value, string home = "k", int layout = RowMarks.NearLayout) => new RowMarks(layout).Of(home, value).Value;

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0:000000}")]
    [InlineData("ORD-2024-{0:00000000}")]
    [InlineData("user{0}@example.org")]
    [InlineData("https://example.org/v2/items/{0}?page=1")]
    public void Values_that_are_counted_up_have_marks_that_are_too(string format)
    {
        var marks = Enumerable.Range(99_000, 2_000).Select(i => Mark(string.Format(null, format, i))).ToList();

        Assert.Equal(marks.Order(), marks);
    }

    [Fact]
    public void Different_values_and_columns_have_different_marks()
    {
        string[] values =
        [
            .. Enumerable.Range(0, 20_000).Select(i => $"{i}"), .. Enumerable.Range(0, 2_000).Select(i => $"{i:00000000}"),
            "", " ", "a", "A", "1a",
            "a1", "1-1", "11", "4294967296", "0", "00", "😀", "é", "e\u0301", new string('9', 5_000), new string('9', 5_001),
        ];
        var marks = values.Distinct().SelectMany(value => new[] { Mark(value), Mark(value, "uid"), Mark(value, "umail") }).ToList();

        Assert.Equal(marks.Count, marks.Distinct().Count());
        Assert.Equal(Mark("x"), Mark("x"));
    }

    [Fact]
    public void The_first_layout_is_the_beginning_of_the_hash_as_it_always_was()
    {
        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes("k17\u001F"));

        Assert.Equal(Convert.ToHexString(hash)[..32], Mark("17\u001F", layout: RowMarks.HashLayout).ToString("X32", null));
    }

    [Fact]
    public async Task A_table_from_before_keeps_its_marks_so_what_it_has_is_found()
    {
        using var world = new TableWorld();
        await world.ImportAsync("t.csv", "id,mail\n1,a@x\n2,b@x\n", Options);
        Assert.Equal(RowMarks.NearLayout, await LayoutAsync(world));
        await AsBeforeAsync(world);

        var again = await world.ImportAsync("t.csv", "id,mail\n2,c@x\n3,a@x\n4,d@x\n", Options);
        Assert.Equal(new ImportCounts(3, 1, 0, 2, 0, 0), again.Counts);
        Assert.Equal(RowMarks.HashLayout, await LayoutAsync(world));
        Assert.Equal(new ImportCounts(2, 0, 0, 2, 0, 0), (await world.ImportAsync("t.csv", "id,mail\n4,e@x\n1,f@x\n", Options)).Counts);
    }

    static async Task<int> LayoutAsync(TableWorld world) =>
        (int)JsonNode.Parse((await world.Store.ImportsAsync(world.User, "t", null, 1))[0].Plan)!["markLayout"]!;

    /// <summary>Brings the table as an import of old would have: its plan says nothing of marks, and they are hashes.</summary>
    static async Task AsBeforeAsync(TableWorld world)
    {
        await world.Store.DeleteTableAsync(world.User, "t");
        var job = JobId.New(DateTimeOffset.UnixEpoch);
        var known = JsonNode.Parse("""{"table":"t","mode":"validRows","duplicates":"skip","shape":null,"columns":[],"ignored":[]}""")!;
        var begun = Assert.IsType<ImportBeginAnswer.Begun>(await world.Store.BeginAsync(new TableImport
        {
            Number = default, Job = job, User = world.User, Table = "t", FileName = "t.csv", State = ImportState.Aside, Attempt = 1,
            BegunAt = DateTimeOffset.UnixEpoch, Plan = known.ToJsonString(), Header = "[]", Stores = true,
        }));
        var marks = new RowMarks(RowMarks.HashLayout);
        RecordRow Row(int row, string id, string mail) => new(
            row, $$"""{"id":"{{id}}","mail":"{{mail}}"}""", [marks.Of("k", id + "\u001F"), marks.Of("umail\u001F", mail)], null);
        Assert.True(await world.Store.AppendAsync(new(
            begun.Import.Number, 1, [Row(2, "1", "a@x"), Row(3, "2", "b@x")], [], 3, new(2, 2, 0, 0, 0, 0))));
        await world.Store.StoreAsync(job, world.User, DateTimeOffset.UnixEpoch);
    }
}
