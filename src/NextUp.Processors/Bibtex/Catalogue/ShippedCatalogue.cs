using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>
/// The small catalogue that comes with the program, so that enrichment can be tried with no network and nothing
/// imported. It goes into the operator's own file: a work that the operator imported is left alone, and a newer program
/// replaces only what an older one brought along.
/// </summary>
public static class ShippedCatalogue
{
    const string Resource = "NextUp.Processors.Bibtex.Catalogue.works.jsonl";

    const string VersionNote = "shipped_version";

    /// <summary>
    /// Opens the catalogue with the shipped works in it; does nothing where they are there already. Throws
    /// <see cref="CatalogueFileException"/> where the file cannot be used.
    /// </summary>
    public static Task<WorkCatalogue> EnsureAsync(
        string path, CancellationToken cancellationToken, int? searchesAtOnce = null) =>
        Task.Run(() => Ensure(path, Content(), searchesAtOnce), cancellationToken);

    internal static byte[] Content()
    {
        using var stream = typeof(ShippedCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program was built without {Resource}.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    internal static WorkCatalogue Ensure(string path, byte[] content, int? searchesAtOnce = null)
    {
        var catalogue = WorkCatalogue.Open(path, searchesAtOnce);
        var version = Convert.ToHexStringLower(SHA256.HashData(content));
        try
        {
            using var writer = new CatalogueWriter(path);
            if (Version(writer.Connection) != version)
                Replace(writer, content, version);
            return catalogue;
        }
        catch (SqliteException error)
        {
            catalogue.Dispose();
            throw new CatalogueFileException(path, $"cannot be written ({error.Message})", error);
        }
    }

    // One transaction: a start that is cut off leaves the catalogue as it was, and the next start does it again.
    static void Replace(CatalogueWriter writer, byte[] content, string version)
    {
        var works = Works(content);
        var keys = works.Select(CatalogueRow.Key).ToHashSet();
        foreach (var id in Outdated(writer.Connection, keys))
            writer.Remove(id);
        foreach (var work in works)
            writer.PutShipped(work);
        writer.Connection.Execute(
            "INSERT INTO notes(name, value) VALUES($name, $value) ON CONFLICT(name) DO UPDATE SET value = $value",
            ("$name", VersionNote), ("$value", version));
        writer.Commit();
    }

    internal static IReadOnlyList<Work> Works(byte[] content)
    {
        var works = new List<Work>();
        foreach (var range in content.AsSpan().Split((byte)'\n'))
        {
            var line = content.AsMemory(range);
            if (line.IsEmpty)
                continue;
            using var document = JsonDocument.Parse(line);
            works.AddRange(WorkJson.Records(document.RootElement, works.Count + 1L).Select(record => record.Work
                ?? throw new InvalidDataException($"{Resource}, line {record.Line}: {record.Reason}")));
        }

        return works;
    }

    static string? Version(SqliteConnection connection) =>
        connection.Text("SELECT value FROM notes WHERE name = $name", ("$name", VersionNote));

    static List<long> Outdated(SqliteConnection connection, HashSet<string> keys)
    {
        var ids = new List<long>();
        using var command = connection.Command("SELECT id, key FROM works WHERE shipped = 1");
        using var reader = command.ExecuteReader();
        while (reader.Read())
            if (!keys.Contains(reader.GetString(1)))
                ids.Add(reader.GetInt64(0));
        return ids;
    }
}
