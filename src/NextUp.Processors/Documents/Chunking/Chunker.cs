using NextUp.Processors.Documents.Extraction;

namespace NextUp.Processors.Documents.Chunking;

/// <summary>Cuts text into chunks.</summary>
public static class Chunker
{
    public static IReadOnlyList<Chunk> Split(DocumentText text)
    {
        List<Chunk> chunks = [];
        var at = 0;
        foreach (var block in text.Blocks)
        {
            chunks.Add(new(chunks.Count, block.Text, block.Page, block.Page, at, at + block.Text.Length, []));
            at += block.Text.Length + 1;
        }

        return chunks;
    }
}
