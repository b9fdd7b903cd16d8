using NextUp.Client;
using NextUp.Storage.Files;

namespace NextUp.Server.Commands.Watching;

/// <summary>Saves a result: whole or not at all, and never over a file that is there already.</summary>
static class ResultFile
{
    /// <summary>So many files of one name are counted through before giving up.</summary>
    public const int SameNameMax = 1_000;

    /// <summary>Answers the full path of the saved file.</summary>
    /// <exception cref="IOException">The folder cannot take it.</exception>
    public static async Task<string> SaveAsync(
        NextUpClient client, string job, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using var download = await client.ResultAsync(job, cancellationToken);
        var part = Path.Combine(folder, $".{Guid.NewGuid():N}.part");
        try
        {
            await using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                await download.CopyToAsync(file, cancellationToken);
            return Name(part, folder, download.FileName);
        }
        finally
        {
            File.Delete(part);
        }
    }

    static string Name(string part, string folder, string name)
    {
        for (var count = 1; count <= SameNameMax; count++)
        {
            var numbered = count == 1
                ? name
                : $"{Path.GetFileNameWithoutExtension(name)} ({count}){Path.GetExtension(name)}";
            var target = Path.Combine(folder, numbered);
            if (Path.Exists(target))
                continue;

            // Somebody may take the name between the question and the answer.
            if (ExclusiveMove.Try(part, target))
                return target;
        }

        throw new IOException($"{folder} has {SameNameMax} files named like {name} already. Choose another with "
            + "--out.");
    }
}
