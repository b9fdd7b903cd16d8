using System.Security.Cryptography;
using System.Text;
using NextUp.Actors.Users;

namespace NextUp.Server.Users;

/// <summary>
/// The mark that stands for a user in logs, traces and operators' lists: always the same for the same user of this
/// installation, and it leads back to nobody without the key in the data folder.
/// </summary>
sealed class UserMarks(string dataFolder)
{
    const string KeyName = "marks.key";

    /// <summary>Bytes of the HMAC that are shown: enough that millions of users hardly ever share a mark.</summary>
    const int MarkBytes = 6;

    readonly byte[] _key = KeyFile.ReadOrMake(dataFolder, KeyName);

    public string Of(UserId user)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(user.Value), hash);
        return Convert.ToHexStringLower(hash[..MarkBytes]);
    }
}
