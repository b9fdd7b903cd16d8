using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Asking;
using NextUp.Processors.Exams.Pages;
using NextUp.Processors.Pdf;
using NextUp.Processors.Tools;
using NextUp.Server.Jobs;
using NextUp.Server.Settings;

namespace NextUp.Server.Papers;

/// <summary>The work of reading papers, under the settings of the moment.</summary>
sealed class ExamKind : IDisposable
{
    readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    readonly PageSource _source;
    readonly TimeProvider _clock;
    readonly RenewableProcessor _processor;

    public ExamKind(ToolRunner runner, ExamSettings settings, TimeProvider clock)
    {
        var pdf = new PdfReader(runner, PdfLimits.Default);
        _source = new(pdf, new PageRecogniser(runner, pdf, PdfLimits.Default));
        _clock = clock;
        _processor = new(Make(settings), NothingOpen.Instance);
    }

    public OfferedKind Offered => new(_processor, Preview: null) { IsForAdministrators = true };

    /// <summary>Attempts that run end as they began.</summary>
    public void Configure(ExamSettings settings) => _processor.Renew(Make(settings), NothingOpen.Instance);

    public void Dispose()
    {
        _processor.Dispose();
        _http.Dispose();
    }

    ExamProcessor Make(ExamSettings settings)
    {
        var model = settings.Model.Endpoint is null ? null : new ModelReader(new ModelClient(_http, settings.Model, _clock));
        return new(_source, model, _clock);
    }

    /// <summary>Requests of old and new settings go through the one client, so a processor keeps nothing open.</summary>
    sealed class NothingOpen : IDisposable
    {
        public static readonly NothingOpen Instance = new();

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}
