using NextUp.Processors.Documents.Embedding;
using NextUp.Processors.Documents.Processing;
using NextUp.Processors.Documents.Results;

namespace NextUp.Server.Settings;

/// <summary>The section <c>documents</c>: how documents are made searchable, and how many one user may have.</summary>
sealed record DocumentSettings
{
    const int DocumentsCeiling = 1_000_000;
    const int ChunksCeiling = 4_000_000;
    const int ChunksAtOnceCeiling = 1_000;

    const int TextsAtOnceCeiling = 2_048;
    const int TokensAtOnceCeiling = 10_000_000;
    const int RequestsAtOnceCeiling = 64;
    const int AttemptsCeiling = 20;
    const int TextLengthMax = 1_000;

    /// <summary>16 MiB and 64 GiB.</summary>
    const long MemoryFloor = 16L << 20, MemoryCeiling = 64L << 30;

    public DocumentOptions Work { get; init; } = new();

    /// <summary>Documents of one user. Defaults to 10,000.</summary>
    public int DocumentsPerUserMax { get; init; } = 10_000;

    /// <summary>Chunks of one user, of all documents. Defaults to 200,000, some 400 MB of disk.</summary>
    public int ChunksPerUserMax { get; init; } = 200_000;

    /// <summary>Memory for the indexes of those who searched last. Defaults to 512 MiB.</summary>
    public long SearchMemoryBytesMax { get; init; } = 512L << 20;

    /// <summary>Whether documents are embedded anew when the model changes. Defaults to true.</summary>
    public bool EmbedAnew { get; init; } = true;

    /// <summary>The service that makes the vectors; null is the model that comes with the program.</summary>
    public EmbeddingEndpointOptions? Embedding { get; init; }

    public static DocumentSettings Read(SettingsSection section)
    {
        var settings = new DocumentSettings();
        return new()
        {
            Work = settings.Work with
            {
                ChunksMax = section.Int(
                    "chunksMax", settings.Work.ChunksMax, 1, ChunksCeiling,
                    "Chunks of one document, of some 1,000 characters each; longer documents fail and say so."),
                ChunksAtOnce = section.Int(
                    "chunksAtOnce", settings.Work.ChunksAtOnce, 1, ChunksAtOnceCeiling,
                    "Chunks embedded together, and stored as one checkpoint where a service makes the vectors."),
            },
            DocumentsPerUserMax = section.Int(
                "documentsPerUserMax", settings.DocumentsPerUserMax, 1, DocumentsCeiling, "Documents that one user may have."),
            ChunksPerUserMax = section.Int(
                "chunksPerUserMax", settings.ChunksPerUserMax, 1, ChunksCeiling,
                "Chunks that one user may have in all. Each takes some 2 KB of disk, and 1.5 KB of memory while its user searches."),
            SearchMemoryBytesMax = section.Bytes(
                "searchMemoryBytesMax", settings.SearchMemoryBytesMax, MemoryFloor, MemoryCeiling,
                "Memory for the indexes of the users who searched last. Another user's first search reads their chunks from the disk; "
                + "the index that is being searched is kept, however large."),
            EmbedAnew = section.Bool(
                "embedAnew", settings.EmbedAnew,
                "Whether, when the model changes, the documents that are there get vectors of the new one, by jobs that wait their turn. "
                + "Until then, and without it, they are found by their words only."),
            Embedding = ReadEmbedding(section.Section(
                "embedding", "A service that makes the vectors, spoken to as OpenAI's; the texts of all documents go to it. Without "
                + "an address the model that comes with the program makes them, and nothing leaves the machine.")),
        };
    }

    static EmbeddingEndpointOptions? ReadEmbedding(SettingsSection section)
    {
        var address = section.AddressOrNone("address", "What \"embeddings\" is appended to, such as \"http://127.0.0.1:11434/v1\".");
        var model = section.TextOrNone("model", VectorLimits.ModelLengthMax, "The model, by the name that the service knows it under.");
        var service = new EmbeddingEndpointOptions { Address = address ?? new("http://localhost"), Model = model ?? "" };
        service = ReadBounds(section, service) with
        {
            ApiKey = section.Secret("apiKey", TextLengthMax, "The service's key; sent to it alone, never printed."),
            Dimension = section.IntOrNone(
                "dimension", null, 1, VectorLimits.DimensionMax,
                "Numbers that each vector must have; none takes what the service gives at first. Another number is refused."),
            DocumentPrefix = section.TextOrNone("documentPrefix", TextLengthMax, "Put before each text, for models that want it.") ?? "",
            QueryPrefix = section.TextOrNone("queryPrefix", TextLengthMax, "Put before each question, for models that want it.") ?? "",
        };
        if (address is null != model is null)
            section.Fault(address is null ? "model" : "address", "address and model belong together: set both, or none.");
        return address is null || model is null ? null : service;
    }

    static EmbeddingEndpointOptions ReadBounds(SettingsSection section, EmbeddingEndpointOptions service) => service with
    {
        TextsAtOnce = section.Int("textsAtOnce", service.TextsAtOnce, 1, TextsAtOnceCeiling, "Texts in one request."),
        TokensAtOnce = section.Int(
            "tokensAtOnce", service.TokensAtOnce, 1, TokensAtOnceCeiling, "Tokens in one request, estimated at three bytes each."),
        RequestsAtOnce = section.Int(
            "requestsAtOnce", service.RequestsAtOnce, 1, RequestsAtOnceCeiling,
            "Requests at the same time, over all jobs. More finishes sooner and meets the service's own limits sooner."),
        Timeout = section.Duration(
            "timeout", service.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(30), "How long one request may take."),
        AttemptsMax = section.Int(
            "attemptsMax", service.AttemptsMax, 1, AttemptsCeiling,
            "How often a request is made while the service is busy or away, before the job waits for its next attempt."),
    };
}
