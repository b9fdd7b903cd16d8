using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.UnitTests.Queue;

public sealed class CountedTreeTests
{
    [Theory]
    [InlineData(1, 20_000, 0.5)]
    [InlineData(2, 20_000, 0.9)]
    [InlineData(3, 60_000, 0.6)]
    public void It_agrees_with_a_sorted_list_after_every_random_step(int seed, int steps, double adds)
    {
        var random = new Random(seed);
        var tree = new CountedTree();
        SortedSet<LineKey> expected = [];
        List<LineKey> known = [];
        for (var step = 0; step < steps; step++)
        {
            var share = step < steps / 2 ? adds : 1 - adds;
            if (known.Count == 0 || random.NextDouble() < share)
            {
                var key = new LineKey(random.Next(steps / 4), new(random.Next(3))) { Size = new((byte)random.Next(SizeClass.Count)) };
                Assert.Equal(expected.Add(key), tree.Add(key));
                known.Add(key);
            }
            else
            {
                var key = random.Next(3) == 0 && expected.Count > 0 ? expected.Min : known[random.Next(known.Count)];
                Assert.Equal(expected.Remove(key), tree.Remove(key));
            }

            Assert.Equal(expected.Count, tree.Count);
            if (expected.Count > 0)
                Assert.Equal(expected.Min, tree.First);
            if (step % 500 == 0)
                Compare(expected, tree, random);
        }

        Compare(expected, tree, random);
    }

    [Fact]
    public void A_line_that_grows_at_its_end_and_shrinks_at_its_front_keeps_its_ranks()
    {
        var tree = new CountedTree();
        for (var i = 0; i < 100_000; i++)
            Assert.True(tree.Add(new(i, new(i))));
        for (var i = 0; i < 99_999; i++)
        {
            Assert.True(tree.Remove(tree.First));
            if (i % 1_000 == 0)
                Assert.Equal(99_999 - (i + 1), tree.RankOf(new(99_999, new(99_999))));
        }

        Assert.Equal(1, tree.Count);
        Assert.Equal(new(99_999, new(99_999)), tree.First);
        Assert.True(tree.Remove(tree.First));
        Assert.True(tree.Add(new(5, new(5))));
        Assert.Equal(0, tree.RankOf(new(5, new(5))));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_023, 0)]
    [InlineData(1_024, 1)]
    [InlineData(2_047, 1)]
    [InlineData(2_048, 2)]
    [InlineData(1L << 31, 22)]
    [InlineData(1L << 32, 23)]
    [InlineData(long.MaxValue, 23)]
    public void A_size_class_begins_at_a_power_of_two(long bytes, int expected)
    {
        Assert.Equal(expected, SizeClass.Of(bytes).Value);
    }

    static void Compare(SortedSet<LineKey> expected, CountedTree tree, Random random)
    {
        Assert.Equal(expected, tree.InOrder());
        var sorted = expected.ToList();
        for (var i = 0; i < 50; i++)
        {
            var key = new LineKey(random.Next(100_000), new(random.Next(3)));
            var at = sorted.BinarySearch(key);
            Assert.Equal(at >= 0 ? at : ~at, tree.RankOf(key));
            Assert.Equal(at >= 0, tree.Contains(key));

            var sizes = new int[SizeClass.Count];
            tree.SizesBefore(key, sizes);
            var expectedSizes = new int[SizeClass.Count];
            foreach (var before in sorted.Take(at >= 0 ? at : ~at))
                expectedSizes[before.Size.Value]++;
            Assert.Equal(expectedSizes, sizes);
        }
    }
}
