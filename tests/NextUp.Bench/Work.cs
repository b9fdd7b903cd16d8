using System.Diagnostics;
using System.Text;
using NextUp.Client;
using NextUp.Client.Uploads;
using NextUp.Client.Work;

namespace NextUp.Bench;

/// <summary>
/// Jobs that wait are leased and completed over loopback HTTP, several in a request, from a server that runs already
/// (url=...) with a kind "count" that is lent. Each start and each end is a durable change; input and result are small and
/// come and go with the requests. Client and server share the machine.
/// </summary>
static class Work
{
    const string Kind = "count";
    const int FilesARequest = 100;
    static readonly ParallelOptions Callers = new() { MaxDegreeOfParallelism = 8 };

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var url = new Uri(Arguments.Text(arguments, "url", "url=http://127.0.0.1:PORT names the server"));
        var user = Arguments.Text(arguments, "user", "user=TOKEN is a token of: nextup token --user NAME");
        var crew = Arguments.Text(arguments, "worker", "worker=TOKEN is a token of: nextup token --user NAME --role worker");
        var (jobs, workers) = (Arguments.Int(arguments, "jobs", 50_000), Arguments.Int(arguments, "workers", 4));
        var batch = Arguments.Int(arguments, "batch", 250);
        using var http = NextUpClient.NewHttp(url);
        await SubmitAsync(new(http, user, TimeProvider.System, new Random(1)), jobs);

        var client = new WorkClient(http, crew, TimeProvider.System, new Random(1));
        var done = new int[workers];
        var refused = new int[workers];
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(
            number => WorkAsync(client, $"bench-{number}", batch, () => done.Sum() >= jobs, (count, stops) =>
            {
                done[number] += count;
                refused[number] += stops;
            })));
        await output.WriteLineAsync(
            $"work, {workers} workers, {batch} a request: {done.Sum() / watch.Elapsed.TotalSeconds:N0} leased and completed jobs/s "
            + $"({done.Sum():N0} jobs, {refused.Sum()} refused)");
    }

    static Task SubmitAsync(NextUpClient client, int jobs) =>
        Parallel.ForEachAsync(Enumerable.Range(0, jobs / FilesARequest), Callers, async (_, cancel) =>
        {
            var files = Enumerable.Range(0, FilesARequest).Select(i => Upload.OfBytes($"{i}.txt", Encoding.UTF8.GetBytes($"text {i}")));
            var outcomes = await client.SubmitManyAsync([.. files], new() { Kind = Kind }, cancel);
            if (outcomes.FirstOrDefault(outcome => outcome.Job is null) is { } wrong)
                throw new InvalidOperationException($"A submission was refused: {wrong.Problem?.Detail}");
        });

    static async Task WorkAsync(WorkClient client, string name, int batch, Func<bool> isOver, Action<int, int> count)
    {
        var incarnation = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        while (!isOver())
        {
            var given = await client.LeaseAsync(new(name, incarnation, [Kind], batch) { WaitSeconds = 1, InlineBytesMax = 1_000 });
            if (given.Jobs.Count == 0)
                continue;
            var results = given.Jobs.Select(job => new CompletionOf(
                job.Id, job.Attempt, null, [new("result", "r.txt", "text/plain", job.Content!)]));
            var outcomes = (await client.CompleteAsync(new CompletionsRequest([.. results]))).Outcomes;
            count(outcomes.Count(outcome => outcome.Stop is null), outcomes.Count(outcome => outcome.Stop is not null));
        }
    }
}
