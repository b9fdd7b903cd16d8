using NextUp.Processors.Tables.Profiles;
using NextUp.Processors.Tables.Reading;
using NextUp.Processors.Tables.Values;

namespace NextUp.UnitTests.Tables;

public sealed class ValueTests
{
    [Theory]
    [InlineData("1234.5", null, "1234.5")]
    [InlineData("1,234.50", null, "1234.5")]
    [InlineData("1.234,50", null, "1234.5")]
    [InlineData("1 234 567", null, "1234567")]
    [InlineData("1'234'567.25", null, "1234567.25")]
    [InlineData("12,5", null, "12.5")]
    [InlineData("0,125", null, "0.125")]
    [InlineData("-7", null, "-7")]
    [InlineData("1,234", ",", "1.234")]
    [InlineData("1,234", ".", "1234")]
    [InlineData("1.234", ",", "1234")]
    [InlineData("1.234", null, "1.234")]
    [InlineData("1,234,567", null, "1234567")]
    [InlineData("\u22125,5", null, "-5.5")]
    [InlineData("1,234", null, "ambiguous")]
    [InlineData("12,34,5", null, "type")]
    [InlineData("1,23,456", null, "type")]
    [InlineData("1E10", null, "type")]
    [InlineData("12x", null, "type")]
    [InlineData(".", null, "type")]
    [InlineData("1.2.3,4", null, "type")]
    public void Numbers_are_read_as_people_write_them_and_never_guessed(string text, string? mark, string expected) =>
        Assert.Equal(expected, Read(text, new() { Name = "n", Type = ColumnType.Decimal, DecimalMark = mark }));

    [Theory]
    [InlineData("2025-04-03", null, "2025-04-03")]
    [InlineData("2025/4/3", null, "2025-04-03")]
    [InlineData("03.04.2025", null, "2025-04-03")]
    [InlineData("25/12/2024", null, "2024-12-25")]
    [InlineData("12/25/2024", null, "2024-12-25")]
    [InlineData("04/04/2024", null, "2024-04-04")]
    [InlineData("3 Apr 2025", null, "2025-04-03")]
    [InlineData("April 3, 2025", null, "2025-04-03")]
    [InlineData("03/04/25", DateOrder.DayMonthYear, "2025-04-03")]
    [InlineData("03/04/25", DateOrder.MonthDayYear, "2025-03-04")]
    [InlineData("03/04/25", DateOrder.YearMonthDay, "2003-04-25")]
    [InlineData("03/04/75", DateOrder.DayMonthYear, "1975-04-03")]
    [InlineData("03/04/25", null, "ambiguous")]
    [InlineData("03/04/2025", null, "ambiguous")]
    [InlineData("03.04.25", null, "ambiguous")]
    [InlineData("29.02.2023", null, "type")]
    [InlineData("2024-02-30", null, "type")]
    [InlineData("2024-01-01 10:00", null, "type")]
    [InlineData("yesterday", null, "type")]
    public void Dates_are_read_where_they_have_one_reading(string text, DateOrder? order, string expected) =>
        Assert.Equal(expected, Read(text, new() { Name = "d", Type = ColumnType.Date, Dates = order }));

    [Theory]
    [InlineData("2025-04-03T10:20:30", "2025-04-03T10:20:30")]
    [InlineData("2025-04-03T10:20:30Z", "2025-04-03T10:20:30")]
    [InlineData("3.4.2025 9:05", "2025-04-03T09:05:00")]
    [InlineData("2025-04-03", "2025-04-03T00:00:00")]
    [InlineData("2025-04-03 25:00", "type")]
    public void Times_are_read_with_their_day(string text, string expected) =>
        Assert.Equal(expected, Read(text, new() { Name = "t", Type = ColumnType.DateTime }));

    [Theory]
    [InlineData(CellKind.Number, "45000", ColumnType.Date, "2023-03-15")]
    [InlineData(CellKind.Number, "45000.5", ColumnType.DateTime, "2023-03-15T12:00:00")]
    [InlineData(CellKind.Number, "99999999", ColumnType.Date, "type")]
    [InlineData(CellKind.Number, "60", ColumnType.Date, "type")]
    [InlineData(CellKind.Date, "2024-01-31", ColumnType.Date, "2024-01-31")]
    [InlineData(CellKind.Date, "2024-01-31", ColumnType.Integer, "type")]
    [InlineData(CellKind.Number, "1.234", ColumnType.Decimal, "1.234")]
    [InlineData(CellKind.Boolean, "true", ColumnType.Boolean, "true")]
    [InlineData(CellKind.Error, "#REF!", ColumnType.Text, "cell-error")]
    [InlineData(CellKind.Number, "00123", ColumnType.Text, "00123")]
    [InlineData(CellKind.Text, "a\0b", ColumnType.Text, "control-character")]
    [InlineData(CellKind.Text, "👩‍🚀 \ud83d\ude00", ColumnType.Text, "👩‍🚀 \ud83d\ude00")]
    internal void Cells_of_sheets_keep_what_they_are(CellKind kind, string text, ColumnType type, string expected) =>
        Assert.Equal(expected, Read(new Cell(kind, text), new() { Name = "c", Type = type, DecimalMark = "," }));

    [Fact]
    public void Rules_of_a_column_hold_at_their_edges()
    {
        var text = new ColumnRule { Name = "t", Min = "2", Max = "3" };
        Assert.Equal(["too-small", "ab", "abc", "too-large"], new[] { "a", "ab", "abc", "abcd" }.Select(one => Read(one, text)));
        var number = new ColumnRule { Name = "n", Type = ColumnType.Integer, Min = "-1", Max = "10" };
        Assert.Equal(["too-small", "-1", "10", "too-large"], new[] { "-2", "-1", "10", "11" }.Select(one => Read(one, number)));
        var day = new ColumnRule { Name = "d", Type = ColumnType.Date, Min = "2024-01-01" };
        Assert.Equal(["too-small", "2024-01-01"], new[] { "31.12.2023", "1.1.2024" }.Select(one => Read(one, day)));
        Assert.Equal("not-allowed", Read("c", new() { Name = "a", Allowed = ["a", "b"] }));
        Assert.Equal("pattern", Read("a1x", new() { Name = "p", Pattern = "[a-z][0-9]" }));
        Assert.Equal("b", Read("", new() { Name = "a", Allowed = ["a", "b"], Default = "b" }));
        Assert.Equal("required", Read(" ", new() { Name = "r", Required = true }));
        Assert.Equal("", Read("", new() { Name = "o" }));
    }

    [Theory]
    [InlineData("1 2 3", ColumnType.Integer)]
    [InlineData("1 2.5 3", ColumnType.Decimal)]
    [InlineData("007 123", ColumnType.Text)]
    [InlineData("1E10 2E10", ColumnType.Text)]
    [InlineData("12345678901234567890 1", ColumnType.Text)]
    [InlineData("true false", ColumnType.Boolean)]
    [InlineData("1 0", ColumnType.Integer)]
    [InlineData("2024-01-01 2024-12-31", ColumnType.Date)]
    [InlineData("01/02/2024 25/02/2024", ColumnType.Date)]
    [InlineData("01/02/2024 03/04/2024", ColumnType.Text)]
    [InlineData("1,234 5,678", ColumnType.Text)]
    [InlineData("1,234 5,67", ColumnType.Decimal)]
    [InlineData("+4912345 +4954321", ColumnType.Text)]
    [InlineData("a 1", ColumnType.Text)]
    public void Types_are_the_narrowest_that_all_values_have(string values, ColumnType type)
    {
        var inference = new TypeInference();
        foreach (var value in values.Split(' '))
            inference.Take(Cell.Of(value));
        var rule = inference.Rule("c");

        Assert.Equal(type, rule.Type);
        Assert.All(values.Split(' '), value => Assert.IsType<ValueReading.Fit>(ValueReader.Read(Cell.Of(value), rule)));
    }

    [Fact]
    public void A_profile_says_what_is_wrong_with_it()
    {
        var profile = new TableProfile
        {
            Name = "p",
            Columns =
            [
                new() { Name = "a", Pattern = "(" }, new() { Name = "a" }, new() { Name = "b", Type = ColumnType.Integer, Min = "x" },
                new() { Name = "c", Pattern = "(?=x)" }, new() { Name = "d", Type = ColumnType.Date, Default = "soon" },
                new() { Name = "e", DecimalMark = ";" },
            ],
        };

        Assert.Equal(6, profile.Problems().Count);
        Assert.Empty((profile with { Columns = [new() { Name = "a" }] }).Problems());
    }

    static string Read(string text, ColumnRule rule) => Read(Cell.Of(text), rule);

    static string Read(Cell cell, ColumnRule rule) => ValueReader.Read(cell, rule) switch
    {
        ValueReading.Fit fit => fit.Text,
        ValueReading.Wrong wrong => wrong.Code,
        _ => "",
    };
}
