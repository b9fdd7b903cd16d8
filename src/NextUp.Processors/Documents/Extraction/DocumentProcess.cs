using System.Globalization;
using System.Text;
using System.Text.Json;
using NextUp.Processors.Tools;

namespace NextUp.Processors.Documents.Extraction;

/// <summary>The other side of <see cref="ReadingProcess"/>: starts it on a file and gathers what it says.</summary>
sealed class DocumentProcess(ToolRunner runner, DocumentLimits limits)
{
    public async Task<DocumentReading> ReadAsync(
        DocumentFormat format, string path, string workspace, IProgress<ReadingProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var folder = new ToolFolder(workspace);
        var gathered = new Gathered(format);
        var number = ((int)format).ToString(CultureInfo.InvariantCulture);
        var run = await runner.RunAsync(
            new(ExternalTool.Reader, folder, [ReadingProcess.CommandName, number, path])
            {
                Limits = new()
                {
                    Wall = limits.Wall, CpuSecondsMax = (int)limits.Wall.TotalSeconds, MemoryBytesMax = limits.MemoryBytesMax,
                    // A character is at most six bytes of JSON, and there is little beside the text.
                    OutputBytesMax = limits.TextCharsMax * 8L,
                },
                Read = (output, token) => gathered.ReadAsync(output, limits, progress, token),
            },
            cancellationToken);
        return run switch
        {
            ToolRun.Missing missing => new DocumentReading.ToolFailed(missing.Sentence),
            ToolRun.TimedOut => new DocumentReading.Refused(
                $"It takes longer than {limits.Wall.TotalSeconds:0} s to read. Split it, or save it in a simpler form."),
            ToolRun.OutputTooLarge => new DocumentReading.Refused($"It has more than {limits.TextCharsMax:N0} characters. Split it."),
            _ when gathered.Refused is { } reason => new DocumentReading.Refused(reason),
            _ when gathered.IsWhole => gathered.Reading(),
            _ => new DocumentReading.Refused(
                "It ended the process that read it, most likely because it needs more than "
                + $"{limits.MemoryBytesMax >> 20:N0} MiB of memory. Split it, or save it in a simpler form."),
        };
    }

    sealed class Gathered(DocumentFormat format)
    {
        /// <summary>More of a line is no block of ours.</summary>
        const int CharsPerChar = 8;

        readonly List<TextBlock> blocks = [];
        string? title;

        public string? Refused { get; private set; }

        public bool IsWhole { get; private set; }

        public async Task ReadAsync(
            Stream output, DocumentLimits limits, IProgress<ReadingProgress>? progress, CancellationToken cancellationToken)
        {
            using var reader = new StreamReader(output, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 1 << 16);
            var lines = new BoundedLines(reader, limits.BlockCharsMax * CharsPerChar);
            while (await lines.NextAsync(cancellationToken) is { } text)
            {
                if (Line(text) is not { } line) continue;
                if (line.Block is { Page: > 0, Text.Length: > 0 } block) blocks.Add(block);
                if (line.Progress is { } done) progress?.Report(done);
                title ??= line.Title;
                Refused ??= line.Refused;
                IsWhole |= line.IsLast;
            }
        }

        public DocumentReading Reading()
        {
            if (blocks.Count == 0) return new DocumentReading.Refused("There is no text in it.");
            var pages = new List<DocumentPage>();
            for (var at = 0; at < blocks.Count;)
            {
                var (number, from) = (blocks[at].Page, at);
                while (at < blocks.Count && blocks[at].Page == number) at++;
                pages.Add(new(number, blocks[from..at]));
            }

            return new DocumentReading.Extracted(new(format, pages, []) { Title = title });
        }

        /// <summary>Null for what is no line of ours: the process that says it has read a hostile file.</summary>
        static ReadingLine? Line(string text)
        {
            try
            {
                return JsonSerializer.Deserialize(text, ReadingJson.Default.ReadingLine);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
