using System.Globalization;
using NextUp.Actors.Notices;

namespace NextUp.Server.Notices;

/// <summary>A notice in a sentence, for people. Plain text: each channel escapes it in its own way.</summary>
static class NoticeWords
{
    const int NameLengthMax = 120;
    const int ReasonLengthMax = 500;

    /// <summary>One line, without its full stop.</summary>
    public static string Title(Notice notice)
    {
        var name = notice.Job is { } job ? Quoted(job.FileName) : "";
        return notice.Type switch
        {
            NoticeType.Queued => $"{name} is in the line",
            NoticeType.Held => $"{name} waits behind another job of yours",
            NoticeType.Started => $"{name} has started",
            NoticeType.Retrying => $"{name} will be tried again",
            NoticeType.Completed => $"{name} is completed",
            NoticeType.Failed => $"{name} has failed",
            NoticeType.Cancelled => $"{name} was cancelled",
            NoticeType.Requeued => $"{name} is to be done again",
            NoticeType.Test => "This is a trial notice from NextUp",
            _ => "Please confirm your address",
        };
    }

    /// <summary>Why, where there is a why; else empty.</summary>
    public static string Reason(Notice notice) =>
        notice.Job?.Reason is { } reason ? Shortened(Clean(reason), ReasonLengthMax) : "";

    /// <summary>Title and reason together.</summary>
    public static string Sentence(Notice notice) =>
        Reason(notice) is { Length: > 0 } reason ? $"{Title(notice)}: {reason}" : Title(notice) + ".";

    /// <summary>Without what moves a cursor, ends a line or turns the direction of writing.</summary>
    public static string Clean(string text) => string.Concat(text.Select(letter =>
        char.IsControl(letter) || letter is '\u2028' or '\u2029'
            || (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.Format && letter != '\u200d')
            ? ' ' : letter));

    /// <summary>At most so many characters, never half of one.</summary>
    public static string Shortened(string text, int lengthMax)
    {
        if (text.Length <= lengthMax)
            return text;

        var end = lengthMax - 1;
        if (char.IsHighSurrogate(text[end - 1]))
            end--;
        return text[..end] + "…";
    }

    static string Quoted(string name) => $"\"{Shortened(Clean(name), NameLengthMax)}\"";
}
