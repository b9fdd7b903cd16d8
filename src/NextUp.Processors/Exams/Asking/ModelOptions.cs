namespace NextUp.Processors.Exams.Asking;

/// <summary>A model behind an OpenAI-compatible endpoint, and what it may take.</summary>
public sealed record ModelOptions
{
    /// <summary>Up to and with the version, such as <c>http://127.0.0.1:11434/v1</c>; null asks no model.</summary>
    public Uri? Endpoint { get; init; }

    public string Model { get; init; } = "gpt-4o-mini";

    /// <summary>Sent as a bearer token to the endpoint alone; null sends none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Pages of one request, 2 to 50; the last one is the first of the next request. Defaults to 10.</summary>
    public int WindowPages { get; init; } = 10;

    /// <summary>How long one request may take. Defaults to 2 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often one request is made where the endpoint is busy or away. Defaults to 4.</summary>
    public int TriesMax { get; init; } = 4;

    /// <summary>The longest wait that the endpoint may ask for between two tries. Defaults to 1 minute.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Tokens of one answer. Defaults to 8,000.</summary>
    public int AnswerTokensMax { get; init; } = 8_000;

    /// <summary>Price of a million tokens that go in, and that come out; null counts no cost.</summary>
    public decimal? InputPrice { get; init; }

    public decimal? OutputPrice { get; init; }
}
