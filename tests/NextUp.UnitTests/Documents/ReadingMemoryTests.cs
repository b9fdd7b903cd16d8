using System.Text;
using NextUp.Processors.Documents.Chunking;
using NextUp.Processors.Documents.Extraction;
using NextUp.UnitTests.Documents.Samples;

namespace NextUp.UnitTests.Documents;

/// <summary>The process's memory is measured, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(ReadingMemoryTests), DisableParallelization = true)]
public sealed class ReadingAlone;

[Collection(nameof(ReadingMemoryTests))]
public sealed class ReadingMemoryTests : IDisposable
{
    readonly ReadingDesk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public void A_long_document_is_gone_through_in_bounded_memory()
    {
        const int blocks = 4_000;
        var said = string.Concat(Enumerable.Repeat("wort ohne ende ", 1_000));
        var (count, before, most) = (0, GC.GetTotalMemory(forceFullCollection: true), 0L);
        foreach (var chunk in Chunker.Stream(Enumerable.Range(0, blocks).Select(i => new TextBlock(BlockKind.Paragraph, said, 1))))
            if (++count % 10_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);

        // 60 million chars, of which a few chunks are in memory at a time.
        Assert.True(count > 40_000);
        Assert.True(most < 4 << 20, $"{most} bytes");
    }

    [Fact]
    public async Task A_hundred_megabytes_on_one_line_are_read_in_bounded_memory()
    {
        var line = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("A sentence of some words. ", 4_000_000)));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var text = await desk.TextOfAsync("a.txt", line);
        var chunks = Chunker.Stream(text.Blocks).Count();
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.True(chunks > 80_000);
        // Two bytes a character, and little beside.
        Assert.True(held < line.Length * 2.3, $"{held:N0} bytes for {line.Length:N0}");
    }
}
