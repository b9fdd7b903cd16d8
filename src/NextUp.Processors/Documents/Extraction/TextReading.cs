using System.Text;
using NextUp.Processors.Files;

namespace NextUp.Processors.Documents.Extraction;

/// <summary>
/// Plain text into blocks: what stands between empty lines is a paragraph. Reads in parts, so that a file of one line takes no
/// more memory than one of many.
/// </summary>
static class TextReading
{
    const int PartLength = 32 << 10;

    public static async Task ReadAsync(
        Stream file, bool isCode, BlockWriter blocks, DocumentLimits limits, CancellationToken cancellationToken)
    {
        using var reader = TextEncoding.Open(file)
            ?? throw new UnreadableDocumentException("It is no text, and of no type that is read here.");
        var part = new char[PartLength];
        var paragraph = new StringBuilder();
        var lineHasText = true;
        while (await reader.ReadAsync(part, cancellationToken) is var read and > 0)
        {
            foreach (var one in part.AsSpan(0, read))
            {
                if (one == '\n')
                {
                    if (!lineHasText) Flush();
                    lineHasText = false;
                }
                else if (!char.IsWhiteSpace(one))
                    lineHasText = true;

                paragraph.Append(one);
                if (paragraph.Length >= limits.BlockCharsMax) FlushBeginning();
            }
        }

        Flush();

        void Flush()
        {
            Write(paragraph.ToString());
            paragraph.Clear();
        }

        // A paragraph that is too long is cut behind a line or a word; what follows goes on.
        void FlushBeginning()
        {
            var text = paragraph.ToString();
            var cut = text.LastIndexOf('\n', text.Length - 1, text.Length / 2);
            if (cut < 0) cut = text.LastIndexOf(' ', text.Length - 1, text.Length / 2);
            if (cut < 0) cut = char.IsHighSurrogate(text[^1]) ? text.Length - 2 : text.Length - 1;
            Write(text[..(cut + 1)]);
            paragraph.Clear().Append(text, cut + 1, text.Length - cut - 1);
        }

        void Write(string text)
        {
            if (isCode) blocks.Code(text);
            else blocks.Paragraph(text);
        }
    }
}
