namespace NextUp.Client.Wire;

/// <summary>A kind of job and what the caller may ask for when submitting one.</summary>
/// <param name="Kind">Its name, for the field <c>kind</c>.</param>
/// <param name="WhenBusy">What happens at the limit where a submission does not say: <c>refuse</c> or <c>hold</c>.</param>
/// <param name="MayChooseWhenBusy">Whether a submission may ask for another one.</param>
/// <param name="ActivePerUserMax">Jobs of the kind that one user may have in the line or running; null is no limit.</param>
/// <param name="PriorityMax">The highest priority that this caller may ask for, 0 to 9; 0 is none.</param>
/// <param name="UploadBytesMax">The largest file, in bytes.</param>
public sealed record KindView(
    string Kind, string WhenBusy, bool MayChooseWhenBusy, int? ActivePerUserMax, int PriorityMax, long UploadBytesMax);

/// <summary>Every kind that can be submitted, by name.</summary>
public sealed record KindList(IReadOnlyList<KindView> Kinds);
