namespace NextUp.ScholarStubs;

/// <summary>What the stub does in place of answering, once for each that is queued.</summary>
public abstract record StubFault
{
    StubFault() { }

    /// <summary>A status with a body, for example 500, or 404 with a page.</summary>
    public sealed record Status(int Code, string Text = "", string ContentType = "text/plain") : StubFault
    {
        public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
    }

    /// <summary>429, as a service over its limit answers.</summary>
    public sealed record TooMany(string? RetryAfter = null) : StubFault;

    /// <summary>200 with these bytes for a body, whatever was asked.</summary>
    public sealed record Body(byte[] Bytes, string ContentType = "application/json") : StubFault;

    /// <summary>200 with a body of so many bytes, sent as it is made.</summary>
    public sealed record Oversized(long Bytes) : StubFault;

    /// <summary>The right answer, cut off in the middle, connection closed.</summary>
    public sealed record Truncated : StubFault;

    /// <summary>Nothing until the task ends; then the right answer.</summary>
    public sealed record Slow(Task Until) : StubFault;

    /// <summary>The connection is closed before any answer.</summary>
    public sealed record HangUp : StubFault;

    public sealed record Redirect(string To, int Code = 301) : StubFault;
}
