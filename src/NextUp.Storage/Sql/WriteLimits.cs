using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>
/// What a write may carry. A caller that breaks it has a bug, so it is told at once and not with the group.
/// </summary>
public static class WriteLimits
{
    /// <summary>The longest idempotency key, in characters.</summary>
    public const int SubmissionKeyLengthMax = 200;

    /// <summary>The largest checkpoint, in bytes.</summary>
    public const int CheckpointBytesMax = 64 * 1024 * 1024;

    internal static void Check(StoreWrite write)
    {
        foreach (var change in write.Changes)
        {
            switch (change)
            {
                case Change.Accept { Job.User.Value.Length: > UserId.LengthMax }:
                    throw new ArgumentException($"A user id is longer than {UserId.LengthMax} characters.");
                case Change.Adopt { Account.Value.Length: > UserId.LengthMax } or Change.Adopt { Visitor.Value.Length: > UserId.LengthMax }:
                    throw new ArgumentException($"A user id is longer than {UserId.LengthMax} characters.");
                case Change.Accept { Key.Length: > SubmissionKeyLengthMax }:
                    throw new ArgumentException(
                        $"An idempotency key is longer than {SubmissionKeyLengthMax} characters.");
                case Change.Checkpoint { Content.Length: > CheckpointBytesMax } saved:
                    throw new ArgumentException(
                        $"The checkpoint '{saved.Name}' is larger than {CheckpointBytesMax} bytes.");
            }
        }
    }
}
