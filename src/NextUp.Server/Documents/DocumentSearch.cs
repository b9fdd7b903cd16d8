using NextUp.Actors.Documents;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Documents;
using NextUp.Processors.Documents.Embedding;
using NextUp.Processors.Documents.Search;

namespace NextUp.Server.Documents;

/// <summary>
/// Searches a user's documents. The indexes of the users who searched last are kept in memory, together no larger than a
/// bound; another is made when it is needed, from the store.
/// </summary>
sealed class DocumentSearch(IDocumentStore documents, Func<IEmbedder> embedder, Func<long> memoryBytesMax, TimeProvider clock)
{
    /// <summary>Characters of a question.</summary>
    public const int QueryLengthMax = 1_000;

    /// <summary>Hits in an answer.</summary>
    public const int HitsMax = 100;

    /// <summary>
    /// Hits of one page are told as one, its best; so more places are looked at than are told.
    /// </summary>
    const int PlacesPerHit = 3;

    /// <summary>How near a chunk without any of the question's words must be, by the shipped model and by others.</summary>
    const float NearnessMinShipped = 0.12f, NearnessMin = 0.25f;

    readonly Lock _gate = new();
    readonly Dictionary<UserId, Kept> _kept = [];

    sealed class Kept(UserIndex index)
    {
        public UserIndex Index => index;

        public long UsedAt { get; set; }
    }

    public async Task<SearchView> SearchAsync(UserId user, string query, int limit, CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        var (vector, space, note) = await VectorOfAsync(query, cancellationToken);
        var index = IndexOf(user, space);
        var found = await index.SearchAsync(query, vector, limit * PlacesPerHit, TermsOf(space), cancellationToken);
        KeepWithin(index);
        var chunks = (await documents.FindChunksAsync(user, [.. found.Places.Select(place => place.Key)]))
            .ToDictionary(chunk => chunk.Key);
        List<HitView> hits = new(limit);
        HashSet<(DocumentId, int)> pages = [];
        foreach (var (key, slot) in found.Places)
        {
            if (hits.Count == limit)
                break;
            if (chunks.GetValueOrDefault(key) is { } chunk && (chunk.Chunk.PageFrom is not { } page || pages.Add((chunk.Document, page))))
                hits.Add(Hit(chunk, slot, query));
        }

        var took = Math.Round(clock.GetElapsedTime(since).TotalMilliseconds, 1);
        return new(query, hits, found.Searched, found.ByWordsOnly, took, note);
    }

    static HitView Hit(FoundChunk found, RankedSlot slot, string query)
    {
        var snippet = Snippet.Of(found.Chunk.Text, query);
        return new(
            found.Document.ToString(), found.Name, found.Chunk.Ordinal, found.Chunk.PageFrom, found.Chunk.PageTo,
            found.Chunk.HeadingPath, Math.Round(slot.Score, 5), slot.Nearness is { } near ? Math.Round(near, 3) : null,
            new(snippet.Text, [.. snippet.Marks.Select(mark => new MarkView(mark.From, mark.To))]));
    }

    async Task<(float[]? Vector, EmbeddingSpace Space, string? Note)> VectorOfAsync(
        string query, CancellationToken cancellationToken)
    {
        var model = embedder();
        try
        {
            var vector = (await model.EmbedAsync([query], EmbeddingUse.Query, cancellationToken))[0];
            return (vector, new(model.Model, vector.Length), null);
        }
        catch (ObjectDisposedException)
        {
            return (null, model.Space ?? new(model.Model, 0), "Searched by words only: the model was changed in this moment.");
        }
        catch (EmbeddingException error)
        {
            return (null, model.Space ?? new(model.Model, 0), $"Searched by words only. {error.Message}");
        }
    }

    static VectorTerms TermsOf(EmbeddingSpace space) => space.Model == LexicalStaticModel.Name
        ? new(LexicalStaticModel.FusionWeight, NearnessMinShipped) : new(1, NearnessMin);

    UserIndex IndexOf(UserId user, EmbeddingSpace space)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(user, out var kept) || kept.Index.Space != space)
                _kept[user] = kept = new(new UserIndex(documents, user, space));
            kept.UsedAt = clock.GetTimestamp();
            return kept.Index;
        }
    }

    /// <summary>Those that nobody used for longest go first; the one that was just used stays.</summary>
    void KeepWithin(UserIndex used)
    {
        lock (_gate)
        {
            var bytes = _kept.Values.Sum(kept => kept.Index.Bytes);
            foreach (var (user, kept) in _kept.OrderBy(pair => pair.Value.UsedAt).ToList())
            {
                if (bytes <= memoryBytesMax())
                    return;
                if (kept.Index == used)
                    continue;
                bytes -= kept.Index.Bytes;
                _kept.Remove(user);
            }
        }
    }
}
