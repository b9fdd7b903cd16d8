using NextUp.Client.Wire;
using NextUp.Server.Jobs;

namespace NextUp.Server.Tables;

/// <summary>
/// An import made again: of one that completed its rejected rows, which are its result; of another the whole file.
/// </summary>
static class TableRepeat
{
    public static RepeatAnswer Of(string? options, byte[]? report, AgainRequest request) =>
        request is { Accept: null or { Count: 0 }, Entries: null or { Count: 0 } }
            ? new RepeatAnswer.Chosen(options)
            : new RepeatAnswer.Refused(
                "Of an import its rejected rows are made again, all of them: leave out accept and entries. To correct them "
                + "first, download them and send them like any file.");
}
