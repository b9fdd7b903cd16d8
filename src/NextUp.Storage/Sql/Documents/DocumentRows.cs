using System.Runtime.InteropServices;
using System.Text.Json;
using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql.Documents;

/// <summary>Rows into records, and back.</summary>
static class DocumentRows
{
    /// <summary>A document with its visible version, for <see cref="Document"/>.</summary>
    public const string Select =
        "SELECT d.seq, d.id, d.owner, d.name, d.size, d.sha256, d.content_type, d.job, d.state, d.error, d.created_at, "
        + "d.started_at, d.processed_at, v.number, v.model, v.dimension, v.chunks, v.pages, v.language, v.warnings "
        + "FROM document d LEFT JOIN version v ON v.document = d.seq AND v.number = d.version ";

    /// <summary>The columns of a chunk <c>c</c>, for <see cref="Chunk"/>.</summary>
    public const string ChunkColumns = "c.ordinal, c.text, c.page_from, c.page_to, c.char_from, c.char_to, c.heading";

    public static DocumentRecord Document(SqlStatement row) => new()
    {
        Sequence = row.Long(0),
        Id = new(row.Id(1)),
        User = new(row.Text(2)),
        Name = row.Text(3),
        Size = row.Long(4),
        Sha256 = row.Text(5),
        ContentType = row.Text(6),
        Job = new(row.Id(7)),
        State = (DocumentState)row.Int(8),
        Error = row.TextOrNull(9),
        CreatedAt = row.Time(10),
        StartedAt = row.TimeOrNull(11),
        ProcessedAt = row.TimeOrNull(12),
        Version = row.IsNull(13) ? null : new(
            row.Int(13), new(row.Text(14), row.Int(15)), row.Int(16), IntOrNull(row, 17), row.TextOrNull(18),
            Sentences(row.Text(19))),
    };

    /// <param name="first">The column of the ordinal.</param>
    public static DocumentChunk Chunk(SqlStatement row, int first) => new(
        row.Int(first), row.Text(first + 1), IntOrNull(row, first + 2), IntOrNull(row, first + 3), row.Int(first + 4),
        row.Int(first + 5), row.Text(first + 6));

    public static PackedVector Vector(SqlStatement row, int scale, int values) => new(
        MemoryMarshal.Cast<byte, sbyte>(row.Bytes(values)).ToArray(), BitConverter.Int32BitsToSingle(row.Int(scale)));

    public static string Text(IReadOnlyList<string> sentences) =>
        JsonSerializer.Serialize([.. sentences], DocumentRowsJson.Default.StringArray);

    static string[] Sentences(string text) =>
        JsonSerializer.Deserialize(text, DocumentRowsJson.Default.StringArray) ?? [];

    static int? IntOrNull(SqlStatement row, int column) => row.IsNull(column) ? null : row.Int(column);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
sealed partial class DocumentRowsJson : System.Text.Json.Serialization.JsonSerializerContext;
