namespace NextUp.Storage.Sqlite;

/// <summary>
/// The way from a user to their jobs: those entered in <c>job_user</c>, and the recent ones in memory.
/// </summary>
sealed class UserJobs(Connection connection)
{
    readonly Statement upTo = connection.Prepare(
        "SELECT seq FROM job_user WHERE user_key = ? AND born <= ? ORDER BY born DESC");

    readonly Statement since = connection.Prepare(
        "SELECT seq FROM job_user WHERE user_key = ? AND born BETWEEN ? AND ? ORDER BY born");

    readonly Statement reopened = connection.Prepare("SELECT seq FROM reopened WHERE user_key = ? ORDER BY seq");

    /// <summary>Sequences of the user's jobs that came back after their end, oldest first.</summary>
    public List<long> Reopened(long user)
    {
        var found = new List<long>();
        reopened.With(user);
        while (reopened.Step())
            found.Add(reopened.Long(0));
        reopened.Reset();
        return found;
    }

    /// <summary>Sequences of the user's jobs accepted with this event number or an earlier one, newest first.</summary>
    /// <param name="recent">The user's recent jobs, taken before the database was read. Some may be deleted.</param>
    public IEnumerable<long> UpTo(long user, long born, List<UserJob> recent)
    {
        for (var i = recent.Count - 1; i >= 0; i--)
        {
            if (recent[i].Born <= born)
                yield return recent[i].Sequence;
        }

        try
        {
            upTo.With(user).With(recent.Count > 0 ? Math.Min(born, recent[0].Born - 1) : born);
            while (upTo.Step())
                yield return upTo.Long(0);
        }
        finally
        {
            upTo.Reset();
        }
    }

    /// <summary>Sequences of the user's jobs accepted with this event number or a later one, oldest first.</summary>
    public IEnumerable<long> Since(long user, long born, List<UserJob> recent)
    {
        try
        {
            since.With(user).With(born).With(recent.Count > 0 ? recent[0].Born - 1 : long.MaxValue);
            while (since.Step())
                yield return since.Long(0);
        }
        finally
        {
            since.Reset();
        }

        foreach (var job in recent)
        {
            if (job.Born >= born)
                yield return job.Sequence;
        }
    }
}
