using System.Globalization;
using NextUp.Client.Cleanup;
using NextUp.Client.Exams;
using NextUp.Client.Operations;
using NextUp.Client.Wire;

namespace NextUp.Client;

/// <summary>What operators ask. To everyone else all but <see cref="PublicStatisticsAsync"/> is forbidden.</summary>
public sealed partial class NextUpClient
{
    /// <summary>What operators see of single jobs and do with them.</summary>
    public CareClient Care { get; }

    /// <summary>Exam papers, for administrators.</summary>
    public PapersClient Papers { get; }

    /// <summary>
    /// Has one of the caller's failed or cancelled jobs done again. A problem that says it is not finished means that it was
    /// done by an earlier try whose answer was lost.
    /// </summary>
    public async Task<JobView> RetryAsync(string id, CancellationToken cancellationToken = default)
    {
        using var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Post, OfJob(id, "/retry")), HttpCompletionOption.ResponseContentRead,
            cancellationToken);
        return await _exchange.ReadAsync(response, WireJson.Wire.JobView, cancellationToken);
    }

    /// <summary>Waits, processing times and busy hours of the last seven days, in counts; for everyone.</summary>
    public Task<PublicStatisticsView> PublicStatisticsAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("api/v1/statistics"), OperationsJson.Default.PublicStatisticsView, cancellationToken);

    /// <summary>The installation as it is now.</summary>
    public Task<OverviewView> OverviewAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("api/v1/operations/overview"), OperationsJson.Default.OverviewView, cancellationToken);

    /// <summary>Who works elsewhere for the server.</summary>
    public Task<WorkersView> WorkersAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("api/v1/operations/workers"), OperationsJson.Default.WorkersView, cancellationToken);

    /// <summary>Each thing that readiness depends on.</summary>
    public Task<HealthDetailView> HealthAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("api/v1/operations/health"), OperationsJson.Default.HealthDetailView, cancellationToken);

    /// <summary>What happened to jobs by hour or day.</summary>
    /// <param name="span">Null parts are the server's defaults: the last day by the hour, the last 30 by the day.</param>
    public Task<StatisticsView> StatisticsAsync(
        StatisticsSpan span, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(
            At($"api/v1/operations/statistics?{span.Query}"), OperationsJson.Default.StatisticsView, cancellationToken);

    /// <summary>Failures grouped by their cause.</summary>
    public Task<FailuresView> FailuresAsync(StatisticsSpan span, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(
            At($"api/v1/operations/failures?{span.Query}"), OperationsJson.Default.FailuresView, cancellationToken);

    /// <summary>What users asked of the machine.</summary>
    public Task<UserLoadsView> UserLoadsAsync(StatisticsSpan span, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(
            At($"api/v1/operations/users?{span.Query}"), OperationsJson.Default.UserLoadsView, cancellationToken);
}

/// <summary>Which hours or days, and of which kind.</summary>
/// <param name="By"><c>hour</c> or <c>day</c>; only for the statistics.</param>
public sealed record StatisticsSpan(
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? By = null, string? Kind = null)
{
    internal string Query
    {
        get
        {
            var parts = new List<string>();
            void Add(string name, string? value)
            {
                if (value is not null)
                    parts.Add($"{name}={Uri.EscapeDataString(value)}");
            }

            Add("from", From?.ToString("O", CultureInfo.InvariantCulture));
            Add("to", To?.ToString("O", CultureInfo.InvariantCulture));
            Add("by", By);
            Add("kind", Kind);
            return string.Join('&', parts);
        }
    }
}
