namespace NextUp.Storage.Sql;

/// <param name="Born">See the column of that name.</param>
readonly record struct UserJob(long Born, long Sequence);

/// <summary>Jobs that the table from users to their jobs does not hold yet, where a store lets them gather.</summary>
interface IRecentJobs
{
    /// <summary>The jobs of the running transaction, for <see cref="Return"/>.</summary>
    (int Added, int Left) Mark { get; }

    /// <summary>The user's jobs that were committed, by <c>born</c>. For any thread.</summary>
    List<UserJob> Of(long user);

    /// <summary>As <see cref="Of"/>, with those of the running transaction. For the writer.</summary>
    List<UserJob> WithAdded(long user);

    void Begin();

    void Add(long user, UserJob job);

    /// <summary>The user's job is about to be another's, which <see cref="Add"/> tells.</summary>
    void Leave(long user, long born);

    /// <summary>The user's job is not theirs any more: it is deleted, or about to be another's.</summary>
    void Drop(long user, long born);

    void Return((int Added, int Left) mark);

    /// <summary>One of the last things before the commit.</summary>
    void Write();

    void Committed();

    /// <summary>After a commit that may have failed.</summary>
    void Forget();

    void Recall();
}
