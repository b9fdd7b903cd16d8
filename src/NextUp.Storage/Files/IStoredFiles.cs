using NextUp.Actors.Store;

namespace NextUp.Storage.Files;

/// <summary>Files as their owner keeps them: what processes that died left behind can be found and removed.</summary>
public interface IStoredFiles : IFileStore
{
    /// <summary>
    /// Removes what uploads of a process that died left half. Called by the process that owns the files and before it
    /// takes uploads: another's unfinished ones look the same.
    /// </summary>
    void RemoveLeftovers();

    /// <summary>
    /// Removes files that nothing names and that were last written before <paramref name="olderThan"/>; younger ones
    /// may be waiting for their commit.
    /// </summary>
    /// <param name="isNamed">Whether a stored row names the file.</param>
    /// <returns>How many were removed.</returns>
    Task<int> SweepAsync(
        DateTimeOffset olderThan, Func<string, Task<bool>> isNamed, CancellationToken cancellationToken);

    /// <summary>Removes files whose rows are gone, by their paths.</summary>
    void Remove(IReadOnlyList<string> paths);
}
