using System.Text;

namespace NextUp.Actors.Statistics;

/// <summary>
/// The part of an error that many failures share. What differs from job to job is taken out: the job's file name, quoted
/// names, whatever has a digit in it, mail addresses, and paths. So one cause gathers many jobs, and a person's file
/// names do not get into statistics.
/// </summary>
public static class FailureCause
{
    /// <summary>A longer cause is cut, in characters.</summary>
    public const int LengthMax = 160;

    /// <summary>Stands for all causes beyond the kept ones.</summary>
    public const string Other = "";

    const char Taken = '…';
    const string Number = "N";

    /// <summary>Errors are cut to this before they are looked at, so that a huge one costs little.</summary>
    const int LookedAtMax = 2_000;

    public static string Of(string? error, string fileName)
    {
        if (string.IsNullOrWhiteSpace(error))
            return "(no reason was given)";

        var text = error.Length > LookedAtMax ? error[..LookedAtMax] : error;
        if (fileName.Length > 0)
            text = text.Replace(fileName, $"{Taken}", StringComparison.OrdinalIgnoreCase);
        var cause = new StringBuilder(Math.Min(text.Length, LengthMax));
        for (var at = 0; at < text.Length && cause.Length < LengthMax;)
            at = Take(text, at, cause);
        var found = cause.ToString().Trim();
        return found.Length <= LengthMax ? found : found[..LengthMax];
    }

    /// <summary>Takes what begins at <paramref name="at"/> and answers where the next thing begins.</summary>
    static int Take(string text, int at, StringBuilder cause)
    {
        var letter = text[at];
        if (char.IsWhiteSpace(letter))
        {
            if (cause.Length > 0 && cause[^1] != ' ')
                cause.Append(' ');
            return at + 1;
        }

        if (EndOfQuote(text, at) is { } end)
        {
            cause.Append(letter).Append(Taken).Append(text[end]);
            return end + 1;
        }

        var length = 0;
        while (at + length < text.Length && !char.IsWhiteSpace(text[at + length]) && !IsQuote(text[at + length]))
            length++;
        if (length == 0)
        {
            cause.Append(letter);
            return at + 1;
        }

        cause.Append(WithoutNames(text.AsSpan(at, length)));
        return at + length;
    }

    static string WithoutNames(ReadOnlySpan<char> word)
    {
        var core = word.Trim(".,;:!?()[]{}<>");
        var isTaken = core.Contains('@') || core.Contains('\\') || core.StartsWith('/') || core.IndexOfAnyInRange('0', '9') >= 0;
        if (!isTaken)
            return core.IndexOf("://") > 0 ? WithoutPath(word.ToString()) : word.ToString();

        var from = word.IndexOf(core);
        var replacement = core.IndexOf("://") > 0 ? WithoutPath(core.ToString()) : Number;
        return $"{word[..from]}{replacement}{word[(from + core.Length)..]}";
    }

    /// <summary>Of an address only the host is the cause; its path and query name things.</summary>
    static string WithoutPath(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var parsed) ? $"{parsed.Scheme}://{parsed.Host}" : Number;

    static bool IsQuote(char letter) => letter is '"' or '“' or '«' or '`' or '‘' or '\'';

    static int? EndOfQuote(string text, int at)
    {
        var closing = text[at] switch
        {
            '"' => '"',
            '“' => '”',
            '«' => '»',
            '`' => '`',
            '‘' => '’',
            // An apostrophe inside a word is no quote.
            '\'' when at == 0 || !char.IsLetterOrDigit(text[at - 1]) => '\'',
            _ => '\0',
        };
        if (closing == '\0')
            return null;
        var end = text.IndexOf(closing, at + 1);
        return end < 0 ? null : end;
    }
}
