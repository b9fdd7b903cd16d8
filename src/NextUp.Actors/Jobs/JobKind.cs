namespace NextUp.Actors.Jobs;

/// <summary>What work a job is, for example <c>bibtex</c>. Lower-case letters, digits and dashes.</summary>
public readonly record struct JobKind(string Value)
{
    public override string ToString() => Value;
}
