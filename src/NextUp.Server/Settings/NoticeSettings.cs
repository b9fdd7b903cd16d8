using System.Net.Mail;

namespace NextUp.Server.Settings;

/// <summary>The section <c>notices</c>: how users are told of their jobs outside the page.</summary>
sealed record NoticeSettings
{
    const int TextLengthMax = 1_000;

    /// <summary>The server as the world reaches it, for links in mail; null where nobody said.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>
    /// Whether receivers may be at loopback and private addresses. Off, nobody can make the server call what only the
    /// server can reach.
    /// </summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>Whether receivers may be reached without TLS.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Whom push services may write to about their traffic; a mail address.</summary>
    public string? Mailto { get; init; }

    public int SubscriptionsPerUserMax { get; init; } = 10;

    /// <summary>Of all users; each takes some 100 bytes of memory.</summary>
    public int SubscriptionsMax { get; init; } = 100_000;

    /// <summary>Deliveries under way at once; a quarter of them is for receivers whose last attempt failed.</summary>
    public int DeliveriesAtOnce { get; init; } = 32;

    public int DeliveriesPerUserAtOnce { get; init; } = 4;

    /// <summary>How long one attempt may take. The standard suggests 15 to 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    public int AttemptsMax { get; init; } = 10;

    /// <summary>After this span a notice is given up, and its subscription disabled, whatever the attempts.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(96);

    /// <summary>The largest body, in bytes. The standard suggests less than 20 kB.</summary>
    public int PayloadBytesMax { get; init; } = 20_000;

    /// <summary>How long what was delivered or given up is kept for its user to see and replay.</summary>
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Null: no mail.</summary>
    public SmtpSettings? Smtp { get; init; }

    public static NoticeSettings Read(SettingsSection section)
    {
        var settings = ReadLimits(section, new NoticeSettings
        {
            PublicAddress = section.AddressOrNone(
                "publicAddress", "The server as the world reaches it, for links in mail and chats; mail needs it."),
            AllowPrivateAddresses = section.Bool(
                "allowPrivateAddresses", false,
                "Whether receivers may be on this machine or in private networks. Off, users cannot make the server call "
                + "what only it can reach."),
            AllowHttp = section.Bool("allowHttp", false, "Whether receivers may be reached without TLS."),
            Mailto = section.TextOrNone(
                "mailto", TextLengthMax, "The operator's mail address, told to browsers' push services."),
            Smtp = SmtpSettings.Read(section.Section("smtp", "Who takes the mail; without a host there is no mail.")),
        });
        if (settings.Smtp is not null && settings.PublicAddress is null)
        {
            section.Fault(
                "notices.publicAddress is missing: mail has links to this server in it. Say how the world reaches it, "
                + "for example \"https://queue.example.org\".");
        }

        if (settings.Mailto is { } mailto && !MailAddress.TryCreate(mailto, out _))
            section.Fault("mailto", "it must be a mail address.");
        return settings;
    }

    static NoticeSettings ReadLimits(SettingsSection section, NoticeSettings defaults) => defaults with
    {
        SubscriptionsPerUserMax = section.Int(
            "subscriptionsPerUserMax", defaults.SubscriptionsPerUserMax, 0, 1_000, "Subscriptions of one user."),
        SubscriptionsMax = section.Int(
            "subscriptionsMax", defaults.SubscriptionsMax, 0, 1_000_000,
            "Subscriptions of all users; each takes some 100 bytes of memory."),
        DeliveriesAtOnce = section.Applying(Applies.AtRestart).Int(
            "deliveriesAtOnce", defaults.DeliveriesAtOnce, 2, 1_000,
            "Deliveries under way at once; a quarter is for receivers whose last attempt failed."),
        DeliveriesPerUserAtOnce = section.Applying(Applies.AtRestart).Int(
            "deliveriesPerUserAtOnce", defaults.DeliveriesPerUserAtOnce, 1, 100, "Of these, how many of one user."),
        Timeout = section.Duration(
            "timeout", defaults.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1),
            "How long one attempt may take."),
        AttemptsMax = section.Int(
            "attemptsMax", defaults.AttemptsMax, 1, 50,
            "Attempts before a notice is given up and its subscription disabled."),
        GiveUpAfter = section.Duration(
            "giveUpAfter", defaults.GiveUpAfter, TimeSpan.FromHours(1), TimeSpan.FromDays(30), "The same by time."),
        PayloadBytesMax = (int)section.Bytes(
            "payloadBytesMax", defaults.PayloadBytesMax, 2_000, 1_000_000,
            "The largest body of a webhook; where it would be larger, it says less."),
        Kept = section.Duration(
            "kept", defaults.Kept, TimeSpan.FromDays(1), TimeSpan.FromDays(365),
            "How long what was delivered or given up can be seen and replayed."),
    };
}

/// <summary>The section <c>notices.smtp</c>: who takes the mail.</summary>
/// <param name="StartTls">Whether the connection must be encrypted before anything is said on it.</param>
/// <param name="User">Null: no authentication.</param>
sealed record SmtpSettings(
    string Host, int Port, bool StartTls, string? User, string? Password, MailAddress From)
{
    const int TextLengthMax = 1_000;

    public static SmtpSettings? Read(SettingsSection section)
    {
        var host = section.TextOrNone("host", TextLengthMax, "The mail server.");
        var port = section.Int("port", 587, 1, 65_535, "Its port.");
        var startTls = section.Bool("startTls", true, "Whether the connection must be encrypted (STARTTLS).");
        var user = section.TextOrNone("user", TextLengthMax, "For authentication (AUTH LOGIN), with the password; or neither.");
        var password = section.Secret("password", TextLengthMax, "For authentication; never printed.");
        var from = section.TextOrNone(
            "from", TextLengthMax, "Whom notices come from, for example NextUp <nextup@example.org>.");
        if (host is null)
        {
            if (user is not null || password is not null || from is not null)
                section.Fault("notices.smtp.host is missing: name the mail server, or leave out notices.smtp.");
            return null;
        }

        if (user is null != password is null)
            section.Fault("notices.smtp has one of user and password: give both, or none.");
        if (MailAddress.TryCreate(from, out var address))
            return new(host, port, startTls, user, password, address);

        section.Fault(
            "notices.smtp.from must be the mail address that notices come from, for example "
            + "\"NextUp <nextup@example.org>\".");
        return null;
    }
}
