using System.IO.Compression;
using System.Text;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Catalogue;

public sealed class CatalogueImportTests : IDisposable
{
    const string Goats = """{"DOI":"10.1000/GOATS","type":"journal-article","title":["On goats"],"volume":"3"}""";
    const string Sheep = """{"DOI":"10.1000/sheep","type":"journal-article","title":["On sheep"]}""";
    const string Cows =
        """{"id":"https://openalex.org/W1","doi":"https://doi.org/10.1000/cows","title":"On cows","type":"article"}""";

    readonly CatalogueFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Crossref_and_OpenAlex_lines_become_works()
    {
        var counts = await ImportAsync($"{Goats}\r\n\n{Cows}\n{Sheep}");

        Assert.Equal((3, 3, 0, 0), (counts.Read, counts.Inserted, counts.Updated, counts.Skipped));
        Assert.Equal(["On cows", "On goats", "On sheep"], await TitlesAsync("cows", "goats", "sheep"));
    }

    [Theory]
    [InlineData("{0}\n{1}", 2)]
    [InlineData("[{0},{1}]", 2)]
    [InlineData("[\n  {0},\n  {1}\n]\n", 2)]
    [InlineData("""{{"items":[{0},{1}]}}""", 2)]
    [InlineData("""{{"status":"ok","message":{{"facets":{{}},"items":[{0},{1}],"total":"]}}"}}}}""", 2)]
    [InlineData("{{\n\"status\":\"ok\",\n\"message\":{{\"items\":[\n{0},\n{1}],\n\"total\":2}}\n}}", 2)]
    [InlineData("""{{"meta":{{"count":2}},"results":[{0},{1}]}}""", 2)]
    [InlineData("""{{"status":"ok","message":{0}}}""", 1)]
    [InlineData("{{\"status\":\"ok\",\n\"message\":{0}}}", 1)]
    [InlineData("{{\"message\":{{\"items\":[{0}]}}}}\n{{\"message\":{{\"items\":[{1}]}}}}\n", 2)]
    [InlineData("{{\n\"message\":{{\"items\":[{0}]}}}}\n{{\n\"message\":{{\"items\":[{1}]}}}}\n", 2)]
    [InlineData("\uFEFF \n{0}\n{1}\n", 2)]
    public async Task The_shape_of_the_file_is_told_by_its_content(string shape, int works)
    {
        var counts = await ImportAsync(string.Format(null, shape, Goats, Sheep));

        Assert.Equal((works, works, 0), (counts.Read, counts.Inserted, counts.Skipped));
    }

    [Fact]
    public async Task A_work_that_spans_lines_and_buffers_is_read_whole()
    {
        var big = Goats.Replace("On goats", "On goats " + new string('x', 150_000), StringComparison.Ordinal);

        var counts = await ImportAsync("{\n\"items\":[\n" + big + ",\n" + Sheep + "]}");

        Assert.Empty(counts.Skips);
        Assert.Equal((2, 2), (counts.Read, counts.Inserted));
    }

    [Fact]
    public async Task A_bib_file_is_imported_too()
    {
        var counts = await ImportAsync("""
            @string{jm = "Journal of Mountains"}
            @article{goats, title = {On {G}oats and S{\o}ren}, author = {Müller, Ada and Tanaka, Bo}, year = 2012,
              journal = jm, pages = {1--9}, doi = {https://doi.org/10.1000/GOATS}}
            @misc{nothing, note = {no title here}}
            """);

        var id = new WorkId(WorkIdScheme.Doi, "10.1000/goats");
        var work = (await folder.FetchAsync(id))[id];
        Assert.Equal((2, 1, 1), (counts.Read, counts.Inserted, counts.Skipped));
        Assert.Equal(("On Goats and Søren", "Journal of Mountains", "1-9"), (work.Title, work.Container, work.Pages));
        Assert.Equal(["Müller", "Tanaka"], work.Authors.Select(author => author.Family));
        Assert.Equal(new CatalogueImportSkip(4, "the work has no title"), Assert.Single(counts.Skips));
    }

    [Fact]
    public async Task A_packed_file_is_unpacked()
    {
        var counts = await ImportAsync(Packed($"{Goats}\n{Sheep}\n"));

        Assert.Equal(2, counts.Inserted);
    }

    [Fact]
    public async Task What_a_damaged_pack_still_holds_is_imported_and_the_rest_reported()
    {
        var random = new Random(1);
        var lines = string.Join('\n', Enumerable.Range(0, 5_000).Select(n =>
            $$"""{"DOI":"10.1234/{{n}}","title":["{{random.NextInt64()}}"]}"""));
        var packed = Packed(lines);
        packed[packed.Length / 2] ^= 0xFF;
        packed[packed.Length / 2 + 1] ^= 0xFF;

        var counts = await ImportAsync(packed);

        Assert.InRange(counts.Inserted, 1, 4_999);
        Assert.True(counts.Skipped > 0);
    }

    [Fact]
    public async Task Importing_twice_changes_nothing_and_a_new_word_updates()
    {
        await ImportAsync($"{Goats}\n{Sheep}");
        var again = await ImportAsync($"{Goats}\n{Sheep}");
        var update = await ImportAsync(Goats.Replace("\"3\"", "\"4\"", StringComparison.Ordinal));

        Assert.Equal((0, 0, 2), (again.Inserted, again.Updated, again.Unchanged));
        Assert.Equal((0, 1, 0), (update.Inserted, update.Updated, update.Unchanged));
        Assert.Equal(2, await folder.CountAsync());
    }

    [Fact]
    public async Task Bad_lines_are_counted_and_told_by_their_number()
    {
        var counts = await ImportAsync($"{Goats}\nnot json\n{{\"a\":1}}\n{{\"DOI\":\"10.1234/x\"}}\n{Sheep}\n{{\"cut");

        Assert.Equal((6, 2, 4), (counts.Read, counts.Inserted, counts.Skipped));
        Assert.Equal([2, 3, 4, 6], counts.Skips.Select(skip => skip.Line));
        Assert.StartsWith("it is not JSON (", counts.Skips[0].Reason, StringComparison.Ordinal);
        Assert.StartsWith("it is neither a work of Crossref's", counts.Skips[1].Reason, StringComparison.Ordinal);
        Assert.Equal("10.1234/x has no title", counts.Skips[2].Reason);
    }

    [Fact]
    public async Task A_list_that_is_cut_off_keeps_what_came_before()
    {
        var counts = await ImportAsync($$"""{"items":[{{Goats}},{{Sheep[..20]}}""");

        Assert.Equal((2, 1, 1), (counts.Read, counts.Inserted, counts.Skipped));
        Assert.Equal("the file ends in the middle of the list", counts.Skips[0].Reason);
    }

    [Fact]
    public async Task Only_the_first_skips_are_told()
    {
        var bad = string.Concat(Enumerable.Repeat("{}\n", CatalogueImportCounts.SkipsMax + 1));

        var counts = await ImportAsync(Goats + "\n" + bad);

        Assert.Equal(CatalogueImportCounts.SkipsMax + 1, counts.Skipped);
        Assert.Equal(CatalogueImportCounts.SkipsMax, counts.Skips.Count);
    }

    [Fact]
    public async Task A_line_over_the_limit_is_skipped_and_the_next_one_read()
    {
        var longLine = "{\"DOI\":\"" + new string('x', ByteWindow.LengthMax);

        var counts = await ImportAsync($"{Goats}\n{longLine}\n{Sheep}");

        Assert.Equal((2, 1), (counts.Inserted, counts.Skipped));
        Assert.Equal((2, "the line is longer than 16,777,216 bytes"), (counts.Skips[0].Line, counts.Skips[0].Reason));
    }

    [Theory]
    [InlineData("", "The file is empty. It takes Crossref")]
    [InlineData("plain text", "The file is empty. It takes Crossref")]
    [InlineData("{}", "Nothing in the file could be read; line 1: it is neither")]
    [InlineData("[1, 2]", "Nothing in the file could be read; line 1: it is neither")]
    public async Task A_file_without_a_single_work_is_an_error(string text, string message)
    {
        var error = await Assert.ThrowsAsync<CatalogueImportException>(() => ImportAsync(text));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_told_after_every_batch()
    {
        var lines = Enumerable.Range(0, CatalogueImport.BatchWorksMax + 1)
            .Select(n => $$"""{"DOI":"10.1234/{{n}}","title":["Goat {{n}}"]}""");
        var told = new Told();

        await ImportAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)), told);

        Assert.Equal([CatalogueImport.BatchWorksMax, CatalogueImport.BatchWorksMax + 1], told.Reads);
    }

    [Fact]
    public async Task A_stopped_import_has_done_what_it_counted()
    {
        var lines = Enumerable.Range(0, CatalogueImport.BatchWorksMax * 100)
            .Select(n => $$"""{"DOI":"10.1234/{{n}}","title":["Goat {{n}}"]}""");
        using var stop = new CancellationTokenSource();
        var told = new Told { OnReport = stop.Cancel };
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => CatalogueImport.RunAsync(folder.Catalogue, stream, told, stop.Token));

        Assert.Equal(told.Reads[^1], await folder.CountAsync());
    }

    Task<CatalogueImportCounts> ImportAsync(string text) => ImportAsync(Encoding.UTF8.GetBytes(text));

    async Task<CatalogueImportCounts> ImportAsync(byte[] bytes, IProgress<CatalogueImportCounts>? progress = null)
    {
        using var stream = new MemoryStream(bytes);
        var cancellationToken = TestContext.Current.CancellationToken;
        return await CatalogueImport.RunAsync(folder.Catalogue, stream, progress, cancellationToken);
    }

    async Task<IEnumerable<string?>> TitlesAsync(params string[] names)
    {
        var found = await folder.FetchAsync([.. names.Select(name => new WorkId(WorkIdScheme.Doi, "10.1000/" + name))]);
        return found.Values.Select(work => work.Title).Order();
    }

    static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    sealed class Told : IProgress<CatalogueImportCounts>
    {
        public List<long> Reads { get; } = [];

        public Action? OnReport { get; init; }

        public void Report(CatalogueImportCounts value)
        {
            Reads.Add(value.Read);
            OnReport?.Invoke();
        }
    }
}
