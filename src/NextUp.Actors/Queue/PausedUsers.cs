using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.Actors.Queue;

/// <summary>
/// The jobs of paused users: they are out of the line, so that they hold up nobody, and keep their keys, so that they
/// stand where they stood when their user goes on. A job that waits for a time stays in the delay line and is only noted.
/// </summary>
sealed class PausedUsers
{
    readonly Dictionary<UserId, Dictionary<LineKey, JobKind?>> _users = [];
    readonly Dictionary<LineKey, UserId> _owners = [];

    public bool IsEmpty => _users.Count == 0;

    public int Count => _users.Count;

    /// <summary>Jobs that are kept here.</summary>
    public int JobsCount { get; private set; }

    public bool Has(UserId user) => _users.ContainsKey(user);

    public void Pause(UserId user) => _users.TryAdd(user, []);

    /// <summary>The user's jobs that stand here, which enter the line again.</summary>
    public IReadOnlyList<(JobKind Kind, LineKey Key)> Resume(UserId user)
    {
        List<(JobKind, LineKey)> jobs = [];
        if (!_users.Remove(user, out var own))
            return jobs;
        foreach (var (key, kind) in own)
        {
            _owners.Remove(key);
            if (kind is not { } kept)
                continue;
            JobsCount--;
            jobs.Add((kept, key));
        }

        return jobs;
    }

    public UserId? OwnerOf(LineKey key) => _owners.TryGetValue(key, out var user) ? user : null;

    public bool Contains(LineKey key) => _owners.TryGetValue(key, out var user) && _users[user][key] is not null;

    /// <summary>Keeps a job of a paused user.</summary>
    public void Keep(UserId user, JobKind kind, LineKey key)
    {
        if (!Contains(key))
            JobsCount++;
        _users[user][key] = kind;
        _owners[key] = user;
    }

    /// <summary>A job of a paused user waits for a time and comes here then.</summary>
    public void Note(UserId user, LineKey key)
    {
        _users[user].TryAdd(key, null);
        _owners[key] = user;
    }

    /// <summary>True where the job was kept here; a note of it goes, too.</summary>
    public bool Remove(LineKey key)
    {
        if (!_owners.Remove(key, out var user) || !_users[user].Remove(key, out var kind) || kind is null)
            return false;
        JobsCount--;
        return true;
    }
}
