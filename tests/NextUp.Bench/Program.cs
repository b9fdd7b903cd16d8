using NextUp.Bench.Documents;
using NextUp.Bench.Queue;
using NextUp.Bench.Store;
using NextUp.Bench.Tables;

var benchmarks = new Dictionary<string, Func<Task>>
{
    ["drain"] = () => Drain.RunAsync(Console.Out, args),
#if ORLEANS
    ["silos"] = () => SiloDrain.RunAsync(Console.Out, args),
#endif
    ["latency"] = () => Latency.RunAsync(Console.Out, args),
    ["neighbour"] = () => NoisyNeighbour.RunAsync(Console.Out, args),
    ["estimate"] = () => Estimates.RunAsync(Console.Out, args),
    ["cleanup"] = () => Sweeping.RunAsync(Console.Out, args),
    ["line"] = () => LongLine.RunAsync(Console.Out, args),
    ["http"] = () => NextUp.Bench.Http.RunAsync(Console.Out, args),
    ["work"] = () => NextUp.Bench.Work.RunAsync(Console.Out, args),
    ["policies"] = () => Policies.RunAsync(Console.Out, args),
    ["bib"] = () => NextUp.Bench.Bib.RunAsync(Console.Out, args),
    ["statistics"] = () => Statistics.RunAsync(Console.Out, args),
    ["retrieval"] = () => Retrieval.RunAsync(Console.Out, args),
    ["extraction"] = () => Extracting.RunAsync(Console.Out, args),
    ["search"] = () => Searching.RunAsync(Console.Out, args),
    ["tables"] = () => TableImports.RunAsync(Console.Out, args),
    ["sign-in"] = () => SignIn.RunAsync(Console.Out, args),
    ["postgres"] = () => BenchStore.KeepAsync(Console.Out, Console.In),
    ["store"] = () => RawStoreLoop.RunAsync(Console.Out, NextUp.Bench.Arguments.Int(args, "seconds", 10)),
};
if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var run))
{
    Console.Error.WriteLine(
        $"usage: dotnet run -c Release --project tests/NextUp.Bench -- {string.Join('|', benchmarks.Keys)} [name=value ...]");
    return 2;
}

BenchStore.Choose(args);
await run();
BenchStore.Close();
return 0;
