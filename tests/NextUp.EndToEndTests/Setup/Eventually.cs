namespace NextUp.EndToEndTests.Setup;

/// <summary>
/// For what only shows itself from outside the process, where there is no event to wait for. Looks again a few times a
/// second and gives up after a bound.
/// </summary>
static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    public static async Task IsTrueAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(Between, TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (!condition())
            Assert.True(await timer.WaitForNextTickAsync(late.Token));
    }

    /// <summary>Asks until the answer is not null.</summary>
    public static async Task<T> FoundAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        using var timer = new PeriodicTimer(Between, TimeProvider.System);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await ask() is { } found)
                return found;
            Assert.True(await timer.WaitForNextTickAsync(late.Token));
        }
    }
}
