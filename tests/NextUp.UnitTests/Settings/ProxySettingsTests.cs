using System.Text;
using NextUp.Server;
using NextUp.Server.Settings;

namespace NextUp.UnitTests.Settings;

public sealed class ProxySettingsTests
{
    static NextUpSettings Of(string proxies) =>
        NextUpSettings.Parse("test", Encoding.UTF8.GetBytes($$$"""{"server": {"proxies": [{{{proxies}}}]}}"""));

    [Fact]
    public void A_proxy_is_an_address_or_any_of_a_network()
    {
        var options = ServerApplication.BehindProxies(Of("\"10.0.0.5\", \"172.16.0.0/12\", \"fd00::/8\"").Front);

        Assert.Equal(["10.0.0.5"], options.KnownProxies.Select(proxy => $"{proxy}"));
        Assert.Equal(["172.16.0.0/12", "fd00::/8"], options.KnownIPNetworks.Select(network => $"{network}"));
    }

    [Fact]
    public void Without_a_word_only_this_machine_is_one()
    {
        var options = ServerApplication.BehindProxies(new FrontSettings());

        Assert.Equal(["127.0.0.1", "::1"], options.KnownProxies.Select(proxy => $"{proxy}"));
        Assert.Empty(options.KnownIPNetworks);
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("proxy.example.org")]
    public void What_is_neither_is_refused_with_how_to_write_it(string proxy) =>
        Assert.Contains(
            "write it as", Assert.Throws<SettingsException>(() => Of($"\"{proxy}\"")).Message, StringComparison.Ordinal);
}
