using NextUp.Actors.Cleanup;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Simulation;

/// <summary>Jobs that come back after their end, and sweeps that come in between everything else.</summary>
sealed partial class Simulation
{
    /// <summary>Often enough that a world of some minutes sees several sweeps.</summary>
    public static readonly CleanupSettings Cleanup = new() { Interval = TimeSpan.FromSeconds(20) };

    void LookAfter()
    {
        if (_random.Next(8) == 0)
            Call(AnyProcess, host => host.Cleanup.SweepAsync(new(_random.Next(2) == 0, null)).AsTask(), _ => { });
        else
            Retry();
    }

    void Retry()
    {
        if (_checks.AnyJob(_random) is not { } job)
            return;
        var user = _random.Next(8) == 0 ? _users[_random.Next(_users.Length)] : job.User;
        var isByOperator = _random.Next(2) == 0;
        Call(AnyProcess, host => host.User(user).RetryAsync(job.Id, isByOperator).AsTask(), task =>
        {
            if (task is Task<RetryAnswer> { IsCompletedSuccessfully: true, Result: var answer })
                _checks.Retried(user, job, answer, isByOperator);
        });
    }
}
