using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Matching;

/// <summary>
/// What became of the candidates for an entry. A wrong DOI is worse than none, so anything that is not certain is
/// <see cref="Ambiguous"/> or <see cref="None"/>, and then nothing may be written into the entry. Every reason starts
/// with a code of <see cref="MatchReason"/> and goes on with a clause for people: <c>miss.year: the entry says 2012,
/// the work 2008</c>.
/// </summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>The entry means this work.</summary>
    /// <param name="Confidence">From 0.5 to 1; how little had to be forgiven, not a probability.</param>
    public sealed record Accepted(Work Work, double Confidence, string Reason) : Verdict;

    /// <summary>The entry may mean one of these, best first; a person has to say which.</summary>
    public sealed record Ambiguous(IReadOnlyList<Work> Candidates, string Reason) : Verdict;

    /// <summary>None of the candidates is meant. The reason is that of the candidate that came nearest.</summary>
    public sealed record None(string Reason) : Verdict;
}
