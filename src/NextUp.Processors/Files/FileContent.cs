namespace NextUp.Processors.Files;

/// <summary>What a file is by what is in it, whatever its name says.</summary>
public enum FileContent
{
    /// <summary>Nothing known, and no text either.</summary>
    Unknown = 0,
    Empty,
    Pdf,
    Docx,
    Pptx,
    Xlsx,
    Xlsb,
    Xls,

    /// <summary>Word's form until 2003.</summary>
    Doc,

    /// <summary>PowerPoint's form until 2003.</summary>
    Ppt,

    /// <summary>A file of Office that opens with a password.</summary>
    ProtectedOffice,

    /// <summary>Another file in Microsoft's old container.</summary>
    OtherContainer,

    /// <summary>A text, table or presentation of LibreOffice.</summary>
    OpenDocument,
    Epub,

    /// <summary>A zip file of something else.</summary>
    OtherZip,
    Rtf,
    Html,

    /// <summary>PNG, JPEG, GIF, TIFF, BMP or WebP.</summary>
    Picture,

    /// <summary>Text without a form of its own: notes, logs, tables, Markdown.</summary>
    Text,
}
