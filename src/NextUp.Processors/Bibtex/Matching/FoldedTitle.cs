namespace NextUp.Processors.Bibtex.Matching;

/// <summary>A title as it is compared: its words, the words before the first colon, and how much it says.</summary>
sealed class FoldedTitle
{
    FoldedTitle(string[] words, string[] main)
    {
        Words = words;
        Main = main;
        Joined = string.Concat(words);
        Spaced = string.Join(' ', words);
    }

    public string[] Words { get; }

    /// <summary>The words before the first colon; all of them where there is none.</summary>
    public string[] Main { get; }

    /// <summary>Without spaces, so that "non linear", "non-linear" and "nonlinear" are one.</summary>
    public string Joined { get; }

    public string Spaced { get; }

    public bool HasSubtitle => Main.Length < Words.Length;

    public static FoldedTitle Of(string? title)
    {
        var words = FoldedText.Words(title);
        var colon = title?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        var main = colon > 0 ? FoldedText.Words(title![..colon]) : words;
        return new(words, main.Length == 0 ? words : main);
    }

    public static FoldedTitle Of(string? title, string? subtitle) =>
        string.IsNullOrWhiteSpace(subtitle) ? Of(title) : Of($"{title}: {subtitle}");
}
