using NextUp.Server.Users;

namespace NextUp.Server.Settings;

/// <summary>The section <c>identity</c>: who may be who, and how much visitors may take.</summary>
sealed record IdentitySettings
{
    /// <summary>The OIDC authority that accounts sign in with; null leaves the built-in key alone.</summary>
    public Uri? Authority { get; init; }

    public string? Issuer { get; init; }

    public string Audience { get; init; } = "nextup";

    public string? ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public string Scope { get; init; } = "openid profile";

    public string NameClaim { get; init; } = "sub";

    public string RoleClaim { get; init; } = "roles";

    /// <summary>What <see cref="RoleClaim"/> says of each role above a user's.</summary>
    public IReadOnlyDictionary<Role, string> RoleNames { get; init; } = new Dictionary<Role, string>();

    public TimeSpan SessionDuration { get; init; } = TimeSpan.FromDays(7);

    public TimeSpan KeysAge { get; init; } = TimeSpan.FromHours(1);

    public int VisitorsPerAddressMax { get; init; } = 10;

    public int NewVisitorsPerMinute { get; init; } = 600;

    public int VisitorUploadsPerMinute { get; init; } = 600;

    const int TextLengthMax = 500;
    const int VisitorsCeiling = 1_000_000;
    const int PerMinuteCeiling = 10_000_000;

    public static IdentitySettings Read(SettingsSection section)
    {
        var defaults = new IdentitySettings();
        var atOnce = section.Applying(Applies.AtOnce);
        var settings = new IdentitySettings
        {
            Authority = section.AddressOrNone(
                "authority",
                "The OIDC authority that accounts come from. Its keys are found by discovery; tokens made with nextup token stay good."),
            Issuer = section.TextOrNone(
                "issuer", TextLengthMax, "What the claim iss of its tokens must be; none is what its discovery says."),
            Audience = section.Text("audience", defaults.Audience, TextLengthMax, "What the claim aud of its tokens must hold."),
            ClientId = section.TextOrNone(
                "clientId", TextLengthMax, "This server's client id there. With it the page offers to sign in (authorization code with "
                + "PKCE); the address to register is /signed-in on this server."),
            ClientSecret = section.Secret("clientSecret", TextLengthMax, "The client's secret, where the authority wants one."),
            Scope = section.Text("scope", defaults.Scope, TextLengthMax, "The scopes asked for at sign-in; openid is needed."),
            NameClaim = section.Text(
                "nameClaim", defaults.NameClaim, TextLengthMax, "The claim that names the account. It must be one that is never given to "
                + "another person. A built-in token for the same name speaks for the same account."),
            RoleClaim = section.Text("roleClaim", defaults.RoleClaim, TextLengthMax, "The claim that holds roles: a text or a list."),
            RoleNames = new Dictionary<Role, string>
            {
                [Role.Worker] = section.Text("workerRole", "nextup-worker", TextLengthMax, "The value that makes a worker."),
                [Role.Operator] = section.Text("operatorRole", "nextup-operator", TextLengthMax, "The value that makes an operator."),
                [Role.Administrator] = section.Text(
                    "administratorRole", "nextup-administrator", TextLengthMax, "The value that makes an administrator."),
            },
            SessionDuration = atOnce.Duration(
                "sessionDuration", defaults.SessionDuration, TimeSpan.FromMinutes(1), TimeSpan.FromDays(90),
                "How long a sign-in on the page is good for."),
            KeysAge = section.Duration(
                "keysAge", defaults.KeysAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1),
                "How old the authority's keys may get before they are asked for again. A key nobody knows is asked for at once."),
            VisitorsPerAddressMax = atOnce.Int(
                "visitorsPerAddressMax", defaults.VisitorsPerAddressMax, 1, VisitorsCeiling,
                "Visitors with unfinished jobs of one kind from one network address (IPv4 /32, IPv6 /64). One who clears their cookies "
                + "counts again. Raise it for a large shared network."),
            NewVisitorsPerMinute = atOnce.Int(
                "newVisitorsPerMinute", defaults.NewVisitorsPerMinute, 1, PerMinuteCeiling,
                "New visitors from one network address in a minute."),
            VisitorUploadsPerMinute = atOnce.Int(
                "visitorUploadsPerMinute", defaults.VisitorUploadsPerMinute, 1, PerMinuteCeiling,
                "Submissions by visitors from one network address in a minute."),
        };
        if (settings.Authority is { Scheme: "http", IsLoopback: false })
            section.Fault("authority", "its address must begin with https://, or be on this machine.");
        if (settings.ClientId is not null && settings.Authority is null)
            section.Fault("clientId", "there is no authority to sign in with; name it in identity.authority.");
        return settings;
    }
}
