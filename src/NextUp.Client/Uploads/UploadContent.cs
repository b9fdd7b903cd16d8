using System.Globalization;
using System.Net;
using System.Text;

namespace NextUp.Client.Uploads;

/// <summary>
/// The body of a submission: multipart/form-data with the fields first and then the files, written straight to the
/// connection. (The framework's own multipart content makes a dozen objects and a header collection a part; at
/// thousands of submissions a second that is what a profile shows.)
/// </summary>
sealed class UploadContent : HttpContent
{
    readonly IReadOnlyList<Upload> _uploads;
    readonly long?[] _lengths;
    readonly byte[][] _heads;
    readonly byte[] _tail;

    public UploadContent(IReadOnlyList<Upload> uploads, SubmitWishes wishes)
    {
        _uploads = uploads;
        _lengths = new long?[uploads.Count];
        _heads = new byte[uploads.Count][];

        // Random, so that no content can contain it.
        var boundary = Guid.NewGuid().ToString("N");
        var head = new StringBuilder(384);
        AppendField(head, boundary, "kind", wishes.Kind);
        AppendField(head, boundary, "whenBusy", Word(wishes.WhenBusy));
        AppendField(head, boundary, "options", wishes.Options);
        AppendField(head, boundary, "priority", wishes.Priority?.ToString(CultureInfo.InvariantCulture));
        AppendField(
            head, boundary, "notBefore",
            wishes.NotBefore?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture));
        for (var i = 0; i < uploads.Count; i++)
        {
            head.Append("--").Append(boundary).Append("\r\nContent-Disposition: form-data; name=\"file\"; ");
            AppendFileName(head, uploads[i].FileName);
            head.Append("\r\nContent-Type: application/octet-stream\r\n\r\n");
            _heads[i] = Encoding.UTF8.GetBytes(head.ToString());
            _lengths[i] = uploads[i].Measure();
            head.Clear().Append("\r\n");
        }

        _tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=" + boundary);
    }

    /// <summary>The size of the whole body in bytes, or null where a file's is not known.</summary>
    public long? Length
    {
        get
        {
            long? length = _tail.Length;
            for (var i = 0; i < _heads.Length; i++)
                length += _heads[i].Length + _lengths[i];
            return length;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = Length ?? 0;
        return Length is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _heads.Length; i++)
        {
            await stream.WriteAsync(_heads[i], cancellationToken);
            await _uploads[i].WriteAsync(stream, _lengths[i], cancellationToken);
        }

        await stream.WriteAsync(_tail, cancellationToken);
    }

    static string? Word(BusyWish? wish) => wish switch
    {
        null => null,
        BusyWish.Refuse => "refuse",
        BusyWish.Hold => "hold",
        BusyWish.Replace => "replace",
        _ => throw new ArgumentOutOfRangeException(nameof(wish), wish, "Not a wish for a busy lane."),
    };

    static void AppendField(StringBuilder head, string boundary, string name, string? value)
    {
        if (value is not null)
            head.Append("--").Append(boundary).Append("\r\nContent-Disposition: form-data; name=\"").Append(name)
                .Append("\"\r\n\r\n").Append(value).Append("\r\n");
    }

    /// <summary>
    /// As browsers write it (RFC 7578 and the HTML standard: UTF-8, with quotes and line ends percent-encoded); where
    /// that changed the name, the exact one follows in the form of RFC 5987.
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
