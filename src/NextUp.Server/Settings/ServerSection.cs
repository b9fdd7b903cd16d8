namespace NextUp.Server.Settings;

/// <summary>The section <c>server</c>: what <c>serve</c> may also be told by options.</summary>
sealed record ServerSection
{
    const int TextLengthMax = 4_000;

    /// <summary>Where to listen, separated by semicolons.</summary>
    public string Urls { get; init; } = ServeOptions.DefaultUrls;

    /// <summary>Where everything is kept.</summary>
    public string DataFolder { get; init; } = ServeOptions.DefaultDataFolder;

    public static ServerSection Read(SettingsSection section)
    {
        var server = new ServerSection
        {
            Urls = section.Text(
                "urls", ServeOptions.DefaultUrls, TextLengthMax,
                "Where to listen, separated by semicolons; port 0 picks a free one. As `--urls`."),
            DataFolder = section.Text(
                "dataFolder", ServeOptions.DefaultDataFolder, TextLengthMax,
                "The folder everything is kept in; a relative one is in the working folder. As `--data`."),
        };
        if (!server.Urls.Split(';').All(IsAddress))
            section.Fault("urls", "each must begin with http:// or https:// and name a host, as in http://127.0.0.1:8080.");
        return server;
    }

    /// <summary>Hosts may be * or +, which no <see cref="Uri"/> takes.</summary>
    static bool IsAddress(string text) =>
        Uri.TryCreate(text.Trim().Replace("//*", "//any", StringComparison.Ordinal).Replace("//+", "//any", StringComparison.Ordinal),
            UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
