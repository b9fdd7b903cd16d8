namespace NextUp.Processors.Tables.Reading;

/// <summary>What a cell holds. A separated file has texts only; a sheet knows more.</summary>
enum CellKind
{
    Empty = 0,
    Text,

    /// <summary>A number of a sheet, written with a point and without thousands marks.</summary>
    Number,

    /// <summary>A date or time of a sheet, as ISO 8601 without an offset.</summary>
    Date,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A formula that failed, such as <c>#REF!</c>.</summary>
    Error,
}

/// <summary>One cell of a row, as the file has it.</summary>
readonly record struct Cell(CellKind Kind, string Text)
{
    public static readonly Cell Empty = new(CellKind.Empty, "");

    /// <summary>Where the number is a day's, it is counted from 1904.</summary>
    public bool CountsFrom1904 { get; init; }

    public bool IsBlank => Kind == CellKind.Empty || (Kind == CellKind.Text && string.IsNullOrWhiteSpace(Text));

    public static Cell Of(string text) => text.Length == 0 ? Empty : new(CellKind.Text, text);
}
