using System.Runtime.InteropServices;

/// <summary>
/// Runs in worker processes before the program does (DOTNET_STARTUP_HOOKS, which finds it by this name), and takes memory
/// beside the heap, as a library gone wrong does, once the file is there that <see cref="Variable"/> names.
/// </summary>
static class StartupHook
{
    public const string Variable = "NEXTUP_TEST_EATS_AFTER";

    const int BytesAtOnce = 16 << 20;
    const int TimesMax = 256;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } file && Environment.GetCommandLineArgs().Contains("work"))
            _ = EatAsync(file);
    }

    static async Task EatAsync(string file)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (!File.Exists(file))
            await looks.WaitForNextTickAsync(CancellationToken.None);
        File.Delete(file); // The process that follows is well.
        for (var i = 0; i < TimesMax; i++)
        {
            Fill();
            await looks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    static void Fill()
    {
        var memory = Marshal.AllocHGlobal(BytesAtOnce);
        for (var page = 0; page < BytesAtOnce; page += Environment.SystemPageSize)
            Marshal.WriteByte(memory, page, 1); // What nobody has written to is not there yet.
    }
}
