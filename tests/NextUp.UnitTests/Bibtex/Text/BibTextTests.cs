using System.Text;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.UnitTests.Bibtex.Text;

public sealed class BibTextTests
{
    const string Entry = "@article{k,\n  title = {Über}\n}\n";

    static BibTextTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static TheoryData<string, bool> Unicodes => new()
    {
        { "utf-8", false }, { "utf-8", true }, { "utf-16", false }, { "utf-16", true }, { "utf-16BE", false },
            { "utf-16BE", true },
    };

    [Theory]
    [MemberData(nameof(Unicodes))]
    public void Unicode_is_read_with_and_without_a_mark_and_written_the_same(string name, bool marked)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes(Entry)];
        var file = BibFile.Parse(bytes);
        Assert.Equal("Über", file.Entries[0].Text("title"));
        Assert.Equal(name, file.Source.EncodingName);
        BibSamples.AssertLossless(bytes);
    }

    [Fact]
    public void The_encoding_that_JabRef_declares_is_used_for_reading_and_writing()
    {
        var latin = Encoding.GetEncoding("iso-8859-2");
        var bytes = latin.GetBytes("% Encoding: ISO8859_2\n@article{k, title = {Zażółć}}");
        var file = BibFile.Parse(bytes);
        Assert.Equal("Zażółć", file.Entries[0].Text("title"));
        Assert.Null(file.Source.Warning);
        var revision = new BibRevision(file);
        revision.Add(file.Entries[0], "note", "gęś");
        Assert.Contains("gęś", latin.GetString(revision.Write().Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_ASCII_file_keeps_the_encoding_it_declares_for_what_is_put_in()
    {
        var file = BibFile.Parse("% Encoding: Cp1252\n@article{k, year = 2000}"u8.ToArray());
        Assert.Equal("windows-1252", file.Source.EncodingName);
        Assert.Equal([0xFC], file.Source.Encode("ü"));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_read_as_windows_1252_with_a_warning()
    {
        byte[] bytes = [.. "@article{k, title = {"u8, 0xDC, .. "ber "u8, 0x93, .. "x"u8, 0x81, .. "}}"u8];
        var file = BibFile.Parse(bytes);
        Assert.Equal("Über “x", file.Entries[0].Text("title")![..7]);
        Assert.Contains("windows-1252", file.Source.Warning, StringComparison.Ordinal);
        Assert.Contains(file.Problems, p => p.Message == file.Source.Warning);
        BibSamples.AssertLossless(bytes);
    }

    [Fact]
    public void A_declared_encoding_that_does_not_fit_the_bytes_is_not_believed()
    {
        byte[] bytes = [.. "% Encoding: US-ASCII\n@article{k, title = {"u8, 0xDC, .. "}}"u8];
        var source = BibText.Decode(bytes);
        Assert.Equal("windows-1252", source.EncodingName);
        Assert.Equal("utf-8", BibText.Decode("% Encoding: Cp1252\n@article{k, title = {Ü}}"u8.ToArray()).EncodingName);
        Assert.Equal("utf-8",
            BibText.Decode("% Encoding: NoSuchThing\n@article{k, year = 1}"u8.ToArray()).EncodingName);
    }

    [Fact]
    public void What_the_encoding_cannot_write_is_written_as_LaTeX_that_reads_as_the_same_text()
    {
        const string Text = "Łódź ő ş α ≤ 中 😀 ü";
        byte[] bytes = [.. "@article{k, title = {"u8, 0xDC, .. "}}"u8];
        var source = BibText.Decode(bytes);
        var written = Encoding.GetEncoding(1252).GetString(source.Encode(Text));
        Assert.StartsWith(@"{\L}ód{\'{z}} {\H{o}} {\c{s}} $\alpha$ $\leq$ {\char""4E2D}", written,
            StringComparison.Ordinal);
        Assert.Equal(Text, LatexText.ToUnicode(written));
    }

    [Fact]
    public void Half_a_surrogate_pair_and_an_odd_last_byte_of_UTF_16_survive()
    {
        byte[] bytes =
            [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("@article{k, title = {x"), 0x3D, 0xD8,
            .. Encoding.Unicode.GetBytes("}}"), 0x41];
        var file = BibFile.Parse(bytes);
        Assert.Single(file.Entries);
        BibSamples.AssertLossless(bytes);
    }

    [Fact]
    public void Old_Macintosh_lines_are_counted_and_kept()
    {
        var file = BibSamples.Parse("% x\r\r@article{k,\r  year = 2000\r}\r");
        Assert.Equal(3, file.Entries[0].Line);
        Assert.Equal("% x\r\r@article{k,\r  year = 2000,\r  doi = {10.1/x}\r}\r",
            BibSamples.Written(file, r => r.Add(file.Entries[0], "doi", "10.1/x")));
    }
}
