using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>What the estimate learned rides in the queue's own writes.</summary>
sealed partial class ChangeWriter
{
    readonly SqlStatement saveLearned = connection.Prepare(
        "INSERT INTO learned (kind, content) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET content = excluded.content");

    string? Learn(Change.Learn learn)
    {
        HasTouched = true;
        saveLearned.With(learn.What.Kind.Value).With(learn.What.Content).Later();
        return null;
    }
}
