using NextUp.Processors.Documents.Embedding;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Documents.Processing;
using NextUp.Processors.Tools;
using NextUp.Server.Settings;

namespace NextUp.Server.Documents;

/// <summary>The work of documents with the model that makes their vectors; both follow the settings.</summary>
sealed class DocumentKind : IDisposable
{
    readonly UploadedText _reader;
    readonly RenewableProcessor _processor;
    readonly TimeProvider _clock;
    readonly Random _random;

    public DocumentKind(ToolRunner tools, DocumentSettings settings, TimeProvider clock, Random random)
    {
        (_clock, _random) = (clock, random);
        _reader = new UploadedText(new DocumentExtractor(tools, DocumentLimits.Default));
        var (processor, keepsOpen) = Make(settings);
        _processor = new(processor, keepsOpen);
    }

    public Actors.Jobs.IJobProcessor Processor => _processor;

    /// <summary>The model in force.</summary>
    public IEmbedder Embedder { get; private set; } = new LexicalStaticModel();

    /// <summary>Puts changed settings into force; attempts that run end as they began.</summary>
    public void Configure(DocumentSettings settings)
    {
        var (processor, keepsOpen) = Make(settings);
        _processor.Renew(processor, keepsOpen);
    }

    public void Dispose() => _processor.Dispose();

    /// <summary>A service is kept open for a search that began with it, too; it closes with the last job that began with it.</summary>
    (DocumentsProcessor Processor, IDisposable KeepsOpen) Make(DocumentSettings settings)
    {
        var service = settings.Embedding is { } options ? new EmbeddingEndpoint(options, _clock, _random) : null;
        Embedder = service is null ? new LexicalStaticModel() : service;
        return (new(_reader, Embedder, settings.Work), new Kept(service));
    }

    sealed class Kept(IDisposable? open) : IDisposable
    {
        public void Dispose() => open?.Dispose();
    }
}
