using NextUp.Processors.Exams.Pages;

namespace NextUp.Processors.Exams.Questions;

/// <summary>
/// Decides which of the candidates begin the questions: the heaviest row of them in which each number follows the one
/// before, in one style, written in one place of the column. A number begins anew at 1 only behind the heading of a section.
/// </summary>
/// <remarks>
/// A number that is missing costs more than a plain beginning weighs, so a gap is taken only where what follows is worth
/// it; the gap is then told by the checks. Where the paper prints totals ("Total for Question 3 ..."), beginnings that agree
/// with them weigh more.
/// </remarks>
public static class QuestionChain
{
    /// <summary>What a number that is left out takes off.</summary>
    const double GapCost = 0.9;

    /// <summary>Numbers that may be missing in a row.</summary>
    const int GapMax = 3;

    /// <summary>How far the numbers may stand apart from their column, as a share of the page's width.</summary>
    const double AlignedWithin = 0.022;

    const double OutOfLineWeight = 0.35;

    const double AgreesWithTotal = 0.5;

    /// <param name="sections">For each line the number of section headings before it.</param>
    /// <param name="totals">Lines with a question's total, and its number where the line names it.</param>
    public static IReadOnlyList<StartCandidate> Choose(
        IReadOnlyList<TextLine> lines, IReadOnlyList<StartCandidate> candidates, IReadOnlyList<int> sections,
        IReadOnlyList<(int Line, int? Question)> totals)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        IReadOnlyList<StartCandidate> best = [];
        var bestScore = 0.0;
        foreach (var style in candidates.GroupBy(candidate => candidate.Style))
        {
            var weighed = Weigh(lines, [.. style], totals);
            var (chain, score) = Heaviest(weighed, sections);
            if (score > bestScore)
                (best, bestScore) = (chain, score);
        }

        return best;
    }

    static List<StartCandidate> Weigh(
        IReadOnlyList<TextLine> lines, List<StartCandidate> candidates, IReadOnlyList<(int Line, int? Question)> totals)
    {
        var width = lines[candidates[0].Line].PageWidth;
        var left = Column([.. candidates.Select(one => (one.Left, one.Weight))], width);
        var right = Column([.. candidates.Select(one => (one.Right, one.Weight))], width);
        return [.. candidates.Select(one => one with
        {
            Weight = (one.Weight > 0 && !IsAligned(one) ? one.Weight * OutOfLineWeight : one.Weight) + Agreement(one, totals),
        })];

        bool IsAligned(StartCandidate one) =>
            one.Style == NumberStyle.Worded || Math.Abs(one.Left - left) <= width * AlignedWithin
            || Math.Abs(one.Right - right) <= width * AlignedWithin;
    }

    /// <summary>Where most of the numbers stand.</summary>
    static double Column(List<(double At, double Weight)> places, double width) =>
        places.MaxBy(place => places
            .Where(other => Math.Abs(other.At - place.At) <= width * AlignedWithin).Sum(other => other.Weight)).At;

    static double Agreement(StartCandidate one, IReadOnlyList<(int Line, int? Question)> totals)
    {
        var next = totals.FirstOrDefault(total => total.Line >= one.Line && total.Question is not null);
        return next.Question == one.Number ? AgreesWithTotal : 0;
    }

    static (IReadOnlyList<StartCandidate> Chain, double Score) Heaviest(
        List<StartCandidate> candidates, IReadOnlyList<int> sections)
    {
        var scores = new double[candidates.Count];
        var before = new int[candidates.Count];
        var last = -1;
        for (var i = 0; i < candidates.Count; i++)
        {
            var one = candidates[i];
            before[i] = -1;
            scores[i] = one.Number - 1 > GapMax ? double.NegativeInfinity : one.Weight - (one.Number - 1) * GapCost;
            for (var j = 0; j < i; j++)
            {
                if (Link(candidates[j], one, sections) is not { } link || scores[j] + link + one.Weight < scores[i])
                    continue;
                (scores[i], before[i]) = (scores[j] + link + one.Weight, j);
            }

            if (last < 0 || scores[i] > scores[last])
                last = i;
        }

        if (last < 0 || scores[last] <= 0)
            return ([], 0);
        var chain = new List<StartCandidate>();
        for (var at = last; at >= 0; at = before[at])
            chain.Add(candidates[at]);
        chain.Reverse();
        return (chain, scores[last]);
    }

    /// <summary>What it costs that one follows the other; null where it cannot.</summary>
    static double? Link(StartCandidate one, StartCandidate next, IReadOnlyList<int> sections)
    {
        if (next.Number == one.Number)
            return next.Part == (one.Part ?? 0) + 1 ? 0 : null;
        if (next.Number > one.Number && next.Number - one.Number - 1 is var missing && missing <= GapMax)
            return -missing * GapCost;
        return next.Number == 1 && sections[next.Line] > sections[one.Line] ? 0 : null;
    }
}
