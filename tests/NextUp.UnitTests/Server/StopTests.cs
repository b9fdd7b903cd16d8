using NextUp.Server;

namespace NextUp.UnitTests.Server;

public sealed class StopTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_that_is_asked_to_stop_while_it_starts_ends_gracefully()
    {
        var options = new ServeOptions("http://127.0.0.1:0", Path.Combine(_folder.Path, "data"), null)
        {
            Assignments = ["bibtex.providers=[\"catalogue\"]"],
        };
        using var error = new StringWriter();

        Assert.Equal(0, await ServerApplication.RunAsync(options, TextWriter.Null, error, new CancellationToken(canceled: true)));

        Assert.Empty(error.ToString());
    }
}
