namespace NextUp.Processors.Bibtex.Providers;

/// <summary>How one service stands now, for those who run the installation and for "waiting for provider".</summary>
/// <param name="Waiting">Requests of all users that wait for their turn.</param>
/// <param name="RequestsMax">Requests that the service allows within any <paramref name="Interval"/>.</param>
/// <param name="ConcurrencyMax">Requests that it allows at once.</param>
/// <param name="PauseLeft">For how long it still asked not to be asked; null where it did not.</param>
public sealed record ProviderCondition(
    string Name, int Waiting, int RequestsMax, TimeSpan Interval, int ConcurrencyMax, TimeSpan? PauseLeft);
