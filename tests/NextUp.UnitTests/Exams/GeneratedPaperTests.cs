using NextUp.UnitTests.Exams.Papers;

namespace NextUp.UnitTests.Exams;

/// <summary>
/// Papers of known truth in seven styles. The rules were made while looking at seeds below 1,000; those of
/// <see cref="HeldOut"/> were never looked at, and show what the rules do on papers that nobody made them for.
/// </summary>
public sealed class GeneratedPaperTests
{
    const int HeldOut = 50_000;

    public static TheoryData<PaperStyle> Styles => [.. Enum.GetValues<PaperStyle>()];

    static readonly int s_seeds = int.TryParse(Environment.GetEnvironmentVariable("NEXTUP_EXAM_SEEDS"), out var count) ? count : 12;

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task A_generated_paper_is_read_as_it_is(PaperStyle style) => await ReadAsync(style, 1, 1.0);

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task A_paper_that_nobody_looked_at_is_read_as_it_is(PaperStyle style) => await ReadAsync(style, HeldOut, 0.9);

    static async Task ReadAsync(PaperStyle style, int from, double shareMin)
    {
        Assert.SkipUnless(ReadPaper.CanRead, ReadPaper.WhyNot);
        var failed = new List<string>();
        for (var seed = from; seed < from + s_seeds; seed++)
        {
            var (pdf, truth) = PaperWriter.Write(style, seed);
            var paper = await ReadPaper.PaperAsync(pdf, TestContext.Current.CancellationToken);
            var faults = ReadPaper.Faults(paper, truth).ToList();
            if (faults.Count > 0)
                failed.Add($"seed {seed}: {string.Join("; ", faults)}");
        }

        Assert.True(failed.Count <= s_seeds * (1 - shareMin), $"{failed.Count} of {s_seeds}:\n{string.Join('\n', failed.Take(12))}");
    }
}
