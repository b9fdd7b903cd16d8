namespace NextUp.Client;

/// <summary>How patient a <see cref="NextUpClient"/> is.</summary>
public sealed record NextUpClientOptions
{
    /// <summary>
    /// How often a call that got no answer, or 502, 503 or 504, is made in all. More rides out a longer restart of the
    /// server; fewer reports sooner. Defaults to 4, which with the default delays takes about a second and a half.
    /// </summary>
    public int AttemptsMax { get; init; } = 4;

    /// <summary>
    /// The first delay between two attempts; each next one doubles, half of it random. Defaults to 200 ms.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// No delay between two attempts is longer, whatever the server asks for. Defaults to 10 seconds.
    /// </summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The first delay before a lost feed is opened again; each next one doubles, half of it random. Defaults to 250
    /// ms.
    /// </summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>No delay before a lost feed is opened again is longer. Defaults to 15 seconds.</summary>
    public TimeSpan ReconnectDelayMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A feed that stays lost for so long ends with <see cref="ServerUnreachableException"/>. Longer survives longer
    /// outages. Defaults to 5 minutes.
    /// </summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A feed on which nothing at all arrived for so long counts as lost. The server sends something every 15 seconds
    /// at least. Defaults to 45 seconds.
    /// </summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// From this size on, in bytes, a client asks the server for leave before it sends the body, so that what is
    /// refused (too large, not signed in) is not sent in vain. Costs one more trip. Defaults to 1 MiB.
    /// </summary>
    public long AskFirstBytesMin { get; init; } = 1 << 20;
}
