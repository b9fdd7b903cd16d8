using System.Text;
using NextUp.Processors.Documents.Extraction;

namespace NextUp.Processors.Documents.Chunking;

/// <summary>
/// Divides a document into chunks along its structure: whole sentences, rows and lines; a chunk ends with a block or before a
/// heading where it can, never with a heading; what runs on is said again by a sentence. Nothing is left out: every character
/// that is no space is in a chunk, in order. Goes through the blocks once and keeps no more than a few chunks in memory.
/// </summary>
public sealed class Chunker
{
    /// <summary>A longer heading is cut in a chunk's path; the text has it whole.</summary>
    public const int PathHeadingLengthMax = 200;

    readonly ChunkSizes sizes;

    /// <summary>The text from <see cref="windowFrom"/> on; what no chunk needs any more has left it.</summary>
    readonly StringBuilder window = new();
    int windowFrom;
    int ordinal;

    Chunker(ChunkSizes sizes) => this.sizes = sizes;

    /// <summary>All chunks of the document.</summary>
    public static IReadOnlyList<Chunk> Split(DocumentText text, ChunkSizes? sizes = null) => [.. Stream(text.Blocks, sizes)];

    /// <summary>The chunks one by one, for documents of which nobody wants all chunks in memory.</summary>
    /// <param name="blocks">All blocks of a document in reading order.</param>
    public static IEnumerable<Chunk> Stream(IEnumerable<TextBlock> blocks, ChunkSizes? sizes = null) =>
        new Chunker(sizes ?? ChunkSizes.Default).Run(blocks);

    IEnumerable<Chunk> Run(IEnumerable<TextBlock> blocks)
    {
        // One more than the last is held back, because a short end of the document joins the chunk before it.
        Group? before = null, last = null;
        foreach (var group in Groups(Pieced(blocks)))
        {
            if (before is not null) yield return Made(before, last!.From);
            (before, last) = (last, last is null ? group : SaidAgain(last, group));
        }

        if (last is null) yield break;
        if (before is not null && last.To - last.OwnFrom < sizes.TailMin && last.To - before.From <= sizes.Max)
        {
            yield return Made(before with { Pieces = [.. before.Pieces, .. last.Pieces] }, last.To);
            yield break;
        }

        if (before is not null) yield return Made(before, last.From);
        yield return Made(last, last.To);
    }

    /// <summary>The pieces of all blocks, with the headings above each.</summary>
    IEnumerable<Piece> Pieced(IEnumerable<TextBlock> blocks)
    {
        var blockFrom = 0;
        List<(int Level, string Text)> path = [];
        IReadOnlyList<string> headings = [];
        foreach (var block in blocks)
        {
            if (blockFrom > 0) window.Append('\n');
            window.Append(block.Text);
            if (block.Kind == BlockKind.Heading)
            {
                path.RemoveAll(above => above.Level >= block.HeadingLevel);
                path.Add((block.HeadingLevel, block.Text[..Math.Min(block.Text.Length, PathHeadingLengthMax)].TrimEnd()));
                headings = [.. path.Select(heading => heading.Text)];
            }

            var isFirst = true;
            foreach (var (from, to) in Pieces.Of(block, sizes))
            {
                yield return new(blockFrom + from, blockFrom + to, block.Kind, block.Page, headings, isFirst);
                isFirst = false;
            }

            blockFrom += block.Text.Length + 1;
        }
    }

    /// <summary>Pieces that make a chunk.</summary>
    IEnumerable<Group> Groups(IEnumerable<Piece> pieces)
    {
        List<Piece> current = [];
        foreach (var piece in pieces)
        {
            if (current.Count > 0 && IsOver(current, piece))
            {
                // Headings go with what they head, unless they are all there is.
                var end = current.FindLastIndex(one => !one.IsHeading) + 1;
                if (end == 0 || piece.To - current[^1].From > sizes.Max) end = current.Count;
                yield return new([.. current[..end]]);
                current.RemoveRange(0, end);
                if (current.Count > 0 && piece.To - current[0].From > sizes.Max)
                {
                    yield return new([.. current]);
                    current.Clear();
                }
            }

            current.Add(piece);
        }

        if (current.Count > 0) yield return new(current);
    }

    bool IsOver(List<Piece> current, Piece next)
    {
        var (length, extended) = (current[^1].To - current[0].From, next.To - current[0].From);
        if (extended > sizes.Max) return true;
        if (current[^1].IsHeading) return false;
        if (next.IsHeading) return length >= sizes.SectionMin;
        return length >= sizes.Enough && (extended > sizes.Full || (next.IsFirst && length >= (sizes.Enough + sizes.Full) / 2));
    }

    /// <summary>The group, beginning with the last sentence of the one before where both are one text.</summary>
    Group SaidAgain(Group before, Group group)
    {
        var (sentence, first) = (before.Pieces[^1], group.Pieces[0]);
        var isSaid = sentence.Kind is BlockKind.Paragraph or BlockKind.ListItem && !first.IsHeading
            && sentence.To - sentence.From <= sizes.OverlapMax && group.To - sentence.From <= sizes.Max
            && ReferenceEquals(sentence.Headings, first.Headings) && before.Pieces.Count > 1;
        return isSaid ? group with { Repeated = sentence } : group;
    }

    /// <summary>Cuts a chunk out of the window and lets go of what comes before <paramref name="keptFrom"/>.</summary>
    Chunk Made(Group group, int keptFrom)
    {
        var headed = group.Pieces.FirstOrDefault(piece => !piece.IsHeading, group.Pieces[^1]);
        var chunk = new Chunk(
            ordinal++, window.ToString(group.From - windowFrom, group.To - group.From),
            (group.Repeated ?? group.Pieces[0]).Page, group.Pieces[^1].Page, group.From, group.To, headed.Headings);
        window.Remove(0, keptFrom - windowFrom);
        windowFrom = keptFrom;
        return chunk;
    }

    /// <param name="IsFirst">A block begins with it.</param>
    sealed record Piece(int From, int To, BlockKind Kind, int Page, IReadOnlyList<string> Headings, bool IsFirst)
    {
        public bool IsHeading => Kind == BlockKind.Heading;
    }

    sealed record Group(IReadOnlyList<Piece> Pieces)
    {
        /// <summary>What the group before has, too.</summary>
        public Piece? Repeated { get; init; }

        public int From => Repeated?.From ?? OwnFrom;

        public int OwnFrom => Pieces[0].From;

        public int To => Pieces[^1].To;
    }
}
