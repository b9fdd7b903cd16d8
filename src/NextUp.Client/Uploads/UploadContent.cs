using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace NextUp.Client.Uploads;

/// <summary>
/// The body of a submission: multipart/form-data with the fields first and then one file, written straight to the
/// connection. (The framework's own multipart content allocates a dozen objects and a header collection a part; at thousands
/// of submissions a second that is what a profile shows.)
/// </summary>
sealed class UploadContent : HttpContent
{
    readonly byte[] _head;
    readonly Upload _upload;
    readonly byte[] _tail;

    public UploadContent(Upload upload, ReadOnlySpan<KeyValuePair<string, string?>> fields)
    {
        // Random, so that no content can contain it.
        var boundary = Guid.NewGuid().ToString("N");
        var head = new StringBuilder(384);
        foreach (var (name, value) in fields)
        {
            if (value is not null)
                head.Append("--").Append(boundary).Append("\r\nContent-Disposition: form-data; name=\"").Append(name)
                    .Append("\"\r\n\r\n").Append(value).Append("\r\n");
        }

        head.Append("--").Append(boundary).Append("\r\nContent-Disposition: form-data; name=\"file\"; ");
        AppendFileName(head, upload.FileName);
        head.Append("\r\nContent-Type: application/octet-stream\r\n\r\n");

        _head = Encoding.UTF8.GetBytes(head.ToString());
        _tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        _upload = upload;
        Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=" + boundary);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _head.Length + (_upload.Length ?? 0) + _tail.Length;
        return _upload.Length is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_head, cancellationToken);
        await _upload.WriteAsync(stream, cancellationToken);
        await stream.WriteAsync(_tail, cancellationToken);
    }

    /// <summary>
    /// As browsers write it (RFC 7578 and the HTML standard: UTF-8, with quotes and line ends percent-encoded); where that
    /// changed the name, the exact one follows in the form of RFC 5987.
    /// </summary>
    static void AppendFileName(StringBuilder head, string name)
    {
        var asBrowsersDo = name.Replace("\"", "%22", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
        head.Append("filename=\"").Append(asBrowsersDo).Append('"');
        if (asBrowsersDo != name || name.Contains('\\', StringComparison.Ordinal))
            head.Append("; filename*=UTF-8''").Append(Uri.EscapeDataString(name));
    }
}
