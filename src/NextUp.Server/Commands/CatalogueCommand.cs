using System.CommandLine;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary>
/// <c>catalogue import FILE</c> and <c>catalogue info</c>: the works that are found without a network.
/// </summary>
sealed class CatalogueCommand : Command
{
    readonly Surroundings _surroundings;
    readonly ServerOptions _server;
    readonly Option<string?> _data = DataFolder.NewOption();

    readonly Argument<string> _file = new("FILE")
    {
        Description = "Works as Crossref or OpenAlex JSON lines, an answer of theirs with a list of works, or a "
            + ".bib file; each also as .gz.",
    };

    public CatalogueCommand(Surroundings surroundings, ServerOptions server)
        : base("catalogue", "The local catalogue of works, which enriches without a network.")
    {
        _surroundings = surroundings;
        _server = server;
        var import = new Command("import", "Load works. What is known is updated; running it again does no harm.")
        {
            _file,
            _data,
        };
        import.SetAction(ImportAsync);
        var info = new Command("info", "Say how many works there are.") { _data };
        info.SetAction(InfoAsync);
        Subcommands.Add(import);
        Subcommands.Add(info);
    }

    async Task<int> ImportAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var path = _surroundings.PathOf(command.GetRequiredValue(_file));
        if (!File.Exists(path))
            throw new UsageException($"{path} does not exist.");

        var folder = DataFolder.Existing(command.GetValue(_data), _surroundings);
        await using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        var counts = await WithCatalogueAsync(
            folder, catalogue => ReadAsync(catalogue, file, screen, cancellationToken));

        screen.Json(counts, AnswerJson.Answers.CatalogueImportCounts);
        screen.Line(
            $"{counts.Read} works read: {counts.Inserted} new, {counts.Updated} updated, {counts.Unchanged} unchanged, "
            + $"{counts.Skipped} skipped.", Tone.Good);
        foreach (var skip in counts.Skips)
            screen.Complain($"line {skip.Line}: {skip.Reason}");
        if (counts.Skipped > counts.Skips.Count)
            screen.Complain($"and {counts.Skipped - counts.Skips.Count} more were skipped");
        return ExitCode.Ok;
    }

    async Task<int> InfoAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var folder = DataFolder.Existing(command.GetValue(_data), _surroundings);
        var path = InstalledKinds.CataloguePath(folder);
        if (!File.Exists(path))
            throw new UsageException($"{path} is not there. It is made when the server first starts, or by an import.");

        var works = await WithCatalogueAsync(folder, catalogue => catalogue.CountAsync(cancellationToken));
        // What was written last may still be in the log beside the file.
        var bytes = new[] { path, path + "-wal" }.Select(file => new FileInfo(file))
            .Where(file => file.Exists).Sum(file => file.Length);
        screen.Json(new(path, works, bytes), AnswerJson.Answers.CatalogueAnswer);
        screen.Line($"{path}: {works} works, {JobWords.OfSize(bytes)}");
        return ExitCode.Ok;
    }

    static async Task<CatalogueImportCounts> ReadAsync(
        WorkCatalogue catalogue, FileStream file, Screen screen, CancellationToken cancellationToken)
    {
        if (screen.Terminal is not { } terminal)
            return await CatalogueImport.RunAsync(catalogue, file, null, cancellationToken);

        return await Spectre.Console.StatusExtensions.Spinner(
            Spectre.Console.AnsiConsoleExtensions.Status(terminal), Spectre.Console.Spinner.Known.Dots)
            .StartAsync("Reading", status => CatalogueImport.RunAsync(
                catalogue, file, new Told(counts => status.Status = $"{counts.Read} works read"), cancellationToken));
    }

    static async Task<T> WithCatalogueAsync<T>(string folder, Func<WorkCatalogue, Task<T>> act)
    {
        try
        {
            using var catalogue = WorkCatalogue.Open(InstalledKinds.CataloguePath(folder));
            return await act(catalogue);
        }
        catch (Exception unusable) when (unusable is CatalogueFileException or CatalogueImportException)
        {
            throw new UsageException(unusable.Message);
        }
    }

    /// <summary>Told at once, on the reading thread; the framework's Progress would tell later, on another.</summary>
    sealed class Told(Action<CatalogueImportCounts> tell) : IProgress<CatalogueImportCounts>
    {
        public void Report(CatalogueImportCounts value) => tell(value);
    }
}
