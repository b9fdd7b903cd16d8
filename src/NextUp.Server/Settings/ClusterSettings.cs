using System.Net;

namespace NextUp.Server.Settings;

/// <summary>Who runs the actors. The words are settings.</summary>
enum ActorHostKind
{
    InProcess = 0,
    Orleans = 1,
}

/// <summary>The section <c>cluster</c>: several servers that serve together.</summary>
sealed record ClusterSettings
{
    const int TextLengthMax = 200, PortMax = 65_535;

    public ActorHostKind Host { get; init; }

    public string Id { get; init; } = "nextup";

    /// <summary>Where other servers reach this one.</summary>
    public string Address { get; init; } = "127.0.0.1";

    public int SiloPort { get; init; } = 11_111;

    /// <summary>0 listens to none.</summary>
    public int GatewayPort { get; init; }

    /// <summary>Where other servers reach this one's API; null is the first address it listens on.</summary>
    public string? Url { get; init; }

    public bool IsOn => Host == ActorHostKind.Orleans;

    public static ClusterSettings Read(SettingsSection section)
    {
        var defaults = new ClusterSettings();
        var cluster = new ClusterSettings
        {
            Host = section.Choice(
                "host", defaults.Host,
                "Who runs the users', jobs' and queue's actors: this process alone, or Orleans over all servers that have the same "
                + "id and the same PostgreSQL. Orleans with sqlite is one server, for development."),
            Id = section.Text("id", defaults.Id, TextLengthMax, "Servers with this name in one database are a cluster."),
            Address = section.Text(
                "address", defaults.Address, TextLengthMax, "The IP address at which the other servers reach this one."),
            SiloPort = section.Int(
                "siloPort", defaults.SiloPort, 1, PortMax, "Where the servers talk to each other. Keep it from everyone else."),
            GatewayPort = section.Int(
                "gatewayPort", defaults.GatewayPort, 0, PortMax, "Where clients of Orleans would; NextUp has none, and 0 listens to none."),
            Url = section.TextOrNone(
                "url", TextLengthMax,
                "Where the other servers reach this one's API, as in `http://10.0.0.1:8080`; without it, the first address that it "
                + "listens on."),
        };
        if (!IPAddress.TryParse(cluster.Address, out _))
            section.Fault("address", "write an IP address, as in 10.0.0.1.");
        if (cluster.Url is { } url && !Uri.TryCreate(url, UriKind.Absolute, out _))
            section.Fault("url", "write an address with its scheme, as in http://10.0.0.1:8080.");
        if (cluster.IsOn && !Cluster.ClusterHosts.IsBuilt)
        {
            section.Fault(
                "host", "this program was built without Orleans. Build it with -p:Orleans=true, or set this to in-process.");
        }

        return cluster;
    }
}
