using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.HostTests.Simulation;

/// <summary>Reports of the simulated workers have no files.</summary>
sealed class NoFiles : IFileStore
{
    public ValueTask<StagedFile> StageAsync(
        FileRole role, string name, string contentType, Stream content, long bytesMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Stream Open(StagedFile file) => throw new NotSupportedException();

    public void Discard(StagedFile file) => throw new NotSupportedException();
}
