namespace NextUp.Storage.Sqlite;

sealed unsafe partial class Connection
{
    /// <summary>Pages that are copied at once; between two such steps a cancelled copy stops.</summary>
    const int PagesAtOnce = 4_096;

    /// <summary>
    /// Copies the whole database into an empty one. Within a read transaction it is what that one sees, whatever is written
    /// meanwhile.
    /// </summary>
    public void CopyInto(Connection target, CancellationToken cancellationToken)
    {
        nint copy;
        fixed (byte* main = Encoded("main"))
            copy = Native.BeginCopy(target.handle, main, handle, main);
        if (copy == 0)
            throw target.Failure();

        int code;
        do
            code = Native.Copy(copy, PagesAtOnce);
        while (code == Native.Ok && !cancellationToken.IsCancellationRequested);

        var ended = Native.EndCopy(copy);
        cancellationToken.ThrowIfCancellationRequested();
        if (code != Native.Done || ended != Native.Ok)
            throw target.Failure();
    }
}
