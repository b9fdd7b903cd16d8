using System.Text;
using System.Text.Json;
using NextUp.Processors.Tables.Reading;

namespace NextUp.UnitTests.Tables;

public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("a,b\r\nc,d\r\n", "a|b/c|d")]
    [InlineData("a,b\nc,d", "a|b/c|d")]
    [InlineData("a,b\rc,d\r", "a|b/c|d")]
    [InlineData("a,\"b\nb\",c\n", "a|b\nb|c")]
    [InlineData("a,\"b\"\"b\"\n", "a|b\"b")]
    [InlineData("a,,\n,,\n", "a||/||")]
    [InlineData("a\n\nb\n", "a//b")]
    [InlineData("\"\",x\n", "|x")]
    [InlineData("a,b\"c\n", "a|b\"c")]
    [InlineData("", "")]
    public void Rows_are_read_with_every_kind_of_line_end(string text, string expected) => Assert.Equal(expected, Shown(text, ','));

    [Fact]
    public void A_row_knows_its_number_and_its_line()
    {
        using var reader = new CsvReader(new StringReader("a\n\"b\r\nb\"\nc\r\nd"), ',');
        var places = new List<(long, long)>();
        while (reader.Read())
            places.Add((reader.Row, reader.Line));

        Assert.Equal([(1, 1), (2, 2), (3, 4), (4, 5)], places);
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_said_with_its_line_and_does_not_take_in_the_file()
    {
        using var reader = new CsvReader(new StringReader("a,b\n1,\"2\n3,4\n"), ',');
        reader.Read();
        Assert.Contains("opened in line 2", Assert.Throws<UnreadableTableException>(() => reader.Read()).Message,
            StringComparison.Ordinal);

        using var long_ = new CsvReader(new StringReader("\"" + new string('x', TableLimits.RowLengthMax + 1)), ',');
        Assert.Contains("longer than", Assert.Throws<UnreadableTableException>(() => long_.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_row_and_the_most_columns_are_read_and_one_more_is_not()
    {
        using var longest = new CsvReader(new StringReader(new string('x', TableLimits.RowLengthMax)), ',');
        Assert.True(longest.Read());
        using var widest = new CsvReader(new StringReader(new string(',', TableLimits.ColumnsMax - 1) + "\n"), ',');
        Assert.True(widest.Read());
        Assert.Equal(TableLimits.ColumnsMax, widest.Cells.Count);
        using var wider = new CsvReader(new StringReader(new string(',', TableLimits.ColumnsMax + 1) + "\n"), ',');
        Assert.Throws<UnreadableTableException>(() => wider.Read());
    }

    [Fact]
    public void Text_behind_a_closing_quote_is_a_fault_of_its_row_alone()
    {
        using var reader = new CsvReader(new StringReader("\"a\"x,b\nc,d\n"), ',');
        Assert.True(reader.Read());
        Assert.NotNull(reader.Fault);
        Assert.Equal(["ax", "b"], reader.Cells.Select(cell => cell.Text));
        Assert.True(reader.Read());
        Assert.Null(reader.Fault);
    }

    [Fact]
    public void Files_made_of_random_values_come_back_whatever_their_separator_encoding_and_line_ends()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var truth = RandomTable.Of(new Random(seed));
            var file = Opened(truth.Bytes);
            Assert.True(truth.Separator == file.Shape.Separator![0], $"seed {seed}: {truth.Separator} was read as {file.Shape.Separator}");
            Assert.Equal(truth.Header, file.Shape.Header);
            using var source = file.NewSource(file.Shape);
            var at = 0;
            while (source.Read())
            {
                if (source.Row < file.Shape.FirstRow)
                    continue;
                Assert.True(truth.Rows[at].SequenceEqual(source.Cells.Select(cell => cell.Text)), $"seed {seed}, row {at}");
                at++;
            }

            Assert.Equal(truth.Rows.Count, at);
        }
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    [InlineData("windows-1252", false)]
    public void Encodings_are_found_out(string name, bool marked)
    {
        var encoding = TextEncodings.Find(name)!;
        var text = "name;town\nMüller;Köln\nÅse;Ærø\n";
        var bytes = marked && name == "utf-8" ? [0xEF, 0xBB, 0xBF, .. encoding.GetBytes(text)]
            : marked ? [.. encoding.GetPreamble(), .. encoding.GetBytes(text)] : encoding.GetBytes(text);
        var file = Opened(bytes);

        Assert.Equal(["name", "town"], file.Shape.Header);
        Assert.Equal("Müller", file.Sample[0].Cells[0].Text);
    }

    [Theory]
    [InlineData("sep=|\na|b\n1|2\n", 2, "a,b")]
    [InlineData("Report of May\n\na,b,c\n1,2,3\n4,5,6\n", 3, "a,b,c")]
    [InlineData("1,2,3\n4,5,6\n", 0, "Column 1,Column 2,Column 3")]
    [InlineData("a,,a\n1,2,3\n", 1, "a,Column 2,a (2)")]
    [InlineData("name\nx\ny\n", 1, "name")]
    [InlineData("a,b,\n1,2,\n3,4,\n", 1, "a,b")]
    [InlineData("a,b\n1,2,3\n4\n5,6\n7,8\n", 1, "a,b")]
    [InlineData("\uFEFFsep=;\r\na;b\r\n1,5;2\r\n3;4,5\r\n", 2, "a,b")]
    [InlineData("sep=#\na#b\n1#2\n", 2, "a,b")]
    [InlineData("a^b^c\n1^2^3\n4^5^6\n", 1, "a,b,c")]
    [InlineData("name~town\nx, y~z\nu, v~w\n", 1, "name,town")]
    [InlineData("user:shell\nroot:/bin/sh\nada:/bin/sh\n", 1, "user,shell")]
    [InlineData("name|note\nAda|\"a|b, c; d\"\nEve|x\n", 1, "name,note")]
    [InlineData("\n\n;;\nname;town;zip\nAda;Oxford;00123\nEve;Bath;00456\n", 4, "name,town,zip")]
    [InlineData("Sales 2024;;\nprinted on 1 May;;\n;;\nname;town;sum\nAda;Oxford;1,5\nEve;Bath;2,5\n", 4, "name,town,sum")]
    [InlineData("\"first\nname\",town\nAda,Oxford\nEve,Bath\n", 1, "first name,town")]
    [InlineData("名前,町\n花子,東京\n太郎,大阪\n", 1, "名前,町")]
    public void The_header_is_found_wherever_it_is(string text, long row, string header)
    {
        var file = Opened(Encoding.UTF8.GetBytes(text));
        Assert.Equal((row, header), (file.Shape.HeaderRow, string.Join(',', file.Shape.Header)));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n\n \n", "holds no rows")]
    [InlineData("<html><table><tr><td>1</td></tr></table></html>", "is a web page")]
    [InlineData("<?xml version=\"1.0\"?><x/>", "is XML")]
    [InlineData("%PDF-1.7", "is a PDF")]
    [InlineData("PK\u0003\u0004rubbish", "damaged")]
    [InlineData("\u0001\u0002\u0003\u0000\u0000\u0001\u0002\u0003\u0000\u0000\u0000\u0000", "neither text nor a workbook")]
    public async Task What_is_no_table_is_refused_in_a_sentence(string text, string part)
    {
        var opened = await OpenAsync(Encoding.Latin1.GetBytes(text));
        Assert.Contains(part, Assert.IsType<OpenedFile.Refused>(opened).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_of_the_spectrum_is_read_as_its_truth_says()
    {
        var folder = Corpora.Find("csv/csv-spectrum");
        Assert.SkipUnless(folder is not null, "No ../shared/corpora/csv beside the project; nothing was read.");
        var files = Directory.GetFiles(Path.Combine(folder!, "csvs"), "*.csv");
        foreach (var path in files)
        {
            var file = Opened(File.ReadAllBytes(path), headerRow: 1, separator: ',');
            using var truth = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder!, "json",
                Path.GetFileNameWithoutExtension(path) + ".json")));
            var rows = truth.RootElement.EnumerateArray().ToList();
            Assert.True(rows.Count == file.Sample.Count, path);
            for (var i = 0; i < rows.Count; i++)
            {
                var expected = rows[i].EnumerateObject().Select(value => (value.Name, value.Value.GetString() ?? ""));
                var found = file.Shape.Header.Select((name, at) => (name, at < file.Sample[i].Cells.Length
                    ? file.Sample[i].Cells[at].Text : ""));
                Assert.True(
                    expected.Select(Normal).SequenceEqual(found.Select(Normal)), $"{path}, row {i}: {string.Join("; ", found)}");
            }
        }

        Assert.True(files.Length >= 10);
    }

    static (string, string) Normal((string Name, string Value) one) => (one.Name, one.Value.ReplaceLineEndings("\n"));

    static string Shown(string text, char separator)
    {
        using var reader = new CsvReader(new StringReader(text), separator);
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', reader.Cells.Select(cell => cell.Text)));
        return string.Join('/', rows);
    }

    static TableFile Opened(byte[] bytes, int? headerRow = null, char? separator = null)
    {
        var opened = OpenAsync(bytes, headerRow, separator).GetAwaiter().GetResult();
        return opened is OpenedFile.Opened { File: var file } ? file
            : throw new InvalidOperationException(((OpenedFile.Refused)opened).Reason);
    }

    static Task<OpenedFile> OpenAsync(byte[] bytes, int? headerRow = null, char? separator = null) => TableFile.OpenAsync(
        "t.csv", new MemoryStream(bytes), new ReadingWishes(null, separator, headerRow, null), new WorkbookHere(),
        () => throw new InvalidOperationException("A separated file needs no folder."), CancellationToken.None);
}
