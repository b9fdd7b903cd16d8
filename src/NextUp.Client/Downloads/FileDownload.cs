using System.Net.Sockets;

namespace NextUp.Client.Downloads;

/// <summary>A file on its way from the server. Read it once, then dispose it.</summary>
public sealed class FileDownload : IAsyncDisposable
{
    /// <summary>A file name is cut to so many characters; file systems take 255 bytes.</summary>
    const int NameLengthMax = 120;

    const string NameWithoutOne = "download";

    readonly HttpResponseMessage _response;
    readonly Exchange _exchange;

    FileDownload(HttpResponseMessage response, Stream content, Exchange exchange)
    {
        _response = response;
        _exchange = exchange;
        Content = content;
        var headers = response.Content.Headers;
        Length = headers.ContentLength;
        FileName = SafeName(
            headers.ContentDisposition?.FileNameStar ?? headers.ContentDisposition?.FileName?.Trim('"'));
    }

    /// <summary>
    /// The name the server gave it, made safe as the name of a file in a folder: no path, no control characters.
    /// </summary>
    public string FileName { get; }

    /// <summary>Its size in bytes, where the server said so.</summary>
    public long? Length { get; }

    /// <summary>
    /// The bytes. A connection that breaks before the end shows as <see cref="IOException"/>, never as an end.
    /// </summary>
    public Stream Content { get; }

    /// <exception cref="ServerUnreachableException">The connection broke before the end.</exception>
    /// <exception cref="IOException">The target cannot take it.</exception>
    public async Task CopyToAsync(Stream target, CancellationToken cancellationToken = default)
    {
        try
        {
            await Content.CopyToAsync(target, cancellationToken);
        }
        catch (IOException lost) when (lost is HttpIOException || lost.InnerException is SocketException)
        {
            throw _exchange.Unreachable(lost);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        _response.Dispose();
    }

    internal static async Task<FileDownload> OfAsync(
        HttpResponseMessage response, Exchange exchange, CancellationToken cancellationToken) =>
        new(response, await response.Content.ReadAsStreamAsync(cancellationToken), exchange);

    /// <summary>
    /// The server is not trusted with a path: what it names lands in the folder the caller chose, or nowhere.
    /// </summary>
    internal static string SafeName(string? given)
    {
        var leaf = (given ?? "").Split('/', '\\')[^1];
        var clean = string.Concat(
            leaf.Where(letter => !char.IsControl(letter) && !":*?\"<>|".Contains(letter, StringComparison.Ordinal)))
            .Trim().TrimStart('.');
        if (clean.Length > NameLengthMax)
            clean = Shortened(clean);
        return clean.Length == 0 ? NameWithoutOne : clean;
    }

    static string Shortened(string name)
    {
        var extension = Path.GetExtension(name);
        var keep = Math.Max(1, NameLengthMax - extension.Length);
        // Not between the two halves of a character outside the basic plane.
        if (char.IsHighSurrogate(name[keep - 1]))
            keep--;
        return extension.Length < NameLengthMax / 2 ? name[..keep] + extension : name[..NameLengthMax];
    }
}
