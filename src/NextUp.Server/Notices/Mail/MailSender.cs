using System.Net;
using System.Net.Mail;
using System.Security.Authentication;
using System.Text;
using NextUp.Actors.Notices;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Settings;

namespace NextUp.Server.Notices.Mail;

/// <summary>
/// Mail by SMTP with the client of .NET, which does what is needed here: STARTTLS, authentication, encoded headers, and
/// no line break in any of them. Every mail but the confirmation has a one-click way out (RFC 8058).
/// </summary>
sealed class MailSender(Func<NoticeSettings> settings, NoticeLinks links, TimeProvider clock)
    : INoticeSender
{
    const int SubjectLengthMax = 150;

    /// <summary>RFC 4954, section 6.</summary>
    const int AuthenticationRequired = 530;

    public async Task<SendOutcome> SendAsync(
        NoticeSubscription subscription, Notice notice, CancellationToken cancellationToken)
    {
        // The operator may take the mail server out of the settings; what waits for it waits on.
        var (current, smtp) = (settings(), settings().Smtp);
        if (smtp is null)
            return new SendOutcome.Away(null, "This server sends no mail (notices.smtp).");
        using var mail = Compose(smtp, subscription, notice);
        using var client = new SmtpClient(smtp.Host, smtp.Port) { EnableSsl = smtp.StartTls };
        if (smtp.User is not null)
            client.Credentials = new NetworkCredential(smtp.User, smtp.Password);
        using var late = new CancellationTokenSource(current.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await client.SendMailAsync(mail, either.Token);
            return new SendOutcome.Delivered((int)SmtpStatusCode.Ok, "The mail server has taken it.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendOutcome.Away(null, $"No answer within {current.Timeout.TotalSeconds:0} seconds.");
        }
        catch (SmtpFailedRecipientException refused) when ((int)refused.StatusCode >= 500)
        {
            return new SendOutcome.Gone((int)refused.StatusCode, NoticeWords.Clean(refused.Message));
        }
        catch (SmtpException error)
        {
            return Away(error);
        }
    }

    /// <summary>The server's own address and what it is made of are the operator's.</summary>
    static SendOutcome.Away Away(SmtpException error)
    {
        int? status = (int)error.StatusCode > 0 ? (int)error.StatusCode : null;
        return new(status, status switch
        {
            // .NET goes on without authentication where it fails, so this is heard, not 535; and its own name for 530 is
            // another thing: STARTTLS is not left out where it is offered and wanted.
            AuthenticationRequired =>
                "The mail server does not take mail from this server: its user and password are wrong or missing.",
            null when error.InnerException is AuthenticationException => "The mail server's certificate is not trusted.",
            null => "The mail server could not be reached.",
            _ => $"The mail server did not take it ({error.StatusCode}).",
        });
    }

    MailMessage Compose(SmtpSettings smtp, NoticeSubscription subscription, Notice notice)
    {
        var (subject, text) = notice.Type == NoticeType.Confirm ? Confirmation(subscription) : Told(notice, subscription);
        var mail = new MailMessage(smtp.From, new MailAddress(subscription.Target))
        {
            Subject = NoticeWords.Shortened(NoticeWords.Clean(subject), SubjectLengthMax),
            SubjectEncoding = Encoding.UTF8,
            Body = text,
            BodyEncoding = Encoding.UTF8,
            IsBodyHtml = false,
        };

        // The same at every attempt, so that mail programs drop doubles.
        mail.Headers.Add("Message-ID", $"<{notice.Id}@{smtp.From.Host}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        if (notice.Type != NoticeType.Confirm)
        {
            mail.Headers.Add("List-Unsubscribe", $"<{links.Unsubscribe(subscription.Id)}>");
            mail.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        return mail;
    }

    (string Subject, string Text) Confirmation(NoticeSubscription subscription) => (
        "Confirm that NextUp may write to you",
        $"""
        Somebody with an account at {settings().PublicAddress} wants notices about their jobs sent to this address.

        If that is you, open this page within two days and confirm it:

        {links.Confirm(subscription.Id)}

        If it is not, do nothing: no other mail will come.
        """);

    (string Subject, string Text) Told(Notice notice, NoticeSubscription subscription)
    {
        var text = new StringBuilder(NoticeWords.Sentence(notice)).Append("\n\n");
        if (NoticeLinks.JobPage(settings(), notice) is { } page)
            text.Append("See it: ").Append(page).Append("\n\n");
        text.Append("-- \nNo more of these: ").Append(links.Unsubscribe(subscription.Id)).Append('\n');
        return ($"NextUp: {NoticeWords.Title(notice)}", text.ToString());
    }
}
