using NextUp.Client.Wire;

namespace NextUp.Server.Operations;

/// <summary>The refusals about notices.</summary>
static partial class Problems
{
    public static Problem NoticeNotFound(string id) =>
        Make(404, ProblemCodes.NoticeNotFound, "There is no such subscription", $"You have no subscription \"{Shown(id)}\".");

    public static Problem DeliveryNotFound(string id) =>
        Make(404, ProblemCodes.NoticeNotFound, "There is no such delivery",
            $"This subscription has no delivery \"{Shown(id)}\". Old ones are deleted after some days.");

    public static Problem NoticeExists() =>
        Make(409, ProblemCodes.NoticeExists, "You have this subscription already",
            "There is a subscription of yours with this channel and target. Change that one, or delete it first.");

    public static Problem NoticeLimitReached(int perUserMax) =>
        Make(429, ProblemCodes.NoticeLimitReached, "No more subscriptions",
            $"You may have {perUserMax} subscriptions. Delete one first.");

    public static Problem NoticesFull() =>
        Make(429, ProblemCodes.NoticeLimitReached, "No more subscriptions",
            "This server has as many subscriptions as it takes (notices.subscriptionsMax). Ask its operator.");

    public static Problem TooManyConfirmations() =>
        Make(429, ProblemCodes.NoticeLimitReached, "Too many confirmations",
            "So many confirmations were sent to this address, or asked for by you, that no more are sent today. Look into "
            + "your mail, or try again tomorrow.");

    public static Problem TooManyTrials(int perMinuteMax) =>
        Make(429, ProblemCodes.NoticeLimitReached, "Too many trials",
            $"You may send {perMinuteMax} trials and replays within a minute. Try again in a minute.") with
        {
            RetryAfterSeconds = 60,
        };

    /// <param name="reason">A sentence with the way out.</param>
    public static Problem UnfitNotice(string reason) =>
        Make(422, ProblemCodes.UnfitNotice, "This cannot be subscribed to", reason);

    public static Problem NoticeInTheWay(string reason) =>
        Make(409, ProblemCodes.NoticeInTheWay, "This cannot be done now", reason);
}
