namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>The catalogue's file cannot be used. The message names the file and the way out.</summary>
public sealed class CatalogueFileException(string path, string reason, Exception? inner = null)
    : Exception($"The catalogue {path} {reason}.", inner)
{
    public string Path { get; } = path;
}
