using System.Text;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Users;
using NextUp.Processors.Documents.Embedding;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Documents.Processing;
using NextUp.Processors.Documents.Results;
using NextUp.UnitTests.Documents.Embedding;
using NextUp.UnitTests.Server;

namespace NextUp.UnitTests.Documents;

/// <summary>The work itself, with a reader that takes every line of a text as a paragraph.</summary>
public sealed class DocumentsProcessorTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_becomes_a_file_of_chunks_with_a_vector_each()
    {
        using var run = new Run(Lines(40));

        var done = Assert.IsType<JobOutcome.Done>(await Processor(new LexicalStaticModel()).RunAsync(run, Stop));

        var (header, lines) = await ReadAsync(Assert.Single(done.Files));
        Assert.Equal((lines.Count, "lexical-static-v1", 1224, "en"), (header.Chunks, header.Model, header.Dimension, header.Language));
        Assert.True(lines.Count > 1);
        Assert.All(lines, line => Assert.Equal(1224, line.Vector!.Length));
        using var summary = JsonDocument.Parse(done.Summary);
        Assert.Equal(lines.Count, summary.RootElement.GetProperty("vectors").GetInt32());
        Assert.Equal(run.Progress.Select(progress => progress.Percent).Order(), run.Progress.Select(progress => progress.Percent));
        Assert.Equal((lines.Count, lines.Count), (run.Progress[^1].Done, run.Progress[^1].Total));
        Assert.Empty(run.Checkpoints);
    }

    [Fact]
    public async Task The_same_text_gives_the_same_bytes()
    {
        using var first = new Run(Lines(20));
        using var second = new Run(Lines(20));

        var one = (JobOutcome.Done)await Processor(new LexicalStaticModel()).RunAsync(first, Stop);
        var other = (JobOutcome.Done)await Processor(new LexicalStaticModel()).RunAsync(second, Stop);

        Assert.Equal(await File.ReadAllBytesAsync(one.Files[0].Path!, Stop), await File.ReadAllBytesAsync(other.Files[0].Path!, Stop));
    }

    [Theory]
    [InlineData("refuse", typeof(JobOutcome.GiveUp), "It is broken.")]
    [InlineData("tool", typeof(JobOutcome.Retry), "The tool is away.")]
    [InlineData("", typeof(JobOutcome.GiveUp), "no text")]
    public async Task What_cannot_be_read_says_why(string text, Type outcome, string words)
    {
        using var run = new Run(text);
        var ended = await Processor(new LexicalStaticModel()).RunAsync(run, Stop);

        Assert.IsType(outcome, ended);
        Assert.Contains(words, ended.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_chunks_than_there_may_be_are_refused_at_the_bound()
    {
        using var run = new Run(Lines(40));
        var done = (JobOutcome.Done)await Processor(new LexicalStaticModel()).RunAsync(run, Stop);
        var chunks = (await ReadAsync(done.Files[0])).Lines.Count;

        foreach (var (most, isTaken) in new[] { (chunks, true), (chunks - 1, false) })
        {
            using var again = new Run(Lines(40));
            var processor = new DocumentsProcessor(new LineReader(), new LexicalStaticModel(), new() { ChunksMax = most });
            var outcome = await processor.RunAsync(again, Stop);
            Assert.Equal(isTaken, outcome is JobOutcome.Done);
            if (!isTaken)
                Assert.Contains("documents.chunksMax", ((JobOutcome.GiveUp)outcome).Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_attempt_that_follows_takes_paid_vectors_from_where_they_were_stored()
    {
        await using var stub = await EmbeddingStub.StartAsync();
        using var service = Service(stub);
        using var run = new Run(Lines(40));
        stub.Next(Answers(stub)).Next(Answers(stub)).Next(EmbeddingStub.Refuses(503, ""));
        Assert.IsType<JobOutcome.Retry>(await Processor(service).RunAsync(run, Stop));
        Assert.Equal(2, run.Checkpoints.Count);
        var before = stub.Requests.Count;

        var done = Assert.IsType<JobOutcome.Done>(await Processor(service).RunAsync(run, Stop));

        var (header, lines) = await ReadAsync(done.Files[0]);
        Assert.Equal(lines.Count - 4, stub.Requests.Skip(before).Sum(asked => asked.Texts.Count));
        Assert.Equal(("test-model", 8), (header.Model, header.Dimension));
        using var fresh = new Run(Lines(40));
        var whole = (JobOutcome.Done)await Processor(service).RunAsync(fresh, Stop);
        Assert.Equal(await File.ReadAllBytesAsync(whole.Files[0].Path!, Stop), await File.ReadAllBytesAsync(done.Files[0].Path!, Stop));
    }

    [Fact]
    public async Task Stored_vectors_of_other_texts_are_not_taken()
    {
        await using var stub = await EmbeddingStub.StartAsync();
        using var service = Service(stub);
        using var run = new Run(Lines(10));
        await Processor(service).RunAsync(run, Stop);
        var before = stub.Requests.Count;
        run.Text = Lines(10).Replace("line", "other line", StringComparison.Ordinal);

        Assert.IsType<JobOutcome.Done>(await Processor(service).RunAsync(run, Stop));

        Assert.True(stub.Requests.Count > before);
    }

    [Fact]
    public async Task Over_a_file_of_chunks_only_the_vectors_are_made_anew()
    {
        using var run = new Run(Lines(20));
        var first = (JobOutcome.Done)await Processor(new LexicalStaticModel()).RunAsync(run, Stop);
        var (header, lines) = await ReadAsync(first.Files[0]);
        await using var stub = await EmbeddingStub.StartAsync();
        using var service = Service(stub);
        using var again = new Run(await File.ReadAllTextAsync(first.Files[0].Path!, Stop)) { Options = DocumentWish.OverChunks };

        var done = Assert.IsType<JobOutcome.Done>(await Processor(service).RunAsync(again, Stop));

        var (newHeader, newLines) = await ReadAsync(done.Files[0]);
        Assert.Equal(("test-model", 8, header.Language), (newHeader.Model, newHeader.Dimension, newHeader.Language));
        Assert.Equal(lines.Select(line => line.Chunk), newLines.Select(line => line.Chunk));
    }

    [Theory]
    [InlineData("{\"work\":\"other\"}")]
    [InlineData("{\"strange\":1}")]
    public async Task Options_that_are_not_known_are_refused(string options)
    {
        using var run = new Run(Lines(2)) { Options = options };

        var outcome = Assert.IsType<JobOutcome.GiveUp>(await Processor(new LexicalStaticModel()).RunAsync(run, Stop));
        Assert.Contains("options", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_upload_is_refused_before_it_is_accepted() =>
        Assert.IsType<UploadVerdict.Unfit>(await Processor(new LexicalStaticModel()).CheckAsync("a.txt", Stream.Null, Stop));

    static Func<Microsoft.AspNetCore.Http.HttpContext, EmbeddingStub.Asked, Task> Answers(EmbeddingStub stub) =>
        EmbeddingStub.Says(asked => asked.Texts.Select(stub.VectorOf));

    static DocumentsProcessor Processor(IEmbedder embedder) => new(new LineReader(), embedder, new() { ChunksAtOnce = 2 });

    static EmbeddingEndpoint Service(EmbeddingStub stub) => new(
        new() { Address = stub.Address, Model = "test-model", AttemptsMax = 1 }, TimeProvider.System, new Random(1));

    static string Lines(int count) => string.Join('\n', Enumerable.Range(1, count).Select(i =>
        $"This is line {i} of the text, and it goes on to say that the matter is not simple. " + new string('x', 20) + $" {i * 37}."
        + string.Concat(Enumerable.Repeat(" Some more words for the length of it.", 8))));

    static async Task<(ChunkFileHeader Header, List<ChunkLine> Lines)> ReadAsync(ResultFile file)
    {
        await using var content = File.OpenRead(file.Path!);
        await using var reader = new ChunkFileReader(content);
        var header = await reader.HeaderAsync(Stop);
        List<ChunkLine> lines = [];
        while (await reader.NextAsync(Stop) is { } line)
            lines.Add(line);
        return (header, lines);
    }

    sealed class LineReader : IDocumentReader
    {
        public ValueTask<string?> RefusalAsync(string fileName, Stream content, CancellationToken cancellationToken) => new((string?)null);

        public async Task<DocumentReading> ReadAsync(
            string file, string fileName, Action<ReadingProgress> progress, CancellationToken cancellationToken)
        {
            var text = await File.ReadAllTextAsync(file, cancellationToken);
            progress(new(1, 1, "Reading"));
            return text switch
            {
                "refuse" => new DocumentReading.Refused("It is broken."),
                "tool" => new DocumentReading.ToolFailed("The tool is away."),
                _ => new DocumentReading.Extracted(new(DocumentFormat.Text, [new(1, [.. BlocksOf(text)])], [])),
            };
        }

        static IEnumerable<TextBlock> BlocksOf(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => new TextBlock(BlockKind.Paragraph, line, 1));
    }

    sealed class Run(string text) : IJobRun, IDisposable
    {
        readonly TemporaryFolder _folder = new();

        public string Text { get; set; } = text;

        public List<JobProgress> Progress { get; } = [];

        public Dictionary<string, byte[]> Checkpoints { get; } = [];

        public JobId Job { get; } = new(new Guid(1, 2, 3, new byte[8]));

        public UserId User => UserId.Account("ann");

        public int Attempt => 1;

        public string FileName => "a.txt";

        public string? Options { get; init; }

        public TimeProvider Clock => TimeProvider.System;

        public string Workspace => _folder.Path;

        public ValueTask<Stream> OpenInputAsync(CancellationToken cancellationToken) => new(new MemoryStream(Encoding.UTF8.GetBytes(Text)));

        public void Report(JobProgress progress) => Progress.Add(progress);

        public void Log(string line)
        {
        }

        public ValueTask<byte[]?> LoadCheckpointAsync(string name, CancellationToken cancellationToken) =>
            new(Checkpoints.GetValueOrDefault(name));

        public ValueTask SaveCheckpointAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            Checkpoints[name] = content.ToArray();
            return default;
        }

        public void Dispose() => _folder.Dispose();
    }
}
