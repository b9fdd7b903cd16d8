namespace NextUp.StorageTests;

/// <summary>A folder of one test's own, removed at its end.</summary>
sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("nextup-store-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
