using NextUp.Actors.Store;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sqlite.Side;

/// <summary>Results that live on, in a file a slice beside the queue's.</summary>
public static class SqliteSideStores
{
    static readonly SideFile.Layout Documents = new(
        "documents.db", ["documents-001.sql", "documents-002.sql", "documents-003.sql"], 8 * 1024, 8 * 1024, 2_000);

    static readonly SideFile.Layout Papers = new("papers.db", ["papers-001.sql", "papers-002.sql"], 8 * 1024, 8 * 1024, 2_000);

    // Marks of a large table are met and written in no order: a large cache finds them, and a long log copies a page once.
    static readonly SideFile.Layout Records = new("records.db", ["records-001.sql", "records-002.sql"], 64 * 1024, 4 * 1024, 16 * 1024);

    /// <summary>Opens the stores in a data folder that the caller owns.</summary>
    /// <exception cref="StoreFailedException">One cannot be written, is damaged, or of a newer program.</exception>
    public static SideStores Open(string folder)
    {
        List<SideDatabase> opened = [];
        try
        {
            foreach (var layout in (SideFile.Layout[])[Documents, Records, Papers])
                opened.Add(SideFile.Open(folder, layout));
            return new SideStores(opened[0], opened[1], opened[2], [.. opened]);
        }
        catch
        {
            foreach (var database in opened)
                database.Dispose();
            throw;
        }
    }

    /// <summary>The files in a data folder, for a move.</summary>
    internal static IReadOnlyList<string> FilesIn(string folder) =>
        [.. new[] { Documents, Records, Papers }.Select(layout => Path.Combine(folder, layout.FileName))];
}
