using NextUp.Actors.Users;

namespace NextUp.Server.Notices.Mail;

/// <summary>
/// How many confirmations may be asked for: so many a day of one account, and to one address whoever asks, so that the
/// server cannot be used to pester people.
/// </summary>
sealed class ConfirmationBudget(TimeProvider clock)
{
    public const int PerUserMax = 10;

    public const int PerAddressMax = 3;

    readonly Allowance _allowance = new(clock, TimeSpan.FromDays(1));

    /// <summary>Takes one; false where there is none left today.</summary>
    public bool TryTake(UserId user, string address) => _allowance.TryTake(
        ($"user {user.Value}", PerUserMax), ($"address {address.ToUpperInvariant()}", PerAddressMax));
}
