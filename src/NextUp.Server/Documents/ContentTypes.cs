namespace NextUp.Server.Documents;

/// <summary>What a document is called on the web, by the end of its name; what it really is decides how it is read.</summary>
static class ContentTypes
{
    const string Unknown = "application/octet-stream";

    static readonly Dictionary<string, string> s_types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pdf"] = "application/pdf",
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".xls"] = "application/vnd.ms-excel",
        [".html"] = "text/html",
        [".htm"] = "text/html",
        [".md"] = "text/markdown",
        [".txt"] = "text/plain",
        [".log"] = "text/plain",
        [".csv"] = "text/csv",
        [".json"] = "application/json",
    };

    public static string Of(string fileName) => s_types.GetValueOrDefault(Path.GetExtension(fileName), Unknown);
}
