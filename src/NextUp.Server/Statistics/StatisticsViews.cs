using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Client.Operations;

namespace NextUp.Server.Statistics;

/// <summary>Kept figures as the API tells them.</summary>
static class StatisticsViews
{
    public static FiguresView Of(JobFigures figures) => new(
        figures.Accepted, figures.Started, figures.Completed, figures.Failed, figures.Cancelled, figures.Retried,
        Of(figures.Waits), Of(figures.Services));

    public static DurationsView Of(DurationHistogram durations) => new(
        durations.Count, Seconds(durations.Mean)!.Value, Seconds(durations.Quantile(0.5)),
        Seconds(durations.Quantile(0.9)), Seconds(durations.Quantile(0.99)));

    public static PeriodView Of(PeriodFigures period) =>
        new(period.Start, Name(period.Period), period.Kind.Value, Of(period.Figures));

    /// <summary>The sum of each kind, by name.</summary>
    public static IReadOnlyList<KindFigures> ByKind(IEnumerable<PeriodFigures> periods) =>
    [
        .. periods.GroupBy(period => period.Kind)
            .Select(ofKind => new KindFigures(ofKind.Key, Sum(ofKind.Select(period => period.Figures))))
            .OrderBy(kind => kind.Kind.Value, StringComparer.Ordinal),
    ];

    public static JobFigures Sum(IEnumerable<JobFigures> figures)
    {
        var sum = new JobFigures();
        foreach (var one in figures)
            sum.Add(one);
        return sum;
    }

    public static string Name(StatisticsPeriod period) => period == StatisticsPeriod.Hour ? "hour" : "day";

    /// <summary>To the microsecond, which is what was measured.</summary>
    static double? Seconds(TimeSpan? duration) => duration is { } known ? Math.Round(known.TotalSeconds, 6) : null;
}
