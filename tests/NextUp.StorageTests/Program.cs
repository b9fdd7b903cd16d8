using NextUp.StorageTests.Sqlite;
using Xunit.Runner.InProc.SystemConsole;

return args is [DoomedWriter.Command, var folder]
    ? await DoomedWriter.RunAsync(folder)
    : await ConsoleRunner.Run(args);
