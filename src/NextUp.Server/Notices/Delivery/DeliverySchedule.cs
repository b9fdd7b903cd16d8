using NextUp.Actors.Notices;
using NextUp.Actors.Store;
using NextUp.Server.Settings;

namespace NextUp.Server.Notices.Delivery;

/// <summary>
/// What follows an attempt: the standard's example schedule (Standard Webhooks 1.0.0, "Deliverability and
/// reliability"), each delay drawn from a tenth below to a tenth above.
/// </summary>
sealed class DeliverySchedule(Func<NoticeSettings> settings, Random random)
{
    /// <summary>The longest wait that a receiver may ask for with Retry-After.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(24);

    /// <summary>Waits before the second, the third ... attempt; the last one holds for all further ones.</summary>
    static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>The change that notes the attempt and says what is next.</summary>
    /// <param name="began">When the attempt began.</param>
    /// <param name="now">When it was over.</param>
    public NoticeChange.Attempted After(
        Notice notice, int attemptNumber, SendOutcome outcome, DateTimeOffset began, DateTimeOffset now)
    {
        var answer = outcome.Answer.Length <= NoticeAttempt.AnswerLengthMax
            ? outcome.Answer : outcome.Answer[..NoticeAttempt.AnswerLengthMax];
        var attempted = new NoticeChange.Attempted(
            notice.Id, notice.Attempts, new NoticeAttempt(attemptNumber, began, outcome.Status, answer, now - began),
            NoticeState.GivenUp, now, Holds: false);
        if (outcome is SendOutcome.Delivered)
            return attempted with { To = NoticeState.Delivered };
        if (outcome is SendOutcome.Gone)
            return attempted with { Disable = $"The receiver is gone for good ({Said(outcome)})." };
        if (notice.Type == NoticeType.Test)
            return attempted; // Somebody looks at it now; tomorrow nobody does.

        var made = notice.Attempts + 1;
        var delay = Delays[Math.Min(made, Delays.Length) - 1] * (0.9 + (0.2 * random.NextDouble()));
        if (outcome is SendOutcome.Away { RetryAfter: { } asked } && asked > delay)
            delay = asked < RetryAfterMax ? asked : RetryAfterMax;
        var due = now + delay;
        if (made >= settings().AttemptsMax || due - notice.Since > settings().GiveUpAfter)
        {
            return attempted with
            {
                Disable = $"A notice could not be delivered in {Attempts(made)}; the last answer was: {Said(outcome)}. "
                    + "Mend the receiver, then activate this again.",
            };
        }

        return attempted with { To = NoticeState.Waiting, DueAt = due, Holds = outcome is SendOutcome.Away };
    }

    /// <summary>Whether the notice is too old for another attempt, because its subscription was stopped meanwhile.</summary>
    public bool IsTooOld(Notice notice, DateTimeOffset now) =>
        notice.Type < NoticeType.Test && now - notice.Since > settings().GiveUpAfter;

    static string Attempts(int made) => made == 1 ? "one attempt" : $"{made} attempts";

    static string Said(SendOutcome outcome)
    {
        const int shownMax = 120;
        var answer = outcome.Answer.Length <= shownMax ? outcome.Answer : outcome.Answer[..shownMax] + "...";
        return outcome.Status is { } status ? $"{status} {answer}".TrimEnd() : answer;
    }
}
