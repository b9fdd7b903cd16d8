using System.Buffers;
using System.Security.Cryptography;
using Npgsql;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Storage.Files;

namespace NextUp.Storage.Postgres;

/// <summary>
/// Takes uploads and results in where no folder is shared. Small ones stay in memory and ride in the commit; larger ones are
/// written as rows of <see cref="ChunkBytes"/> each, so that neither an upload nor a download is ever held whole.
/// </summary>
/// <remarks>
/// A chunk is not durable by itself: the commit of the job that names the file comes after it in the write-ahead log, and
/// makes all before it durable. If we die before that commit chunks remain that no row names; <see cref="SweepAsync"/>
/// removes them once they are old enough.
/// </remarks>
public sealed class PostgresFileStore : IStoredFiles, IDisposable
{
    /// <summary>Bytes in a row.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>Files read or written at the same moment; more wait.</summary>
    public const int ConnectionsMax = 8;

    readonly NpgsqlDataSource source;
    readonly string name;
    readonly TimeProvider clock;
    readonly int inlineBytesMax;

    public PostgresFileStore(
        PostgresStoreOptions options, int inlineBytesMax = FolderFileStore.InlineBytesMaxDefault)
    {
        var link = new PostgresLink(options);
        source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(link.ConnectionString)
        {
            Pooling = true, MaxPoolSize = ConnectionsMax, ApplicationName = link.Instance + " files",
            Options = "-c synchronous_commit=off",
        });
        (name, clock, this.inlineBytesMax) = (link.Name, options.Time, inlineBytesMax);
    }

    public async ValueTask<StagedFile> StageAsync(
        FileRole role, string name, string contentType, Stream content, long bytesMax,
        CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        string? path = null;
        var isWhole = false;
        try
        {
            for (var (number, size) = (0L, 0L); ; number++)
            {
                var length = await content.ReadAtLeastAsync(
                    chunk.AsMemory(0, ChunkBytes), ChunkBytes, throwOnEndOfStream: false, cancellationToken);
                size += length;
                if (size > bytesMax)
                    throw new FileTooLargeException(bytesMax);

                hash.AppendData(chunk, 0, length);
                var isLast = length < ChunkBytes;
                if (isLast && size <= inlineBytesMax)
                {
                    isWhole = true;
                    return new StagedFile(role, name, contentType, size, Hex(hash), chunk[..length], null);
                }

                path ??= $"{clock.GetUtcNow().ToUnixTimeMilliseconds():x12}-{Guid.NewGuid():n}.chunks";
                if (length > 0)
                    await PutAsync(path, number, chunk.AsMemory(0, length), cancellationToken);
                if (isLast)
                {
                    isWhole = true;
                    return new StagedFile(role, name, contentType, size, Hex(hash), null, path);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
            if (!isWhole && path is not null)
                Remove([path]);
        }
    }

    public Stream Open(StagedFile file) => file.Inline is { } bytes
        ? new MemoryStream(bytes, writable: false)
        : new ChunkStream(file.Size, number => Chunk(file.Path!, number));

    public void Discard(StagedFile file)
    {
        if (file.Path is { } path)
            Remove([path]);
    }

    /// <summary>Nothing: what is half cannot be told from what is under way, and the sweep takes it.</summary>
    public void RemoveLeftovers()
    {
    }

    public async Task<int> SweepAsync(
        DateTimeOffset olderThan, Func<string, Task<bool>> isNamed, CancellationToken cancellationToken)
    {
        var old = new List<string>();
        await using (var find = source.CreateCommand("SELECT path FROM file_chunk WHERE number = 0 AND staged_at < $1"))
        {
            find.Parameters.Add(new() { Value = olderThan.ToUnixTimeMilliseconds() });
            await using var rows = await On(find.ExecuteReaderAsync(cancellationToken));
            while (await rows.ReadAsync(cancellationToken))
                old.Add(rows.GetString(0));
        }

        var removed = 0;
        foreach (var path in old)
        {
            if (await isNamed(path))
                continue;
            await DeleteAsync([path], cancellationToken);
            removed++;
        }

        return removed;
    }

    public void Remove(IReadOnlyList<string> paths) => _ = RemoveAsync(paths);

    public void Dispose() => source.Dispose();

    async Task RemoveAsync(IReadOnlyList<string> paths)
    {
        try
        {
            await DeleteAsync(paths, CancellationToken.None);
        }
        catch (StoreFailedException)
        {
            // No row names the file any more, so nobody can meet it; the next sweep tries again.
        }
    }

    async Task DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        await using var delete = source.CreateCommand("DELETE FROM file_chunk WHERE path = ANY($1)");
        delete.Parameters.Add(new() { Value = paths.ToArray() });
        await On(delete.ExecuteNonQueryAsync(cancellationToken));
    }

    async Task PutAsync(string path, long number, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await using var put = source.CreateCommand("INSERT INTO file_chunk VALUES ($1, $2, $3, $4)");
        put.Parameters.Add(new() { Value = path });
        put.Parameters.Add(new() { Value = number });
        put.Parameters.Add(new() { Value = clock.GetUtcNow().ToUnixTimeMilliseconds() });
        put.Parameters.Add(new() { Value = bytes });
        await On(put.ExecuteNonQueryAsync(cancellationToken));
    }

    async Task<byte[]> Chunk(string path, long number)
    {
        await using var find = source.CreateCommand("SELECT content FROM file_chunk WHERE path = $1 AND number = $2");
        find.Parameters.Add(new() { Value = path });
        find.Parameters.Add(new() { Value = number });
        return (byte[]?)await On(find.ExecuteScalarAsync())
            ?? throw new StoreFailedException($"The file {path} is not in {name} any more.", isUncertain: false);
    }

    async Task<T> On<T>(Task<T> asked)
    {
        try
        {
            return await asked;
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw (failure is PostgresException told ? new PostgresFailure(told) : PostgresFailure.Gone(failure))
                .AsFailure(name, whileCommitting: false);
        }
    }

    static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
