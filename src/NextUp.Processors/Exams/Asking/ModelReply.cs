namespace NextUp.Processors.Exams.Asking;

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
public sealed record ModelMessage(string Role, string Content);

/// <summary>How a request to a model ended.</summary>
public abstract record ModelReply
{
    ModelReply() { }

    /// <param name="IsCut">The answer ended where its tokens did.</param>
    public sealed record Said(string Text, bool IsCut, long InputTokens, long OutputTokens) : ModelReply;

    /// <summary>Asked again it would say the same: no credit, a key that is not good, a request that it does not take.</summary>
    public sealed record Refused(string Reason) : ModelReply;

    /// <summary>It was away or busy each time.</summary>
    public sealed record Away(string Reason) : ModelReply;
}
