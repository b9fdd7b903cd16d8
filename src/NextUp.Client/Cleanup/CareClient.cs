namespace NextUp.Client.Cleanup;

/// <summary>
/// What operators see of single jobs and do with them. Everyone else gets a <see cref="NextUpProblemException"/> with
/// <see cref="Wire.ProblemCodes.Forbidden"/>.
/// </summary>
public sealed class CareClient
{
    /// <summary>Jobs on a page, at most.</summary>
    public const int PageJobsMax = 200;

    readonly Exchange _exchange;

    internal CareClient(Exchange exchange) => _exchange = exchange;

    /// <summary>Everybody's jobs, newest first, without what their users called them.</summary>
    /// <param name="state">Only jobs in this state; null for all.</param>
    /// <param name="isSetAside">Only jobs that were set aside.</param>
    /// <param name="after">The <see cref="CaredJobPage.Next"/> of the page before.</param>
    public Task<CaredJobPage> ListAsync(
        string? state, bool isSetAside, int limit, string? after, CancellationToken cancellationToken = default)
    {
        var query = $"?limit={limit}&setAside={(isSetAside ? "true" : "false")}"
            + (state is null ? "" : $"&state={Uri.EscapeDataString(state)}")
            + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
        return _exchange.GetAsync(At(query), CleanupJson.Default.CaredJobPage, cancellationToken);
    }

    /// <summary>A job and what happened to it.</summary>
    public Task<CaredJobDetail> ShowAsync(string id, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("/" + Uri.EscapeDataString(id)), CleanupJson.Default.CaredJobDetail, cancellationToken);

    /// <summary>Has a failed, cancelled or set aside job done again, held where its user is busy.</summary>
    public Task<CaredJobView> RetryAsync(string id, CancellationToken cancellationToken = default) =>
        PostAsync(id, "retry", cancellationToken);

    public Task<CaredJobView> CancelAsync(string id, CancellationToken cancellationToken = default) =>
        PostAsync(id, "cancel", cancellationToken);

    /// <summary>Keeps a failed or cancelled job, with its evidence, for somebody to look at.</summary>
    public Task<CaredJobView> SetAsideAsync(string id, CancellationToken cancellationToken = default) =>
        PostAsync(id, "set-aside", cancellationToken);

    /// <summary>Nobody needs to look at it any more: it goes when its retention is over.</summary>
    public Task<CaredJobView> DiscardAsync(string id, CancellationToken cancellationToken = default) =>
        PostAsync(id, "discard", cancellationToken);

    async Task<CaredJobView> PostAsync(string id, string action, CancellationToken cancellationToken)
    {
        var address = At($"/{Uri.EscapeDataString(id)}/{action}");
        using var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Post, address), HttpCompletionOption.ResponseContentRead,
            cancellationToken);
        return await _exchange.ReadAsync(response, CleanupJson.Default.CaredJobView, cancellationToken);
    }

    Uri At(string rest) => new(_exchange.Server, "api/v1/operations/jobs" + rest);
}
