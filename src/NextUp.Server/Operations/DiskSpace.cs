using NextUp.Client.Operations;

namespace NextUp.Server.Operations;

/// <summary>The disk that a folder is on.</summary>
sealed class DiskSpace(string folder)
{
    /// <summary>What this process may still write there; throws <see cref="IOException"/> where the disk is away.</summary>
    public DiskView Read()
    {
        var drive = new DriveInfo(folder);
        return new DiskView(drive.AvailableFreeSpace, drive.TotalSize);
    }
}
