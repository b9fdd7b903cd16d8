using NextUp.Processors.Documents.Chunking;
using NextUp.Processors.Documents.Extraction;

namespace NextUp.UnitTests.Documents;

/// <summary>The process's memory is measured, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(ChunkerMemoryTests), DisableParallelization = true)]
public sealed class ChunkerAlone;

[Collection(nameof(ChunkerMemoryTests))]
public sealed class ChunkerMemoryTests
{
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
}
