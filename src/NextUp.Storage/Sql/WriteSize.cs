using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>How many bytes a write carries beside its rows, so that a group does not become a long commit.</summary>
static class WriteSize
{
    public static long Of(StoreWrite write)
    {
        var bytes = 0L;
        foreach (var change in write.Changes)
        {
            bytes += change switch
            {
                Change.Accept accept => Of(accept.Files),
                Change.End end => Of(end.Files) + (end.Summary?.Length ?? 0),
                Change.Checkpoint checkpoint => checkpoint.Content.Length,
                Change.Learn learn => learn.What.Content.Length,
                Change.Report report => report.Lines.Sum(line => line.Length),
                _ => 0,
            };
        }

        return bytes;
    }

    static long Of(IReadOnlyList<StagedFile> files)
    {
        var bytes = 0L;
        for (var i = 0; i < files.Count; i++)
            bytes += files[i].Inline?.Length ?? 0;
        return bytes;
    }
}
