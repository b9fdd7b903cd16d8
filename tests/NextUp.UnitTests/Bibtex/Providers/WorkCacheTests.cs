using Microsoft.Data.Sqlite;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Providers;

public sealed class WorkCacheTests : IDisposable
{
    static readonly Work Counted = new() { Source = "crossref", Doi = "10.1000/a", Title = "A", CitationCount = 7 };
    static readonly Work Uncounted = new() { Source = "arxiv", ArxivId = "1706.03762", Title = "B" };

    readonly string _folder = Directory.CreateTempSubdirectory("nextup-cache-").FullName;
    readonly HandClock _clock = new();

    string Path => System.IO.Path.Combine(_folder, "works.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_said_is_found_again_also_after_a_restart()
    {
        var whole = Counted with
        {
            Authors = [new("Ada", "Lovelace"), new(null, "Analytical Society")], Year = 1843, Issns = ["1234-5678"],
            Abstract = "Ünïcode ✓", JournalMeanCitedness = 1.5, IsRetracted = true,
        };
        using (var first = Cache())
            first.Keep("crossref", "doi:10.1000/a", [whole]);

        using var second = Cache();

        var found = Assert.Single(Assert.IsType<CachedWorks.Fresh>(second.Find("crossref", "doi:10.1000/a")).Works);
        Assert.Equivalent(whole, found, strict: true);
        Assert.Null(second.Find("openalex", "doi:10.1000/a"));
        Assert.True(second.Bytes > 0);
    }

    [Fact]
    public void Counts_hold_for_seven_days_and_metadata_for_thirty()
    {
        using var cache = Cache();
        cache.Keep("crossref", "a", [Counted]);
        cache.Keep("arxiv", "b", [Uncounted]);

        _clock.Advance(WorkCache.CountsAge - TimeSpan.FromSeconds(1));
        Assert.IsType<CachedWorks.Fresh>(cache.Find("crossref", "a"));

        _clock.Advance(TimeSpan.FromSeconds(1));
        var aged = Assert.IsType<CachedWorks.Aged>(cache.Find("crossref", "a"));
        Assert.Null(aged.Works[0].CitationCount);
        Assert.Equal("A", aged.Works[0].Title);
        Assert.IsType<CachedWorks.Fresh>(cache.Find("arxiv", "b"));

        _clock.Advance(WorkCache.MetadataAge - WorkCache.CountsAge);
        Assert.Null(cache.Find("crossref", "a"));
        Assert.Null(cache.Find("arxiv", "b"));
    }

    [Fact]
    public void Not_known_holds_for_one_day()
    {
        using var cache = Cache();
        cache.Keep("crossref", "a", []);

        _clock.Advance(WorkCache.UnknownAge - TimeSpan.FromSeconds(1));
        Assert.Empty(Assert.IsType<CachedWorks.Fresh>(cache.Find("crossref", "a")).Works);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(cache.Find("crossref", "a"));
    }

    [Fact]
    public void The_cache_stays_within_its_size_and_what_expires_soonest_leaves_first()
    {
        using var cache = Cache(BibtexProviderOptions.CacheBytesFloor);
        var large = Uncounted with { Abstract = new string('x', 10_000) };
        for (var i = 0; i < 500; i++)
        {
            cache.Keep("arxiv", $"{i}", [large]);
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(cache.Bytes <= BibtexProviderOptions.CacheBytesFloor);
        }

        Assert.Null(cache.Find("arxiv", "0"));
        Assert.NotNull(cache.Find("arxiv", "499"));
        Assert.Equal(0, cache.FaultCount);
        var found = Enumerable.Range(0, 500).Count(i => cache.Find("arxiv", $"{i}") is not null);
        Assert.InRange(found, 85, 105);
        cache.Dispose();
        Assert.InRange(new FileInfo(Path).Length, 1, 2 * BibtexProviderOptions.CacheBytesFloor);
    }

    [Fact]
    public void What_is_replaced_counts_once()
    {
        using var cache = Cache();
        cache.Keep("crossref", "a", [Counted]);
        var once = cache.Bytes;
        cache.Keep("crossref", "a", [Counted]);

        Assert.Equal(once, cache.Bytes);
    }

    [Fact]
    public void An_entry_over_the_limit_is_not_kept()
    {
        using var cache = Cache();
        cache.Keep("crossref", "a", [Uncounted with { Abstract = new string('x', WorkCache.EntryBytesMax) }]);

        Assert.Null(cache.Find("crossref", "a"));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[0])]
    public void A_file_that_is_no_database_is_made_anew(byte[] rubbish)
    {
        File.WriteAllBytes(Path, [.. Enumerable.Repeat(rubbish, 4_000).SelectMany(bytes => bytes)]);

        using var cache = Cache();
        cache.Keep("crossref", "a", [Counted]);

        Assert.NotNull(cache.Find("crossref", "a"));
    }

    [Fact]
    public void A_file_that_is_damaged_inside_is_made_anew_at_first_notice()
    {
        using (var first = Cache())
        {
            for (var i = 0; i < 200; i++)
                first.Keep("crossref", $"{i}", [Counted]);
        }

        using (var file = File.OpenWrite(Path))
        {
            file.Seek(4_096, SeekOrigin.Begin);
            file.Write(Enumerable.Repeat((byte)0xAA, (int)file.Length - 4_096).ToArray());
        }

        using var cache = Cache();
        cache.Keep("crossref", "new", [Counted]);

        Assert.NotNull(cache.Find("crossref", "new"));
        Assert.Null(cache.Find("crossref", "7"));
        Assert.NotEqual(0, cache.FaultCount);
        Assert.NotNull(cache.LastFault);
    }

    [Fact]
    public void A_file_of_another_version_is_made_anew()
    {
        using (var other = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            other.Open();
            using var command = new SqliteCommand("CREATE TABLE said (x); PRAGMA user_version = 99", other);
            command.ExecuteNonQuery();
        }

        using var cache = Cache();
        cache.Keep("crossref", "a", [Counted]);

        Assert.NotNull(cache.Find("crossref", "a"));
        Assert.Equal(0, cache.FaultCount);
    }

    [Fact]
    public void After_its_end_the_cache_neither_opens_its_file_again_nor_fails()
    {
        var cache = Cache();
        cache.Dispose();
        File.Delete(Path);

        cache.Keep("crossref", "a", [Counted]);

        Assert.Null(cache.Find("crossref", "a"));
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_means_no_cache_and_no_failure()
    {
        File.WriteAllText(System.IO.Path.Combine(_folder, "file"), "");
        using var cache = new WorkCache(System.IO.Path.Combine(_folder, "file", "works.db"), 1 << 20, _clock);

        cache.Keep("crossref", "a", [Counted]);

        Assert.Null(cache.Find("crossref", "a"));
        Assert.Equal(3, cache.FaultCount);
    }

    WorkCache Cache(long bytesMax = 16 << 20) => new(Path, bytesMax, _clock);
}
