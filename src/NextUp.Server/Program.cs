using NextUp.Server;

string? Option(string name) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

return await ServerApplication.RunAsync(
    new ServeOptions(Option("--urls"), Option("--data"), Option("--config")),
    Console.Out,
    Console.Error,
    CancellationToken.None);
