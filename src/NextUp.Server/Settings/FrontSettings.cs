using System.Net;

namespace NextUp.Server.Settings;

/// <summary>Of the section <c>server</c>: who stands in front of it, and whose pages may call it.</summary>
sealed record FrontSettings
{
    /// <summary>Origins whose pages may call with a bearer token, as <c>https://app.example.org</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>Networks in which every address is such a proxy.</summary>
    public IReadOnlyList<IPNetwork> ProxyNetworks { get; init; } = [];

    const int CountMax = 100;
    const int LengthMax = 200;

    public static FrontSettings Read(SettingsSection section)
    {
        var origins = section.Texts(
            "origins", [], CountMax, LengthMax,
            "Other origins whose pages may call the API with a bearer token (CORS); none by default. A cookie is never taken from them.");
        foreach (var origin in origins.Where(origin => !IsOrigin(origin)))
            section.Fault("origins", $"\"{origin}\" is no origin; write it as https://app.example.org, without a path.");

        var proxies = section.Texts(
            "proxies", ["127.0.0.1", "::1"], CountMax, LengthMax,
            "Addresses, or networks such as 10.0.0.0/8, of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.");
        var (addresses, networks) = (new List<IPAddress>(), new List<IPNetwork>());
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
                addresses.Add(address);
            else if (IPNetwork.TryParse(proxy, out var network))
                networks.Add(network);
            else
                section.Fault("proxies", $"\"{proxy}\" is no IP address and no network; write it as 10.0.0.5, fd00::5 or 10.0.0.0/8.");
        }

        return new FrontSettings { Origins = origins, Proxies = addresses, ProxyNetworks = networks };
    }

    static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.GetLeftPart(UriPartial.Authority) == text && address.Scheme is "http" or "https";
}
