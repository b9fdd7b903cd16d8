using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using NextUp.Actors.Notices;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Settings;

namespace NextUp.Server.Notices.Channels;

/// <summary>
/// Incoming webhooks of Slack and Discord. File names and reasons are other people's words in a room full of people, so
/// they come as plain text there: no links, no formatting, and nobody is called by them.
/// </summary>
sealed class ChatSender(ReceiverHttp http, Func<NoticeSettings> settings) : INoticeSender
{
    /// <summary>The longest text of a Slack section, in characters.</summary>
    const int SlackTextMax = 3_000;

    /// <summary>The longest content of a Discord message, in characters.</summary>
    const int DiscordContentMax = 2_000;

    public Task<SendOutcome> SendAsync(
        NoticeSubscription subscription, Notice notice, CancellationToken cancellationToken)
    {
        var link = NoticeLinks.JobPage(settings(), notice);
        var content = new ByteArrayContent(subscription.Channel == NoticeChannel.Slack
            ? Slack(notice, link) : Discord(notice, link));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        // Both answer 404 for a webhook that was taken away.
        return http.PostAsync(
            subscription.Target, content, null, status => status is 404 or 410, cancellationToken);
    }

    /// <summary>The text is what notifications show; the blocks are what the room shows.</summary>
    public static byte[] Slack(Notice notice, string? link) => Write(json =>
    {
        var sentence = NoticeWords.Sentence(notice);
        json.WriteString("text", NoticeWords.Shortened(SlackEscaped(sentence), SlackTextMax));
        json.WriteBoolean("mrkdwn", false);
        json.WriteStartArray("blocks");
        json.WriteStartObject();
        json.WriteString("type", "section");
        json.WriteStartObject("text");
        json.WriteString("type", "plain_text");
        json.WriteString("text", NoticeWords.Shortened(sentence, SlackTextMax));
        json.WriteBoolean("emoji", false);
        json.WriteEndObject();
        json.WriteEndObject();
        if (link is not null)
        {
            json.WriteStartObject();
            json.WriteString("type", "context");
            json.WriteStartArray("elements");
            json.WriteStartObject();
            json.WriteString("type", "mrkdwn");
            json.WriteString("text", $"<{link}|See the job>");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static byte[] Discord(Notice notice, string? link) => Write(json =>
    {
        var tail = link is null ? "" : $"\n<{link}>";
        json.WriteString(
            "content", EscapedWithin(NoticeWords.Sentence(notice), DiscordContentMax - tail.Length) + tail);
        json.WriteStartObject("allowed_mentions");
        json.WriteStartArray("parse");
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The three characters that Slack gives a meaning to.</summary>
    static string SlackEscaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Every character that Discord's Markdown gives a meaning to, behind a backslash.</summary>
    static string EscapedWithin(string text, int lengthMax)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isMark = rune.IsAscii && char.IsPunctuation((char)rune.Value) && rune.Value is not ('"' or '\'' or ',');
            var isSymbol = rune.Value is '<' or '>' or '|' or '~' or '`' or '+' or '=' or '^' or '$';
            var length = rune.Utf16SequenceLength + (isMark || isSymbol ? 1 : 0);
            if (escaped.Length + length > lengthMax - 1)
                return escaped.Append('…').ToString();
            if (isMark || isSymbol)
                escaped.Append('\\');
            escaped.Append(rune);
        }

        return escaped.ToString();
    }

    static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
