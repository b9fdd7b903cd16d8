using System.Net;
using System.Net.Http.Json;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Users;
using NextUp.Client.Notices;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Notices;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Notices.Mail;
using NextUp.Server.Settings;

namespace NextUp.EndToEndTests.Notices;

/// <summary>Mail, by a small mail server of the tests' own.</summary>
public sealed partial class MailTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Nothing_is_mailed_before_the_address_is_confirmed_nor_after_it_is_unsubscribed()
    {
        await using var smtp = new SmtpReceiver();
        await using var server = await ServerProcess.StartAsync($$"""
            {"bibtex":{"providers":["catalogue"]},"notices":{"publicAddress":"https://queue.example.org",
             "smtp":{"host":"127.0.0.1","port":{{smtp.Port}},"startTls":false,"from":"NextUp <nextup@example.org>"} } }
            """);
        using var ann = server.Account("ann");
        using var anyone = server.Nobody();
        using var added = await ann.PostAsJsonAsync(
            "/api/v1/notices", new NoticeWish("mail", "ann@example.org", ["completed"]), NoticeJson.Wire.NoticeWish);
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var subscription = (await added.Content.ReadFromJsonAsync(NoticeJson.Wire.NoticeSubscriptionView))!;
        Assert.Equal("unconfirmed", subscription.State);
        await Eventually.IsTrueAsync(() => smtp.Mails.Count == 1);
        await ann.FinishedAsync((await ann.SubmittedAsync("early.bib")).Id);
        using var forced = await ann.PatchAsJsonAsync(
            $"/api/v1/notices/{subscription.Id}", new NoticeAmendment(State: "active"), NoticeJson.Wire.NoticeAmendment);
        await forced.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.NoticeInTheWay);

        var confirmation = smtp.Mails.First();
        Assert.Equal(["ann@example.org"], confirmation.To);
        var confirm = Link().Match(confirmation.Body).Value["https://queue.example.org".Length..];
        Assert.Contains("<form method=\"post\">", await anyone.GetStringAsync(confirm), StringComparison.Ordinal);
        Assert.Equal("unconfirmed", (await GetAsync(ann, subscription.Id)).State);
        using (var confirmed = await anyone.PostAsync(confirm, null))
            Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        await ann.FinishedAsync((await ann.SubmittedAsync("later.bib")).Id);
        await Eventually.IsTrueAsync(() => smtp.Mails.Count == 2);

        var told = smtp.Mails.Last();
        Assert.Equal("NextUp: \"later.bib\" is completed", told.Header("Subject"));
        Assert.Equal("List-Unsubscribe=One-Click", told.Header("List-Unsubscribe-Post"));
        var unsubscribe = told.Header("List-Unsubscribe")!.Trim('<', '>')["https://queue.example.org".Length..];
        using (var oneClick = await anyone.PostAsync(unsubscribe, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")])))
            Assert.Equal(HttpStatusCode.OK, oneClick.StatusCode);
        using var gone = await ann.GetAsync($"/api/v1/notices/{subscription.Id}");
        await gone.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NoticeNotFound);
        using var lost = await anyone.PostAsync(confirm, null);
        Assert.Equal(HttpStatusCode.NotFound, lost.StatusCode);
        Assert.DoesNotContain(smtp.Mails, mail => mail.Body.Contains("early.bib", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_name_cannot_add_a_header_or_a_recipient()
    {
        await using var smtp = new SmtpReceiver();

        await SendAsync(smtp, "a\r\nBcc: eve@example.org\r\n\r\nhello é.bib", reason: "x\r\n.\r\nMAIL FROM:<eve@example.org>");

        var mail = Assert.Single(smtp.Mails);
        Assert.Equal(["ann@example.org"], mail.To);
        Assert.Null(mail.Header("Bcc"));
        Assert.Single(smtp.Commands, command => command.StartsWith("MAIL FROM", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_attempt_has_the_same_message_id()
    {
        await using var smtp = new SmtpReceiver();
        await SendAsync(smtp);
        await SendAsync(smtp);

        Assert.Matches("^<msg_[0-9a-f]{32}@example.org>$", Assert.Single(smtp.Mails.Select(mail => mail.Header("Message-ID")).Distinct()));
    }

    [Fact]
    public async Task A_recipient_that_is_not_known_is_gone_and_one_that_is_busy_is_not()
    {
        await using var smtp = new SmtpReceiver();
        smtp.Recipient = _ => "550 no such user";
        Assert.IsType<SendOutcome.Gone>(await SendAsync(smtp));
        smtp.Recipient = _ => "451 later";
        Assert.IsType<SendOutcome.Away>(await SendAsync(smtp));
    }

    [Fact]
    public async Task Where_encryption_is_demanded_nothing_is_said_to_a_server_without_it()
    {
        await using var smtp = new SmtpReceiver();

        Assert.IsType<SendOutcome.Away>(await SendAsync(smtp, startTls: true));

        Assert.Empty(smtp.Mails);
        Assert.DoesNotContain(smtp.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mail_goes_encrypted_and_after_authentication_where_the_settings_say_so()
    {
        using var certificate = OwnCertificate();
        await using var smtp = new SmtpReceiver { Certificate = certificate, Login = ("nextup", "pässword") };
        var trust = Path.Combine(Directory.CreateTempSubdirectory("nextup-e2e-").FullName, "trusted.pem");
        await File.WriteAllTextAsync(trust, certificate.ExportCertificatePem());
        await using var server = await ServerProcess.StartAsync(
            $$"""
            {"bibtex":{"providers":["catalogue"]},"notices":{"publicAddress":"https://queue.example.org",
             "smtp":{"host":"127.0.0.1","port":{{smtp.Port}},"user":"nextup","password":"pässword",
              "from":"NextUp <nextup@example.org>"} } }
            """,
            environment: new Dictionary<string, string> { ["SSL_CERT_FILE"] = trust });
        using var ann = server.Account("ann");

        using var added = await ann.PostAsJsonAsync(
            "/api/v1/notices", new NoticeWish("mail", "ann@example.org", ["completed"]), NoticeJson.Wire.NoticeWish);

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        await Eventually.IsTrueAsync(() => smtp.Mails.Count == 1);
        Assert.Equal(["ann@example.org"], smtp.Mails.First().To);
        Assert.All(smtp.Plain, command => Assert.Matches("^(EHLO .*|STARTTLS)$", command));
        Directory.Delete(Path.GetDirectoryName(trust)!, recursive: true);
    }

    [Fact]
    public async Task To_a_mail_server_that_nobody_vouches_for_nothing_is_said()
    {
        using var certificate = OwnCertificate();
        await using var smtp = new SmtpReceiver { Certificate = certificate, Login = ("nextup", "secret") };

        var outcome = Assert.IsType<SendOutcome.Away>(await SendAsync(
            new SmtpSettings("127.0.0.1", smtp.Port, true, "nextup", "secret", new MailAddress("nextup@example.org"))));

        Assert.Equal("The mail server's certificate is not trusted.", outcome.Answer);
        Assert.All(smtp.Commands, command => Assert.Matches("^(EHLO .*|STARTTLS)$", command));
    }

    [Theory]
    [InlineData("nextup", "wrong")]
    [InlineData(null, null)]
    public async Task A_mail_server_that_does_not_know_us_is_away_and_the_outcome_says_why(string? user, string? password)
    {
        await using var smtp = new SmtpReceiver { Login = ("nextup", "secret") };

        var outcome = Assert.IsType<SendOutcome.Away>(await SendAsync(
            new SmtpSettings("127.0.0.1", smtp.Port, false, user, password, new MailAddress("nextup@example.org"))));

        Assert.Equal("The mail server does not take mail from this server: its user and password are wrong or missing.", outcome.Answer);
        Assert.Empty(smtp.Mails);
    }

    [Fact]
    public async Task A_mail_server_that_is_away_is_an_outcome()
    {
        var smtp = new SmtpReceiver();
        await smtp.DisposeAsync();

        Assert.IsType<SendOutcome.Away>(await SendAsync(new SmtpSettings(
            "127.0.0.1", 1, false, null, null, new MailAddress("nextup@example.org"))));
    }

    static Task<SendOutcome> SendAsync(
        SmtpReceiver smtp, string fileName = "a.bib", string? reason = null, bool startTls = false) => SendAsync(
        new SmtpSettings("127.0.0.1", smtp.Port, startTls, null, null, new MailAddress("nextup@example.org")), fileName, reason);

    static async Task<SendOutcome> SendAsync(SmtpSettings smtp, string fileName = "a.bib", string? reason = null)
    {
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        try
        {
            var settings = new NoticeSettings { PublicAddress = new Uri("https://queue.example.org"), Smtp = smtp };
            var links = new NoticeLinks(folder, () => settings, TimeProvider.System);
            var id = new SubscriptionId(new Guid("01900000-0000-7000-8000-000000000001"));
            var job = new NoticeJob(
                new JobSequence(1), new JobId(Guid.Empty), new JobKind("bibtex"), fileName, 1, reason, null);
            return await new MailSender(() => settings, links, TimeProvider.System).SendAsync(
                new NoticeSubscription
                {
                    Id = id, User = UserId.Account("ann"), Channel = NoticeChannel.Mail, Target = "ann@example.org",
                    Events = NoticeEvents.All, State = SubscriptionState.Active, Secret = "", CreatedAt = Noon,
                },
                new Notice
                {
                    Id = NoticeId.Of(id, UserId.Account("ann"), 1), Subscription = id, Type = NoticeType.Failed, At = Noon, DueAt = Noon,
                    Since = Noon, Job = job,
                },
                CancellationToken.None);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A certificate for this machine that only itself vouches for.</summary>
    static X509Certificate2 OwnCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=mail.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    static async Task<NoticeSubscriptionView> GetAsync(HttpClient client, string id) =>
        (await client.GetFromJsonAsync($"/api/v1/notices/{id}", NoticeJson.Wire.NoticeSubscriptionView))!;

    [GeneratedRegex(@"https://queue\.example\.org/notices/confirm/\S+")]
    private static partial Regex Link();
}
