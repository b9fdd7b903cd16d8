using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml;
using NextUp.Processors.Documents.Office;
using NextUp.Processors.Documents.Pages;

namespace NextUp.Processors.Documents.Extraction;

/// <summary>
/// What runs in the process that reads Office files, pages and Markdown: a file goes in, lines of JSON come out. It is this
/// program, started by itself under limits of memory and time (<see cref="Tools.ToolRunner"/>), so that whatever a file does
/// to a parser happens to nobody else.
/// </summary>
public static class ReadingProcess
{
    /// <summary>The hidden command by which the program is told to be one.</summary>
    public const string CommandName = "read-document";

    static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <summary>Reads the file and says what is in it; what cannot be read is said too, so the exit code is 0 for both.</summary>
    /// <param name="output">Where the lines go; it is flushed.</param>
    public static int Run(DocumentFormat format, string path, Stream output)
    {
        using var buffered = new BufferedStream(output, 1 << 16);
        var blocks = new BlockWriter(block => Say(buffered, new() { Block = block }), DocumentLimits.Default);
        try
        {
            using var file = File.OpenRead(path);
            if (Read(format, file, blocks, (done, total) => Say(buffered, new() { Progress = new(done, total, "Reading") })) is { } title)
                Say(buffered, new() { Title = title });
            Say(buffered, new() { IsLast = true });
        }
        catch (UnreadableDocumentException unreadable)
        {
            Say(buffered, new() { Refused = unreadable.Message, IsLast = true });
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // Parsers meet files that nobody thought of with whatever exception comes first; each means that the file is at
            // fault, and this process is over anyway.
            Say(buffered, new() { Refused = Sentence(broken), IsLast = true });
        }

        return 0;
    }

    static string? Read(DocumentFormat format, FileStream file, BlockWriter blocks, Action<int, int> done)
    {
        switch (format)
        {
            case DocumentFormat.Docx:
                using (var package = new OfficePackage(new ZipArchive(file))) WordReading.Read(package, blocks);
                return null;
            case DocumentFormat.Pptx:
                using (var package = new OfficePackage(new ZipArchive(file))) SlideReading.Read(package, blocks, done);
                return null;
            case DocumentFormat.Xlsx or DocumentFormat.Xls:
                SheetReading.Read(format, file, blocks, done);
                return null;
            case DocumentFormat.Html:
                return HtmlReading.Read(file, blocks);
            case DocumentFormat.Markdown:
                MarkdownReading.Read(file, blocks);
                return null;
            default:
                throw new UnreadableDocumentException($"A file of type {format} is not read here.");
        }
    }

    static string Sentence(Exception broken) => broken switch
    {
        XmlException xml => $"It is damaged: its XML ends to make sense in line {xml.LineNumber}. Open it in its program and save it anew.",
        InvalidDataException => "It is damaged: a part of it cannot be unpacked. Open it in its program and save it anew.",
        _ => $"It is damaged ({broken.GetType().Name}). Open it in its program and save it anew.",
    };

    static void Say(Stream output, ReadingLine line)
    {
        JsonSerializer.Serialize(output, line, ReadingJson.Default.ReadingLine);
        output.Write(LineEnd);
    }
}
