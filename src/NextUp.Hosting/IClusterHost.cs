namespace NextUp.Hosting;

/// <summary>A host that is one of several, which run the actors together.</summary>
public interface IClusterHost : IActorHost, IAsyncDisposable
{
    /// <summary>How the others find this one; holds from <see cref="IActorHost.StartAsync"/> on. Has no spaces.</summary>
    string Silo { get; }

    /// <summary>
    /// Raised from any thread where this server owns the store and another is gone, once the attempts of that one are recovered.
    /// </summary>
    event Action? ServerGone;

    /// <summary>Set when the others have given this one up: it can do nothing any more.</summary>
    CancellationToken Lost { get; }
}
