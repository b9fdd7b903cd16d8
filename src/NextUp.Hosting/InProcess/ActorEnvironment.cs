namespace NextUp.Hosting.InProcess;

/// <summary>What all actors of one host share.</summary>
/// <param name="Clock">The only source of time.</param>
/// <param name="Random">For jitter only; must be safe to share, as <see cref="SharedRandom"/> is.</param>
/// <param name="TellFailed">Told of failures of calls that nobody waits for.</param>
public sealed record ActorEnvironment(TimeProvider Clock, Random Random, Action<string, Exception> TellFailed)
{
    /// <summary>Goes up at each idle sweep; an actor notes it when it is called.</summary>
    public long Tick { get; set; }
}

/// <summary>A seeded generator that many threads may use.</summary>
public sealed class SharedRandom(int seed) : Random(seed)
{
    readonly Lock _gate = new();

    public override double NextDouble()
    {
        lock (_gate)
            return base.NextDouble();
    }

    public override int Next(int maxValue)
    {
        lock (_gate)
            return base.Next(maxValue);
    }
}
