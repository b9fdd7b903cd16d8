using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Users;
using NextUp.Server.Users;

namespace NextUp.Server.Jobs;

/// <summary>
/// Where a page of jobs ended. It is a job's sequence, which would tell how much everyone submits, so it leaves
/// encrypted: one AES block of the sequence and eight bytes that only the same user's cursors have. A cursor outlives
/// its job.
/// </summary>
sealed class ListCursor(string dataFolder)
{
    const int BlockBytes = 16;
    const int TextLength = 22;

    readonly byte[] _key = KeyFile.ReadOrMake(dataFolder, "cursor.key");

    public string Write(UserId user, JobSequence sequence)
    {
        Span<byte> block = stackalloc byte[BlockBytes];
        BinaryPrimitives.WriteInt64LittleEndian(block, sequence.Value);
        Mark(user, block[8..]);
        using var aes = Cipher();
        Span<byte> hidden = stackalloc byte[BlockBytes];
        aes.EncryptEcb(block, hidden, PaddingMode.None);
        return Base64Url.EncodeToString(hidden);
    }

    /// <summary>False where the text is not a cursor that was given to this user.</summary>
    public bool TryRead(UserId user, string text, out JobSequence sequence)
    {
        sequence = default;
        Span<byte> hidden = stackalloc byte[BlockBytes];
        if (text.Length != TextLength
            || Base64Url.DecodeFromChars(text, hidden, out _, out var length) != OperationStatus.Done
            || length != BlockBytes)
            return false;

        Span<byte> block = stackalloc byte[BlockBytes];
        using var aes = Cipher();
        aes.DecryptEcb(hidden, block, PaddingMode.None);
        Span<byte> mark = stackalloc byte[8];
        Mark(user, mark);
        sequence = new(BinaryPrimitives.ReadInt64LittleEndian(block));
        return CryptographicOperations.FixedTimeEquals(mark, block[8..]);
    }

    void Mark(UserId user, Span<byte> mark) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(user.Value)).AsSpan(0, mark.Length).CopyTo(mark);

    Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = _key;
        return aes;
    }
}
