namespace NextUp.Processors.Tools;

/// <summary>A folder of a call's or a few calls' own, removed with all that is in it when it is disposed.</summary>
public sealed class ToolFolder : IDisposable
{
    /// <param name="workspace">The attempt's folder, in which this one is made.</param>
    public ToolFolder(string workspace)
    {
        Directory.CreateDirectory(workspace);
        // Unguessable names are not needed here; that two calls of one attempt never share a folder is.
        FullPath = Directory.CreateDirectory(Path.Combine(workspace, $"tool-{Guid.NewGuid():N}")).FullName;
    }

    public string FullPath { get; }

    /// <summary>The path of a file in it.</summary>
    public string PathOf(string name) => Path.Combine(FullPath, name);

    public void Dispose()
    {
        if (Directory.Exists(FullPath)) Directory.Delete(FullPath, recursive: true);
    }
}
