using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NextUp.UnitTests.Documents.Samples;

/// <summary>
/// Writes PDFs for tests: lines of Helvetica or whole-page pictures; encrypted with a password where that is wanted. Places
/// are in points from the upper left corner of an A4 page.
/// </summary>
sealed class SmallPdf
{
    const double Width = 595, Height = 842;

    /// <summary>What the standard says to fill up passwords with.</summary>
    static readonly byte[] Padding = Convert.FromHexString("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A");

    readonly List<(StringBuilder Shown, (byte[] Data, int Width, int Height, int Colours)? Picture)> pages = [];

    public string? Title { get; init; }

    /// <summary>Who opens it has to know it; null encrypts nothing.</summary>
    public string? Password { get; init; }

    public SmallPdf Page()
    {
        pages.Add((new(), null));
        return this;
    }

    public SmallPdf Text(double x, double y, string text, double size = 10)
    {
        var shown = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("(", "\\(", StringComparison.Ordinal)
            .Replace(")", "\\)", StringComparison.Ordinal);
        pages[^1].Shown.Append(
            CultureInfo.InvariantCulture, $"BT /F1 {size:0.##} Tf 1 0 0 1 {x:0.##} {Height - y:0.##} Tm ({shown}) Tj ET\n");
        return this;
    }

    /// <summary>Lines below each other.</summary>
    public SmallPdf Lines(double x, double y, IEnumerable<string> lines, double size = 10, double step = 12)
    {
        foreach (var line in lines)
        {
            Text(x, y, line, size);
            y += step;
        }

        return this;
    }

    /// <summary>A page that is nothing but a picture.</summary>
    public SmallPdf Picture(byte[] png)
    {
        var shown = new StringBuilder().Append(CultureInfo.InvariantCulture, $"q {Width} 0 0 {Height} 0 0 cm /I1 Do Q\n");
        pages.Add((shown, RowsOf(png)));
        return this;
    }

    public byte[] ToBytes()
    {
        using var pdf = new MemoryStream();
        List<long> places = [];
        var id = MD5.HashData(Encoding.Latin1.GetBytes(Title ?? "small"));
        var (owner, key) = Password is null ? ([], null) : Keys(id);
        Put("%PDF-1.4\n");
        Object("<< /Type /Catalog /Pages 2 0 R >>");
        var kids = string.Join(' ', Enumerable.Range(0, pages.Count).Select(i => $"{5 + (3 * i)} 0 R"));
        Object($"<< /Type /Pages /Kids [{kids}] /Count {pages.Count} >>");
        Object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        Object(Title is null ? "<< >>" : $"<< /Title ({Title}) >>");
        foreach (var (shown, picture) in pages)
        {
            var number = places.Count + 1;
            Object(FormattableString.Invariant($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {Width} {Height}] ")
                + $"/Resources << /Font << /F1 3 0 R >> /XObject << /I1 {number + 2} 0 R >> >> /Contents {number + 1} 0 R >>");
            StreamObject("", Encoding.Latin1.GetBytes(shown.ToString()));
            var (data, width, height, colours) = picture ?? ([], 1, 1, 1);
            StreamObject(
                $"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 "
                + $"/ColorSpace {(colours == 1 ? "/DeviceGray" : "/DeviceRGB")} /Filter /FlateDecode "
                + $"/DecodeParms << /Predictor 15 /Colors {colours} /BitsPerComponent 8 /Columns {width} >>", data);
        }

        var encryption = "";
        if (key is not null)
        {
            encryption = $" /Encrypt {places.Count + 1} 0 R";
            var user = Convert.ToHexString(Rc4(key, Padding));
            Object($"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{Convert.ToHexString(owner)}> /U <{user}> >>");
        }

        var table = pdf.Position;
        Put($"xref\n0 {places.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places) Put($"{place:0000000000} 00000 n \n");
        var hex = Convert.ToHexString(id);
        Put($"trailer\n<< /Size {places.Count + 1} /Root 1 0 R /Info 4 0 R /ID [<{hex}> <{hex}>]{encryption} >>\n");
        Put($"startxref\n{table}\n%%EOF\n");
        return pdf.ToArray();

        void Put(string text) => pdf.Write(Encoding.Latin1.GetBytes(text));

        void Object(string content)
        {
            places.Add(pdf.Position);
            Put($"{places.Count} 0 obj\n{content}\nendobj\n");
        }

        void StreamObject(string entries, byte[] data)
        {
            places.Add(pdf.Position);
            if (key is not null) data = Rc4(MD5.HashData([.. key, (byte)places.Count, 0, 0, 0, 0])[..10], data);
            Put($"{places.Count} 0 obj\n<< {entries} /Length {data.Length} >>\nstream\n");
            pdf.Write(data);
            Put("\nendstream\nendobj\n");
        }
    }

    /// <summary>The first revision of the standard's encryption, 40 bits.</summary>
    (byte[] Owner, byte[] Key) Keys(byte[] id)
    {
        byte[] user = [.. Encoding.Latin1.GetBytes(Password!), .. Padding];
        var owner = Rc4(MD5.HashData(user[..32])[..5], user[..32]);
        return (owner, MD5.HashData([.. user[..32], .. owner, 0xFC, 0xFF, 0xFF, 0xFF, .. id])[..5]);
    }

    static byte[] Rc4(byte[] key, byte[] data)
    {
        var state = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        for (int i = 0, j = 0; i < 256; i++)
        {
            j = (j + state[i] + key[i % key.Length]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
        }

        var result = new byte[data.Length];
        for (int n = 0, i = 0, j = 0; n < data.Length; n++)
        {
            i = (i + 1) & 255;
            j = (j + state[i]) & 255;
            (state[i], state[j]) = (state[j], state[i]);
            result[n] = (byte)(data[n] ^ state[(state[i] + state[j]) & 255]);
        }

        return result;
    }

    /// <summary>The packed rows of a PNG, which PDF takes as they are.</summary>
    static (byte[] Data, int Width, int Height, int Colours) RowsOf(byte[] png)
    {
        using var data = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (Encoding.ASCII.GetString(png, at + 4, 4) == "IDAT") data.Write(png, at + 8, length);
            at += 12 + length;
        }

        Assert.Equal(8, png[24]);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        return (data.ToArray(), width, height, png[25] == 0 ? 1 : 3);
    }
}
