using NextUp.Client.Wire;

namespace NextUp.Client.Documents;

/// <summary>A document as its user sees it.</summary>
/// <param name="Id">Its id, a UUID; the same over every job that works on it.</param>
/// <param name="Name">The name it was uploaded under.</param>
/// <param name="Size">Bytes of the upload.</param>
/// <param name="ContentType">What the upload is, by its name.</param>
/// <param name="Sha256">Of the upload, in hexadecimal.</param>
/// <param name="State">
/// One of <see cref="JobStateNames"/>; <c>completed</c> means that it can be searched, also while a later try failed.
/// </param>
/// <param name="Error">Why its newest job did not complete; null where it did.</param>
/// <param name="Job">The newest job over it.</param>
/// <param name="Progress">How far that job is; null where it has ended.</param>
/// <param name="Chunks">Chunks that can be searched.</param>
/// <param name="Vectors">The same number: every chunk has its vector.</param>
/// <param name="Pages">Null where its format has none.</param>
/// <param name="Language">As an ISO 639-1 code; null where it was not recognised.</param>
/// <param name="Model">The model that made its vectors; null before it was completed.</param>
/// <param name="Dimension">Numbers in each vector.</param>
/// <param name="Warnings">Sentences about its text.</param>
public sealed record DocumentView(
    string Id,
    string Name,
    long Size,
    string ContentType,
    string Sha256,
    string State,
    string? Error,
    string Job,
    JobProgressView? Progress,
    int Chunks,
    int Vectors,
    int? Pages,
    string? Language,
    string? Model,
    int? Dimension,
    IReadOnlyList<string> Warnings,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? ProcessedAt);

/// <summary>A page of documents, newest first.</summary>
/// <param name="Next">Pass it as <c>after</c> to read on; null at the end.</param>
/// <param name="Holding">All that the user has.</param>
public sealed record DocumentPage(IReadOnlyList<DocumentView> Documents, string? Next, HoldingView Holding);

/// <summary>What a user has, and may have.</summary>
/// <param name="Bytes">Of the uploads.</param>
public sealed record HoldingView(long Documents, long DocumentsMax, long Chunks, long ChunksMax, long Bytes);

/// <summary>A piece of a document's text.</summary>
/// <param name="Ordinal">0, 1, 2 ... in reading order.</param>
/// <param name="PageFrom">From 1; null where the document has no pages.</param>
/// <param name="CharFrom">Where it begins in the document's text.</param>
/// <param name="Headings">The headings above it, outermost first, with " > " between.</param>
public sealed record ChunkView(
    int Ordinal, string Text, int? PageFrom, int? PageTo, int CharFrom, int CharTo, string Headings);

/// <param name="Next">Pass it as <c>from</c> to read on; null at the end.</param>
public sealed record ChunkPage(IReadOnlyList<ChunkView> Chunks, int? Next);

/// <summary>What a search found, best first.</summary>
/// <param name="Query">As it was understood.</param>
/// <param name="Searched">Chunks that were searched.</param>
/// <param name="ByWordsOnly">
/// Chunks among them whose vectors were made by another model; those are found by their words only until they are processed
/// again.
/// </param>
/// <param name="Note">For people, where the search was not what it should be: the model could not be reached.</param>
public sealed record SearchView(
    string Query, IReadOnlyList<HitView> Hits, long Searched, long ByWordsOnly, double Milliseconds, string? Note);

/// <summary>A place in a document that answers a search.</summary>
/// <param name="Document">The document's id.</param>
/// <param name="PageFrom">From 1; null where the document has no pages.</param>
/// <param name="Score">Comparable within one answer only.</param>
/// <param name="Nearness">The cosine between question and chunk; null where it was found by its words alone.</param>
/// <param name="Snippet">A part of the chunk around what was looked for.</param>
public sealed record HitView(
    string Document, string Name, int Chunk, int? PageFrom, int? PageTo, string Headings, double Score, double? Nearness,
    SnippetView Snippet);

/// <param name="Marks">What was looked for, within the text; in order, not overlapping.</param>
public sealed record SnippetView(string Text, IReadOnlyList<MarkView> Marks);

/// <param name="From">The first character.</param>
/// <param name="To">Behind the last one.</param>
public readonly record struct MarkView(int From, int To);
