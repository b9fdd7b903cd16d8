using NextUp.Actors.Documents;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Processors.Documents.Search;

namespace NextUp.Server.Documents;

/// <summary>
/// One user's chunks in memory, brought up to date before each search by what changed since the last one. A search takes a
/// turn; turns are short.
/// </summary>
sealed class UserIndex(IDocumentStore documents, UserId user, EmbeddingSpace space) : IDisposable
{
    /// <summary>Chunks read at once.</summary>
    const int PageSize = 500;

    /// <summary>The index is made anew when it has more gaps than chunks, and more than this.</summary>
    const int GapsMin = 1_000;

    readonly SemaphoreSlim _turn = new(1, 1);
    readonly Dictionary<VersionKey, Span> _spans = [];
    readonly List<ChunkKey> _keys = [];
    ChunkIndex _index = new(space);
    long _revision = -1;

    readonly record struct Span(int First, int Count, EmbeddingSpace Space);

    public EmbeddingSpace Space => space;

    /// <summary>What it takes of memory, nearly; read without a turn.</summary>
    public long Bytes { get; private set; }

    /// <summary>The best places, best first, and what was searched.</summary>
    public async Task<Found> SearchAsync(string query, float[]? vector, int limit, VectorTerms terms, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await RefreshAsync();
            var ranked = _index.Search(query, vector, limit, terms);
            var byWordsOnly = _spans.Values.Where(span => span.Space != space).Sum(span => (long)span.Count);
            return new([.. ranked.Select(slot => (_keys[slot.Slot], slot))], _index.Count, vector is null ? _index.Count : byWordsOnly);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    async Task RefreshAsync()
    {
        var revision = (await documents.CountsAsync(user)).Revision;
        if (revision == _revision)
            return;

        var visible = (await documents.VersionsAsync(user)).ToDictionary(version => version.Key);
        foreach (var (key, span) in _spans.Where(pair => !visible.ContainsKey(pair.Key)).ToList())
        {
            for (var slot = span.First; slot < span.First + span.Count; slot++)
                _index.Remove(slot);
            _spans.Remove(key);
        }

        if (_index.Slots - _index.Count > Math.Max(GapsMin, _index.Count))
            BeginAnew();
        try
        {
            foreach (var version in visible.Values.Where(version => !_spans.ContainsKey(version.Key)).ToList())
                await AddAsync(version);
        }
        catch
        {
            BeginAnew(); // A version may be in it by half.
            throw;
        }

        Bytes = _index.Bytes;
        _revision = revision;
    }

    void BeginAnew()
    {
        _index = new(space);
        _keys.Clear();
        _spans.Clear();
        _revision = -1;
    }

    async Task AddAsync(VisibleVersion version)
    {
        var first = _index.Slots;
        var from = 0;
        IReadOnlyList<EmbeddedChunk> page;
        do
        {
            page = await documents.EmbeddedAsync(user, version.Key, from, PageSize);
            foreach (var (chunk, vector) in page)
            {
                var text = chunk.HeadingPath.Length == 0 ? chunk.Text : $"{chunk.HeadingPath}\n{chunk.Text}";
                _index.Add(text, version.Space, vector);
                _keys.Add(new(version.Key, chunk.Ordinal));
            }

            from += page.Count;
            _spans[version.Key] = new(first, _index.Slots - first, version.Space);
        }
        while (page.Count == PageSize);
    }
}

/// <summary>What an index answers.</summary>
/// <param name="ByWordsOnly">Chunks of the searched ones that were not compared by their vectors.</param>
sealed record Found(IReadOnlyList<(ChunkKey Key, RankedSlot Slot)> Places, long Searched, long ByWordsOnly);
