using NextUp.Processors.Tools;

namespace NextUp.Processors.Tables.Reading;

/// <summary>Reads workbooks in a process of this program's own, under limits of memory, processor time and wall time.</summary>
public sealed class WorkbookProcess(ToolRunner tools) : IWorkbookReader
{
    /// <summary>The hidden command that the process runs.</summary>
    public const string Command = "sheet-rows";

    static readonly ToolLimits Limits = new()
    {
        Wall = TimeSpan.FromMinutes(5),
        CpuSecondsMax = 240,
        MemoryBytesMax = 1L << 30,
        FileBytesMax = 2L << 30,
    };

    public async Task<WorkbookAnswer> ReadAsync(
        Stream workbook, string workspace, string? sheet, CancellationToken cancellationToken)
    {
        var folder = new ToolFolder(workspace);
        try
        {
            var (input, output) = (folder.PathOf("workbook"), folder.PathOf("rows.jsonl"));
            workbook.Position = 0;
            await using (var copy = File.Create(input))
                await workbook.CopyToAsync(copy, cancellationToken);
            IReadOnlyList<string> arguments = sheet is null ? [Command, input, output] : [Command, input, output, sheet];
            var run = await tools.RunAsync(new ToolCall(ExternalTool.Reader, folder, arguments) { Limits = Limits }, cancellationToken);
            if (run is not ToolRun.Exited { Code: 0 })
                return new WorkbookAnswer.Refused(Sentence(run));
            var rows = Path.Combine(workspace, $"rows-{Guid.NewGuid():N}.jsonl");
            File.Move(output, rows);
            return new WorkbookAnswer.Read(rows);
        }
        finally
        {
            folder.Dispose();
        }
    }

    static string Sentence(ToolRun run) => run switch
    {
        ToolRun.Exited { Code: WorkbookRows.ExitUnreadable, Error: { Length: > 0 } said } => said.Trim(),
        ToolRun.Missing missing => missing.Sentence,
        _ => $"The workbook could not be read within its limits ({run.Sentence.TrimEnd('.')}). Save the sheet as CSV and send that.",
    };
}
