using NextUp.Actors.Queue;

namespace NextUp.Actors.Store;

public abstract partial record Change
{
    /// <summary>What the estimate learned of a kind, replacing what was kept of it. Expects nothing, changes no job.</summary>
    public sealed record Learn(LearnedKind What) : Change;
}
