using NextUp.Actors.Store;

namespace NextUp.Storage.Sqlite.Records;

/// <summary>The numbered migrations of the records' database, as <see cref="Schema"/> has them for the store.</summary>
static class RecordSchema
{
    static readonly string[] Migrations = ["records-001.sql"];

    public static int Version => Migrations.Length;

    public static void Bring(Connection connection)
    {
        var version = (int)connection.Ask("PRAGMA user_version");
        if (version > Version)
        {
            throw new StoreFailedException(
                $"The database '{connection.Path}' has layout {version}, and this program knows layouts up to {Version}. "
                + "Run the newer program that wrote it, or restore a backup of the older layout.",
                isUncertain: false);
        }

        if (version == Version)
            return;

        connection.Execute("BEGIN IMMEDIATE");
        for (var next = version; next < Version; next++)
            connection.Execute(Read(Migrations[next]));
        connection.Execute($"PRAGMA user_version = {Version}");
        connection.Execute("COMMIT");
    }

    static string Read(string name)
    {
        using var stream = typeof(RecordSchema).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The migration {name} is not built into this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
