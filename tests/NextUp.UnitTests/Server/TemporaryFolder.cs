namespace NextUp.UnitTests.Server;

/// <summary>A folder of one test's own.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("nextup-unit-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
