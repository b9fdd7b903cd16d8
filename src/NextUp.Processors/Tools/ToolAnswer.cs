namespace NextUp.Processors.Tools;

/// <summary>What came of asking a tool about a file.</summary>
public abstract record ToolAnswer<T>
{
    ToolAnswer() { }

    public sealed record Given(T Value) : ToolAnswer<T>;

    /// <summary>It is the file: the tool would say the same again.</summary>
    /// <param name="Reason">A sentence or two for its owner: what is wrong, and the way out.</param>
    public sealed record Refused(string Reason) : ToolAnswer<T>;

    /// <summary>It is this machine: the tool is missing.</summary>
    /// <param name="Reason">What is missing, and the package that brings it.</param>
    public sealed record Failed(string Reason) : ToolAnswer<T>;
}
