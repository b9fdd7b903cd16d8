using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>
/// The database refused. Never leaves the store: it becomes a conflict or a <see cref="StoreFailedException"/>.
/// </summary>
abstract class SqlException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// The changes do not fit what is stored: a constraint, or a row that is not as it was known. Whoever is refused by
    /// itself, on what is stored, conflicts.
    /// </summary>
    public abstract bool IsConflict { get; }

    /// <summary>The database could not be asked; it may be back in a moment.</summary>
    public virtual bool IsAway => false;

    /// <summary>Why, where <see cref="IsConflict"/>.</summary>
    public abstract string Explain();

    public abstract StoreFailedException AsFailure(string path, bool whileCommitting);
}
