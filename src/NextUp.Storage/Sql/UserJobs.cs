namespace NextUp.Storage.Sql;

/// <summary>
/// The way from a user to their jobs: those entered in <c>job_user</c>, and the recent ones in memory.
/// </summary>
sealed class UserJobs(SqlConnection connection)
{
    const int PageMin = 8;
    const int PageMax = 512;
    const int PageGrowth = 8;

    readonly SqlStatement upTo = connection.Prepare(
        "SELECT seq, born FROM job_user WHERE user_key = ? AND born <= ? ORDER BY born DESC LIMIT ?");

    readonly SqlStatement since = connection.Prepare(
        "SELECT seq, born FROM job_user WHERE user_key = ? AND born >= ? ORDER BY born LIMIT ?");

    readonly SqlStatement reopened = connection.Prepare("SELECT seq FROM reopened WHERE user_key = ? ORDER BY seq");

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
        foreach (var stored in Pages(upTo, user, born, -1))
        {
            // A job may be in both; a job that came from a visitor may be entered before older recent ones.
            while (next >= 0 && recent[next].Born > stored.Born)
                yield return recent[next--].Sequence;
            if (next >= 0 && recent[next].Born == stored.Born)
                yield return recent[next--].Sequence;
            else
                yield return stored.Sequence;
        }

        while (next >= 0)
            yield return recent[next--].Sequence;
    }

    /// <summary>Sequences of the user's jobs accepted with this event number or a later one, oldest first.</summary>
    public IEnumerable<long> Since(long user, long born, List<UserJob> recent)
    {
        var next = 0;
        while (next < recent.Count && recent[next].Born < born)
            next++;
        foreach (var stored in Pages(since, user, born, 1))
        {
            while (next < recent.Count && recent[next].Born < stored.Born)
                yield return recent[next++].Sequence;
            if (next < recent.Count && recent[next].Born == stored.Born)
                yield return recent[next++].Sequence;
            else
                yield return stored.Sequence;
        }

        while (next < recent.Count)
            yield return recent[next++].Sequence;
    }

    /// <summary>
    /// Goes along the user's jobs in pages, small ones first: most who ask need few, and some databases read all of what
    /// they are asked for.
    /// </summary>
    static IEnumerable<UserJob> Pages(SqlStatement statement, long user, long born, int direction)
    {
        for (var size = PageMin; ; size = Math.Min(PageMax, size * PageGrowth))
        {
            var page = new List<UserJob>();
            statement.With(user).With(born).With(size);
            while (statement.Step())
                page.Add(new UserJob(statement.Long(1), statement.Long(0)));
            statement.Reset();
            foreach (var job in page)
                yield return job;
            if (page.Count < size)
                yield break;
            born = page[^1].Born + direction;
        }
    }
}
