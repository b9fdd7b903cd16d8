namespace NextUp.Bench.Store;

/// <summary>A temporary folder for a store.</summary>
sealed class BenchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("nextup-bench-").FullName;

    public long Bytes => new DirectoryInfo(Path).EnumerateFiles().Sum(file => file.Length);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
