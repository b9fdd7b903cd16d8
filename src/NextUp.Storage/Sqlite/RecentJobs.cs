using NextUp.Storage.Sql;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// The jobs that <c>job_user</c>, the way from a user to their jobs, does not hold yet.
/// </summary>
/// <remarks>
/// <para>Entering each job as it is accepted would dirty a page per job, since users follow one another at random: more
/// than all the rest of a job's life. So new jobs are kept here first; when enough have gathered they are sorted by
/// user and entered a few with each commit, where neighbours share a page.</para>
/// <para>Nothing is lost with this memory: the jobs are stored, and <c>entered_through</c> says up to which sequence
/// they are entered, so that a start reads the rest from their rows (<see cref="Load"/>). A job that comes with a lower
/// sequence than that is entered at once. If we die while a batch is being entered, it is entered again.</para>
/// <para>A question takes what is here before it reads the database. A job that is entered in between is then met
/// twice, never not at all; the one from here counts. Jobs appear here after their commit and before it is
/// acknowledged.</para>
/// </remarks>
sealed class RecentJobs(SqlConnection connection, int gatheredMax) : IRecentJobs
{
    /// <summary>Entered with each commit at least; with more accepted jobs, twice as many as those.</summary>
    const int SliceMin = 32;

    readonly SqlStatement readEntered = connection.Prepare("SELECT entered_through FROM store_state");
    readonly SqlStatement writeEntered = connection.Prepare("UPDATE store_state SET entered_through = ?");
    readonly SqlStatement readRest = connection.Prepare("SELECT user_key, born, seq FROM job WHERE seq > ? ORDER BY seq");

    // Takes the row rather than what memory says, so that a job deleted meanwhile is not entered.
    readonly SqlStatement enter = connection.Prepare(
        "INSERT OR IGNORE INTO job_user SELECT user_key, born, seq FROM job WHERE seq = ?");

    readonly SqlStatement drop = connection.Prepare("DELETE FROM job_user WHERE user_key = ? AND born = ?");

    readonly Lock gate = new();
    readonly List<(long User, UserJob Job)> added = [];
    readonly List<(long User, long Born)> left = [];
    Dictionary<long, List<UserJob>> gathering = [];
    Dictionary<long, List<UserJob>> entering = [];
    long[] order = [];
    int gathered, entered, enteredNext;
    long enteredThrough;
    bool isLoaded;

    /// <summary>The jobs of the running transaction, for <see cref="Return"/>.</summary>
    public (int Added, int Left) Mark => (added.Count, left.Count);

    /// <summary>The user's jobs that were committed, by <c>born</c>. For any thread.</summary>
    public List<UserJob> Of(long user)
    {
        var found = new List<UserJob>();
        lock (gate)
        {
            if (entering.TryGetValue(user, out var jobs))
                found.AddRange(jobs);
            if (gathering.TryGetValue(user, out jobs))
                found.AddRange(jobs);
        }

        return found;
    }

    /// <summary>As <see cref="Of"/>, with those of the running transaction. For the writer.</summary>
    public List<UserJob> WithAdded(long user)
    {
        var found = Of(user);
        foreach (var (owner, job) in added)
        {
            if (owner == user)
                found.Add(job);
        }

        return found;
    }

    public void Begin()
    {
        added.Clear();
        left.Clear();
        enteredNext = entered;
        Recall();
    }

    public void Add(long user, UserJob job)
    {
        EnterIfPassed(job.Sequence);
        added.Add((user, job));
    }

    /// <summary>The user's job is about to be another's, which <see cref="Add"/> tells.</summary>
    public void Leave(long user, long born) => left.Add((user, born));

    public void Drop(long user, long born) => drop.With(user).With(born).Later();

    public void Return((int Added, int Left) mark)
    {
        added.RemoveRange(mark.Added, added.Count - mark.Added);
        left.RemoveRange(mark.Left, left.Count - mark.Left);
    }

    /// <summary>Enters the next few, as one of the last things before the commit.</summary>
    public void Write()
    {
        if (order.Length == 0 && gathered >= gatheredMax)
            StartEntering();

        enteredNext = Math.Min(order.Length, entered + Math.Max(SliceMin, 2 * added.Count));
        for (var i = entered; i < enteredNext; i++)
            enter.With(order[i]).Later();
        if (enteredNext == order.Length && order.Length > 0)
            writeEntered.With(enteredThrough).Later();
    }

    public void Committed()
    {
        lock (gate)
        {
            var gone = left.ToLookup(one => one.User, one => one.Born);
            foreach (var user in gone)
            {
                var borns = user.ToHashSet();
                gathered -= Drop(gathering, user.Key, borns);
                Drop(entering, user.Key, borns);
            }

            foreach (var (user, job) in added)
            {
                if (left.Count == 0 || !gone[user].Contains(job.Born))
                    Gather(user, job);
            }

            entered = enteredNext;
            if (entered == order.Length && order.Length > 0)
                (order, entered, enteredNext, entering) = ([], 0, 0, []);
        }
    }

    /// <summary>After a commit that may have failed: what is here is read anew by <see cref="Recall"/>.</summary>
    public void Forget() => isLoaded = false;

    public void Recall()
    {
        if (!isLoaded)
            Load();
    }

    void Load()
    {
        readEntered.Step();
        var through = readEntered.Long(0);
        readEntered.Reset();
        var rest = new List<(long, UserJob)>();
        readRest.With(through);
        while (readRest.Step())
            rest.Add((readRest.Long(0), new UserJob(readRest.Long(1), readRest.Long(2))));
        readRest.Reset();

        lock (gate)
        {
            (order, entered, enteredNext, gathered) = ([], 0, 0, 0);
            (gathering, entering, enteredThrough) = ([], [], through);
            foreach (var (user, job) in rest)
                Gather(user, job);

            // Jobs that came from a visitor are numbered behind younger ones.
            foreach (var jobs in gathering.Values)
                jobs.Sort(static (one, other) => one.Born.CompareTo(other.Born));
        }

        isLoaded = true;
    }

    static int Drop(Dictionary<long, List<UserJob>> from, long user, HashSet<long> borns)
    {
        if (!from.TryGetValue(user, out var jobs))
            return 0;
        var count = jobs.RemoveAll(job => borns.Contains(job.Born));
        if (jobs.Count == 0)
            from.Remove(user);
        return count;
    }

    void StartEntering()
    {
        var batch = gathering
            .SelectMany(of => of.Value.Select(job => (User: of.Key, job.Born, job.Sequence))).ToArray();
        Array.Sort(batch);
        lock (gate)
        {
            (entering, gathering, gathered) = (gathering, [], 0);
            order = Array.ConvertAll(batch, job => job.Sequence);
            enteredThrough = Math.Max(enteredThrough, order.Max());
        }

        // The batch holds committed jobs only; those of the running transaction may lie below the new boundary.
        foreach (var (_, job) in added)
            EnterIfPassed(job.Sequence);
    }

    // A start reads from the boundary on, so a job below it that is not in the batch must be entered with its commit.
    void EnterIfPassed(long sequence)
    {
        if (sequence <= enteredThrough)
            enter.With(sequence).Later();
    }

    void Gather(long user, UserJob job)
    {
        if (!gathering.TryGetValue(user, out var jobs))
            gathering[user] = jobs = new List<UserJob>(1);
        jobs.Add(job);
        gathered++;
    }
}
