using NextUp.Server.Commands;

return await CommandLine.RunAsync(args, Surroundings.OfProcess());
