using System.Text;
using NextUp.Actors.Documents;
using NextUp.Processors.Documents.Results;

namespace NextUp.UnitTests.Documents;

/// <summary>A file of chunks comes from anybody's worker: what is wrong with it is found and said.</summary>
public sealed class ChunkFileTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    const string Header =
        """{"format":"nextup-chunks-1","name":"a.txt","chunks":1,"pages":null,"language":"en","model":"m","dimension":2,"warnings":[]}""";

    const string Line =
        """{"ordinal":0,"text":"words","pageFrom":null,"pageTo":null,"charFrom":0,"charTo":5,"headings":"","scale":0.5,"vector":"AQI="}""";

    [Fact]
    public async Task What_was_written_is_read()
    {
        using var file = new MemoryStream();
        var header = new ChunkFileHeader(ChunkFile.Format, "ä \"b\".pdf", 2, 3, "de", "m", 2, ["A warning."]);
        ChunkFile.Write(file, header);
        for (var i = 0; i < 2; i++)
            ChunkFile.Write(file, ChunkLine.Of(new(i, "two\nlines", 1, 2, 3, 12, "One > Two"), new(new sbyte[] { 1, -127 }, 0.25f)));
        file.Position = 0;

        await using var reader = new ChunkFileReader(file);
        var read = await reader.HeaderAsync(Stop);
        Assert.Equal(header.Warnings, read.Warnings);
        Assert.Equal(header, read with { Warnings = header.Warnings });
        for (var i = 0; i < 2; i++)
        {
            var line = (await reader.NextAsync(Stop))!;
            Assert.Equal(new DocumentChunk(i, "two\nlines", 1, 2, 3, 12, "One > Two"), line.Chunk);
            Assert.Equal(0.25f, line.Scale);
            Assert.Equal([1, 129], line.Vector!);
        }

        Assert.Null(await reader.NextAsync(Stop));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("rubbish\n", "line 1")]
    [InlineData("null\n", "null")]
    [InlineData("{}\n", "line 1")]
    [InlineData("{\"format\":\"other\",\"name\":\"a\",\"chunks\":1,\"model\":\"m\",\"dimension\":2,\"warnings\":[]}\n", "format")]
    public async Task A_header_that_is_none_is_refused(string content, string words) => await RefusedAsync(content, words);

    [Theory]
    [InlineData("\"chunks\":1", "\"chunks\":0", "header")]
    [InlineData("\"dimension\":2", "\"dimension\":9000", "header")]
    [InlineData("\"dimension\":2", "\"dimension\":3", "3 numbers")]
    [InlineData("\"chunks\":1", "\"chunks\":2", "1 chunks where its header says 2")]
    [InlineData("\"ordinal\":0", "\"ordinal\":1", "numbered")]
    [InlineData("\"text\":\"words\"", "\"text\":\" \"", "no text")]
    [InlineData("\"charTo\":5", "\"charTo\":-1", "no place")]
    [InlineData("\"scale\":0.5", "\"scale\":1e39", "line 2")]
    [InlineData("\"vector\":\"AQI=\"", "\"vector\":\"AQI\"", "line 2")]
    public async Task A_chunk_that_is_none_is_refused(string whole, string broken, string words) =>
        await RefusedAsync($"{Header}\n{Line}\n".Replace(whole, broken, StringComparison.Ordinal), words);

    [Fact]
    public async Task A_file_that_is_cut_off_or_has_more_than_it_says_is_refused()
    {
        await RefusedAsync($"{Header}\n{Line}"[..^3], "cut off");
        await RefusedAsync($"{Header}\n{Line}\n{Line.Replace("\"ordinal\":0", "\"ordinal\":1", StringComparison.Ordinal)}\n", "numbered");
    }

    [Fact]
    public async Task A_line_past_the_bound_is_refused_before_it_is_read_whole()
    {
        await RefusedAsync(new string(' ', ChunkFile.LineBytesMax + 1) + "\n", "longer than");
        await RefusedAsync(Header + "\n" + new string(' ', ChunkFile.LineBytesMax + 100_000), "longer than");
    }

    static async Task RefusedAsync(string content, string words)
    {
        await using var reader = new ChunkFileReader(new MemoryStream(Encoding.UTF8.GetBytes(content)));
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await reader.HeaderAsync(Stop);
            while (await reader.NextAsync(Stop) is not null)
            {
                // On to the end.
            }
        });
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
