namespace NextUp.Processors.Tools;

/// <summary>A program that is run on files of people, beside the server's own process.</summary>
/// <param name="Name">How people call it, for example <c>pdftotext</c>; the setting <c>tools.NAME</c> names its file.</param>
/// <param name="Package">The Debian package that brings it.</param>
public sealed record ExternalTool(string Name, string Package)
{
    /// <summary>The words and their places on the pages of a PDF.</summary>
    public static readonly ExternalTool PdfToText = new("pdftotext", "poppler-utils");

    /// <summary>The facts of a PDF: pages, encryption, title.</summary>
    public static readonly ExternalTool PdfInfo = new("pdfinfo", "poppler-utils");

    /// <summary>The pages of a PDF as pictures.</summary>
    public static readonly ExternalTool PdfToPpm = new("pdftoppm", "poppler-utils");

    /// <summary>The words of a picture.</summary>
    public static readonly ExternalTool Tesseract = new("tesseract", "tesseract-ocr");

    /// <summary>This program itself, as the process that reads Office files, pages and notes.</summary>
    public static readonly ExternalTool Reader = new("nextup", "nextup");

    /// <summary>What the runner itself is made of: a session of its own, the parent's death, limits, giving way.</summary>
    public static readonly IReadOnlyList<ExternalTool> OfRunner =
        [new("setsid", "util-linux"), new("setpriv", "util-linux"), new("prlimit", "util-linux"), new("nice", "coreutils")];

    /// <summary>Tools that an installation may have or not, with settings of their own.</summary>
    public static readonly IReadOnlyList<ExternalTool> Optional = [PdfToText, PdfInfo, PdfToPpm, Tesseract];

    /// <summary>What is said where it is not found.</summary>
    public string MissingSentence => OfRunner.Contains(this)
        ? $"\"{Name}\" is missing, and without it no file is read by other programs. Install it: apt-get install {Package}."
        : $"\"{Name}\" is missing. Install it: apt-get install {Package}; or say where it is with the setting tools.{Name}.";
}
