using System.Text;
using NextUp.Processors.Files;
using NextUp.Processors.Tables.Reading;
using NextUp.UnitTests.Documents.Samples;
using static NextUp.UnitTests.Tables.SmallXls;

namespace NextUp.UnitTests.Tables;

/// <summary>Cells of old Excel files that show an error. The library that reads the cells takes them for empty.</summary>
public sealed class XlsErrorTests
{
    static readonly byte[][] Sheet =
    [
        Label(0, 0, "id"), Label(0, 1, "sum"), Number(1, 0, 1), Formula(1, 1, 2, 0x17), Number(2, 0, 2), Number(2, 1, 2.5),
        Number(3, 0, 3), Error(3, 1, 0x2A), Number(4, 0, 4),
    ];

    static readonly string[] Codes =
        ["00 #NULL!", "07 #DIV/0!", "0F #VALUE!", "17 #REF!", "1D #NAME?", "24 #NUM!", "2A #N/A", "2B #GETTING_DATA"];

    [Fact]
    public async Task A_failed_formula_and_a_pasted_error_of_an_xls_are_errors_of_their_rows_as_in_an_xlsx()
    {
        using var world = new TableWorld();
        var imported = await world.ImportAsync(
            "s.xls", Of(Sheet), """{"columns":[{"name":"id","type":"integer"},{"name":"sum","type":"decimal"}]}""");

        Assert.Equal((2L, 2L), (imported.Counts.Inserted, imported.Counts.Rejected));
        Assert.Equal(
            [("sum", "cell-error", "#REF!"), ("sum", "cell-error", "#N/A")],
            (await world.ErrorsAsync(imported.Job)).Select(error => (error.Column, error.Code, error.Found)));
    }

    [Fact]
    public void Each_code_has_the_name_that_a_spreadsheet_shows_and_truth_values_stay_what_they_are()
    {
        byte[][] cells =
        [
            .. Codes.Select((code, row) => Formula(row, 0, 2, Convert.ToByte(code[..2], 16))),
            .. Codes.Select((code, row) => Error(row, 2, Convert.ToByte(code[..2], 16))),
            Truth(20, 0, true), Formula(20, 1, 1, 0), Error(20, 3, 0x63),
        ];

        Assert.Equal(
            [
                .. Codes.Select((code, row) => $$"""[{{row + 1}},{"e":"{{code[3..]}}"},null,{"e":"{{code[3..]}}"}]"""),
                """[21,{"b":true},{"b":false},null,{"e":"#ERROR 99"}]""",
            ],
            RowsOf(Of(cells)));
    }

    [Fact]
    public void Errors_are_found_in_the_container_of_a_large_file_in_the_bare_stream_and_on_the_sheet_that_was_asked_for()
    {
        byte[][] many = [.. Enumerable.Range(0, 5_000).Select(row => row % 1_000 == 999 ? Error(row, 1, 0x07) : Number(row, 1, row))];
        byte[][] other = [Error(1, 0, 0x24)];
        foreach (var file in (byte[][])[Of(many, other), Records([], many, other)])
        {
            var rows = RowsOf(file);
            Assert.Equal(5_000, rows.Length);
            Assert.Equal(
                [.. Enumerable.Range(1, 5).Select(i => $$"""[{{i * 1_000}},null,{"e":"#DIV/0!"}]""")],
                rows.Where(row => row.Contains("\"e\"", StringComparison.Ordinal)));
            Assert.Equal(["""[2,{"e":"#NUM!"}]"""], RowsOf(file, "S2"));
        }
    }

    [Fact]
    public void What_a_chart_in_the_sheet_shows_is_none_of_its_cells() => Assert.Equal(
        ["""[1,{"n":"1"}]""", """[2,{"e":"#N/A"}]"""],
        RowsOf(Of([Number(0, 0, 1), Error(1, 0, 0x2A), Chart(Error(0, 1, 0x07))])));

    [Fact]
    public void Where_an_encryption_hides_what_formulas_came_to_that_is_said_instead_of_guessed()
    {
        var key = Record(0x002F, new byte[6]);
        Assert.True(XlsErrors.Of(new MemoryStream(Contain(Records(key, Sheet)))).AreHidden);
        Assert.False(XlsErrors.Of(new MemoryStream(Contain(Records(key, [[Number(0, 0, 1)]])))).AreHidden);
    }

    [Fact]
    public void A_sheet_with_nothing_but_errors_is_not_passed_over() =>
        Assert.Equal(["""[3,null,{"e":"#N/A"}]"""], RowsOf(Of([Error(2, 1, 0x2A)], [Number(0, 0, 1)])));

    [Fact]
    public async Task The_text_of_a_document_shows_the_errors_of_both_formats()
    {
        const string sheet = """
            <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
            <row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c></row></sheetData></worksheet>
            """;
        using var desk = new ReadingDesk();
        foreach (var (name, file) in ((string, byte[])[])[
            ("a.xls", Of([Number(0, 0, 1), Formula(0, 1, 2, 0x17)])), ("a.xlsx", SmallWorkbook.Of(sheet))])
        {
            var text = await desk.TextOfAsync(name, file);
            Assert.Contains(text.Blocks, block => block.Text == "1 | #REF!");
        }
    }

    [Fact]
    public void Damaged_containers_end_in_a_sentence_and_never_hang()
    {
        var whole = Of(Sheet);
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var broken = whole.ToArray();
            for (var i = 0; i < 1 + (round % 8); i++)
                broken[8 + random.Next(broken.Length - 8)] = (byte)random.Next(256);
            using var rows = new MemoryStream();
            if (WorkbookRows.Write(new MemoryStream(broken), rows, null) is { } reason)
                Assert.EndsWith(".", reason, StringComparison.Ordinal);
        }
    }

    static string[] RowsOf(byte[] file, string? sheet = null)
    {
        using var rows = new MemoryStream();
        Assert.Null(WorkbookRows.Write(new MemoryStream(file), rows, sheet));
        return Encoding.UTF8.GetString(rows.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..^1];
    }
}
