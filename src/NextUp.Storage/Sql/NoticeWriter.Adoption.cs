namespace NextUp.Storage.Sql;

/// <summary>A visitor signs in, and what tells them goes on telling them.</summary>
sealed partial class NoticeWriter
{
    /// <summary>
    /// The visitor's subscriptions become the account's, the oldest first, as far as it may have more; the others stay
    /// behind. Nobody is told by those any more, so their notices go: a job that is the account's now could not take them
    /// along when it is deleted.
    /// </summary>
    public void Adopt(long visitor, long account, int max)
    {
        foreach (var subscriber in book.Of(visitor).ToArray())
        {
            Noticed.Add(subscriber.Id);
            if (StaysBehind(subscriber, account, max) is { } reason)
            {
                deleteAttemptsOfSubscription.With(subscriber.Key).Later();
                deleteOfSubscription.With(subscriber.Key).Later();
                Disable(subscriber.Key, reason);
                continue;
            }

            moveSubscription.With(account).With(subscriber.Key).Later();
            book.Remove(visitor, subscriber.Key);
            book.Set(account, subscriber);
        }
    }

    string? StaysBehind(Subscriber subscriber, long account, int max)
    {
        var isThere = findSameTarget.With(account).With(subscriber.Key).Step();
        findSameTarget.Reset();
        return isThere ? "The account that you signed in to is told there already."
            : book.Of(account).Length < max ? null
            : $"The account that you signed in to has {book.Of(account).Length} ways of being told, as many as it may have.";
    }
}
