using NextUp.Actors.Users;

namespace NextUp.HostTests.Simulation;

/// <summary>Visitors sign in.</summary>
sealed partial class Simulation
{
    /// <summary>Mostly one who is still a visitor; at times one who signed in before, and at times to another account.</summary>
    void SignIn()
    {
        var visitor = _random.Next(4) == 0 ? UserId.Visitor($"v{_random.Next(_checks.Adoptions + 1)}") : AnyVisitor;
        var account = _users[_random.Next(_users.Length)];
        Call(AnyProcess, host => host.User(visitor).MoveToAsync(account, subscriptionsMax: 10).AsTask(), task =>
        {
            if (task is Task<AdoptAnswer> { IsCompletedSuccessfully: true, Result: var answer })
                _checks.SignedIn(visitor, account, answer);
        });
    }

    UserId AnyVisitor => UserId.Visitor($"v{_checks.Adoptions + _random.Next(2)}");
}
