namespace NextUp.Processors.Bibtex.Matching;

/// <summary>What the rules say of one candidate by itself.</summary>
abstract record Ruling(Evidence Evidence, string Reason)
{
    public sealed record Passed(Evidence Evidence, double Confidence, string Reason) : Ruling(Evidence, Reason);

    /// <summary>Near enough to show, not certain enough to take.</summary>
    public sealed record Doubtful(Evidence Evidence, string Reason) : Ruling(Evidence, Reason);

    /// <param name="RulesPassed">How many rules it passed before the one that refused it.</param>
    public sealed record Refused(Evidence Evidence, int RulesPassed, string Reason) : Ruling(Evidence, Reason);
}
