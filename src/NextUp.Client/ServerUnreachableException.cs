namespace NextUp.Client;

/// <summary>
/// No answer came: nothing listens at the address, the connection broke, or the time ran out. What was asked may or may
/// not have happened; a submission repeated with the same idempotency key is safe.
/// </summary>
public sealed class ServerUnreachableException(Uri server, string reason, Exception? inner = null)
    : Exception($"The server {server} could not be reached: {reason}", inner)
{
    public Uri Server { get; } = server;

    /// <summary>What the attempt met, in a few words, without the address.</summary>
    public string Reason { get; } = reason;
}
