using NextUp.Server.Workers;

namespace NextUp.UnitTests.Server;

public sealed class LocalWorkersTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080")]
    [InlineData("http://[::]:8080", "http://localhost:8080")]
    [InlineData("http://*:8080", "http://localhost:8080")]
    [InlineData("https://box.example:443", "https://box.example:443")]
    public void A_process_of_the_same_machine_reaches_a_server_wherever_it_listens(string listening, string address) =>
        Assert.Equal(address, LocalWorkers.AddressOf(listening));
}
