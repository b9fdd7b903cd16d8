namespace NextUp.Processors.Documents.Chunking;

/// <summary>A piece of a document that is searched as one.</summary>
/// <param name="Ordinal">From 0, without gaps.</param>
/// <param name="Text">Exactly what stands in the document's text from CharFrom to CharTo.</param>
/// <param name="PageFrom">The page on which it begins.</param>
/// <param name="PageTo">The page on which its last block begins.</param>
/// <param name="CharFrom">Its first char in <see cref="Extraction.DocumentText.Text"/>, counted from 0.</param>
/// <param name="CharTo">Behind its last char.</param>
/// <param name="HeadingPath">The headings above it, its own included, the highest first.</param>
public sealed record Chunk(
    int Ordinal, string Text, int PageFrom, int PageTo, int CharFrom, int CharTo, IReadOnlyList<string> HeadingPath);
