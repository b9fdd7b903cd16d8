namespace NextUp.Server.Notices.Delivery;

/// <summary>What became of one attempt to reach a receiver.</summary>
/// <param name="Status">The receiver's status; null where none came.</param>
/// <param name="Answer">The beginning of its answer, or why it was not reached.</param>
abstract record SendOutcome(int? Status, string Answer)
{
    public sealed record Delivered(int? Status, string Answer) : SendOutcome(Status, Answer);

    /// <summary>The receiver is there and does not want this notice; others may fare better.</summary>
    public sealed record Refused(int? Status, string Answer) : SendOutcome(Status, Answer);

    /// <summary>The receiver is away or overloaded; others would fare no better now.</summary>
    /// <param name="RetryAfter">When it asks to be asked again; null where it does not say.</param>
    public sealed record Away(int? Status, string Answer, TimeSpan? RetryAfter = null) : SendOutcome(Status, Answer);

    /// <summary>The receiver says that it will never be there again.</summary>
    public sealed record Gone(int? Status, string Answer) : SendOutcome(Status, Answer);
}
