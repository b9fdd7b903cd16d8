using System.Text;

namespace NextUp.Processors.Tools;

/// <summary>Reads lines; one that is longer than its limit is cut there, so that no line takes more memory than it.</summary>
sealed class BoundedLines(TextReader reader, int lengthMax)
{
    readonly char[] buffer = new char[1 << 14];
    readonly StringBuilder line = new();
    int at;
    int filled;

    /// <summary>The next line without its end, or null behind the last.</summary>
    public async ValueTask<string?> NextAsync(CancellationToken cancellationToken)
    {
        line.Clear();
        while (true)
        {
            if (at == filled)
            {
                (at, filled) = (0, await reader.ReadAsync(buffer, cancellationToken));
                if (filled == 0) return line.Length > 0 ? line.ToString() : null;
            }

            var end = buffer.AsSpan(at, filled - at).IndexOf('\n');
            var part = end >= 0 ? end : filled - at;
            line.Append(buffer, at, Math.Min(part, lengthMax - line.Length));
            at += end >= 0 ? part + 1 : part;
            if (end >= 0) return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
        }
    }
}
