namespace NextUp.Processors.Documents.Embedding;

/// <summary>A service that speaks the embeddings call of OpenAI, as Ollama, vLLM, TEI, LM Studio and OpenAI do.</summary>
public sealed record EmbeddingEndpointOptions
{
    /// <summary>What <c>embeddings</c> is appended to, for example <c>http://127.0.0.1:11434/v1</c>.</summary>
    public required Uri Address { get; init; }

    public required string Model { get; init; }

    /// <summary>Sent as a bearer token; null sends none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Numbers that each vector must have; null takes what the service gives at first.</summary>
    public int? Dimension { get; init; }

    /// <summary>Put before each text of a document, for models that want it. Defaults to nothing.</summary>
    public string DocumentPrefix { get; init; } = "";

    /// <summary>Put before each question. Defaults to nothing.</summary>
    public string QueryPrefix { get; init; } = "";

    /// <summary>Texts in one request. Defaults to 64.</summary>
    public int TextsAtOnce { get; init; } = 64;

    /// <summary>Tokens in one request, estimated at three bytes each. Defaults to 100,000.</summary>
    public int TokensAtOnce { get; init; } = 100_000;

    /// <summary>Requests at the same time, over all jobs. Defaults to 2.</summary>
    public int RequestsAtOnce { get; init; } = 2;

    /// <summary>How long one request may take. Defaults to a minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a request is made before its job's attempt is given up. Defaults to 5.</summary>
    public int AttemptsMax { get; init; } = 5;

    /// <summary>The mean delay before the second try; each further one doubles it. Defaults to a second.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A service that asks for a longer delay than this is left alone: the job waits instead. Defaults to 30 seconds.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(30);
}
