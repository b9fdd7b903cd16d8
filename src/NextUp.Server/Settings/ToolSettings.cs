using NextUp.Processors.Pdf;
using NextUp.Processors.Tools;

namespace NextUp.Server.Settings;

/// <summary>The section <c>tools</c>: other programs that read what people upload.</summary>
sealed record ToolSettings
{
    const int PathLengthMax = 4_096, LanguagesLengthMax = 200;

    /// <summary>The files of tools that are not where PATH says, by the tool's name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>In which languages words are read off pictures.</summary>
    public string Languages { get; init; } = PdfLimits.Default.Languages;

    /// <summary>The bounds for PDFs, with these languages.</summary>
    public PdfLimits Pdf => PdfLimits.Default with { Languages = Languages };

    /// <summary>Where this machine has the tools.</summary>
    public Toolbox NewToolbox() => new(Files);

    public static ToolSettings Read(SettingsSection section)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tool in ExternalTool.Optional)
        {
            var file = section.TextOrNone(
                tool.Name, PathLengthMax,
                $"The file of {tool.Name}, where it is not on PATH. Debian's package {tool.Package} brings it.");
            if (file is null)
                continue;
            files.Add(tool.Name, file);
            if (!Path.IsPathRooted(file) || !File.Exists(file))
                section.Fault(tool.Name, "there is no such file. Give an absolute path, or leave it out to have it looked for on PATH.");
        }

        var languages = section.Text(
            "languages", PdfLimits.Default.Languages, LanguagesLengthMax,
            "In which languages the words of scanned pages are read, as tesseract names them, with + between them: eng+deu. "
            + "Debian's packages tesseract-ocr-eng and so on bring them.");
        if (!languages.All(one => char.IsAsciiLetterOrDigit(one) || one is '+' or '_' or '-' or '/') || languages.StartsWith('-'))
            section.Fault("languages", "these are no names of languages. Write them like eng or eng+deu.");
        return new ToolSettings { Files = files, Languages = languages };
    }
}
