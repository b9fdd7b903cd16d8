using NextUp.Actors.Users;

namespace NextUp.Server.Notices.Delivery;

/// <summary>
/// How many deliveries are under way: in all, of one user, and to receivers whose last attempt failed. The last have a
/// quarter of all to themselves and no more, so that receivers that hang never delay those that answer.
/// </summary>
sealed class DeliveryGates : IDisposable
{
    readonly SemaphoreSlim _healthy;
    readonly SemaphoreSlim _failing;
    readonly int _perUserMax;
    readonly Dictionary<UserId, UserGate> _users = [];

    public DeliveryGates(int atOnce, int perUserMax)
    {
        var failing = Math.Max(1, atOnce / 4);
        (_healthy, _failing, _perUserMax) = (new(atOnce - failing), new(failing), perUserMax);
    }

    /// <summary>Waits for a turn; it is over when the answer is disposed of.</summary>
    public async Task<IDisposable> EnterAsync(UserId user, bool isFailing, CancellationToken cancellationToken)
    {
        var own = Take(user);
        try
        {
            await own.Turns.WaitAsync(cancellationToken);
        }
        catch
        {
            Return(user, own);
            throw;
        }

        var gate = isFailing ? _failing : _healthy;
        try
        {
            await gate.WaitAsync(cancellationToken);
        }
        catch
        {
            own.Turns.Release();
            Return(user, own);
            throw;
        }

        return new Turn(this, user, own, gate);
    }

    public void Dispose()
    {
        _healthy.Dispose();
        _failing.Dispose();
    }

    UserGate Take(UserId user)
    {
        lock (_users)
        {
            if (!_users.TryGetValue(user, out var gate))
                _users[user] = gate = new UserGate(new SemaphoreSlim(_perUserMax));
            gate.Waiting++;
            return gate;
        }
    }

    void Return(UserId user, UserGate gate)
    {
        lock (_users)
        {
            if (--gate.Waiting == 0)
                _users.Remove(user);
        }
    }

    sealed class UserGate(SemaphoreSlim turns)
    {
        public SemaphoreSlim Turns { get; } = turns;

        /// <summary>Those that have a turn or wait for one.</summary>
        public int Waiting { get; set; }
    }

    sealed class Turn(DeliveryGates gates, UserId user, UserGate own, SemaphoreSlim gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Release();
            own.Turns.Release();
            gates.Return(user, own);
        }
    }
}
