using NextUp.Actors.Users;

namespace NextUp.Server.Notices.Mail;

/// <summary>
/// How many confirmations may be asked for: so many a day of one account, and to one address whoever asks, so that the
/// server cannot be used to pester people. Kept in memory; a restart begins anew.
/// </summary>
sealed class ConfirmationBudget(TimeProvider clock)
{
    public const int PerUserMax = 10;

    public const int PerAddressMax = 3;

    /// <summary>Accounts and addresses that are remembered within a day; past it nobody gets more.</summary>
    const int RememberedMax = 100_000;

    static readonly TimeSpan Window = TimeSpan.FromDays(1);

    readonly Lock _gate = new();
    readonly Dictionary<string, int> _spent = [];
    DateTimeOffset _began;

    /// <summary>Takes one; false where there is none left today.</summary>
    public bool TryTake(UserId user, string address)
    {
        var (ofUser, ofAddress) = ("u " + user.Value, "a " + address.ToUpperInvariant());
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (now - _began >= Window)
            {
                _spent.Clear();
                _began = now;
            }

            if (_spent.GetValueOrDefault(ofUser) >= PerUserMax || _spent.GetValueOrDefault(ofAddress) >= PerAddressMax
                || _spent.Count >= RememberedMax)
                return false;

            _spent[ofUser] = _spent.GetValueOrDefault(ofUser) + 1;
            _spent[ofAddress] = _spent.GetValueOrDefault(ofAddress) + 1;
            return true;
        }
    }
}
