using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>What the estimate learned of one kind, as it is kept over a restart: some kilobytes.</summary>
/// <param name="Content">Written and read by <see cref="LearnedContent"/>; nobody else looks into it.</param>
public sealed record LearnedKind(JobKind Kind, byte[] Content);
