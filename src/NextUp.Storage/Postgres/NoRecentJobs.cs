using NextUp.Storage.Sql;

namespace NextUp.Storage.Postgres;

/// <summary>Nothing gathers: here the job's own row is the way from its user to it.</summary>
sealed class NoRecentJobs : IRecentJobs
{
    public (int Added, int Left) Mark => default;

    public List<UserJob> Of(long user) => [];

    public List<UserJob> WithAdded(long user) => [];

    public void Begin()
    {
    }

    public void Add(long user, UserJob job)
    {
    }

    public void Leave(long user, long born)
    {
    }

    public void Drop(long user, long born)
    {
    }

    public void Return((int Added, int Left) mark)
    {
    }

    public void Write()
    {
    }

    public void Committed()
    {
    }

    public void Forget()
    {
    }

    public void Recall()
    {
    }
}
