namespace NextUp.Storage.Sqlite;

/// <summary>
/// The way from a user to their jobs: those entered in <c>job_user</c>, and the recent ones in memory.
/// </summary>
sealed class UserJobs(Connection connection)
{
    readonly Statement upTo = connection.Prepare(
        "SELECT seq, born FROM job_user WHERE user_key = ? AND born <= ? ORDER BY born DESC");

    readonly Statement since = connection.Prepare(
        "SELECT seq, born FROM job_user WHERE user_key = ? AND born >= ? ORDER BY born");

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
        var next = recent.Count - 1;
        while (next >= 0 && recent[next].Born > born)
            next--;
        try
        {
            var isStored = upTo.With(user).With(born).Step();
            while (next >= 0 || isStored)
            {
                // A job may be in both; a job that came from a visitor may be entered before older recent ones.
                if (isStored && next >= 0 && upTo.Long(1) == recent[next].Born)
                    isStored = upTo.Step();
                if (next >= 0 && !(isStored && upTo.Long(1) > recent[next].Born))
                {
                    yield return recent[next--].Sequence;
                    continue;
                }

                yield return upTo.Long(0);
                isStored = upTo.Step();
            }
        }
        finally
        {
            upTo.Reset();
        }
    }

    /// <summary>Sequences of the user's jobs accepted with this event number or a later one, oldest first.</summary>
    public IEnumerable<long> Since(long user, long born, List<UserJob> recent)
    {
        var next = 0;
        while (next < recent.Count && recent[next].Born < born)
            next++;
        try
        {
            var isStored = since.With(user).With(born).Step();
            while (next < recent.Count || isStored)
            {
                if (isStored && next < recent.Count && since.Long(1) == recent[next].Born)
                    isStored = since.Step();
                if (next < recent.Count && !(isStored && since.Long(1) < recent[next].Born))
                {
                    yield return recent[next++].Sequence;
                    continue;
                }

                yield return since.Long(0);
                isStored = since.Step();
            }
        }
        finally
        {
            since.Reset();
        }
    }
}
