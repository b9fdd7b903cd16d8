using System.Net.Http.Headers;
using NextUp.Server.Jobs;

namespace NextUp.UnitTests.Server;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("references.bib", "references.bib")]
    [InlineData("my refs (1).bib", "my refs (1).bib")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Users\\me\\refs.bib", "refs.bib")]
    [InlineData("say \"hi\".bib", "say \"hi\".bib")]
    [InlineData("a\r\nSet-Cookie: x.bib", "aSet-Cookie: x.bib")]
    [InlineData("nul\0tab\t.bib", "nultab.bib")]
    [InlineData("Bücher 文献 📚.bib", "Bücher 文献 📚.bib")]
    [InlineData("family 👩‍👩‍👧.bib", "family 👩‍👩‍👧.bib")]
    [InlineData("evil\u202Ebib.exe", "evilbib.exe")]
    [InlineData("  spaced.bib  ", "spaced.bib")]
    [InlineData("lone \uD83D surrogate.bib", "lone  surrogate.bib")]
    [InlineData("..", "upload")]
    [InlineData("", "upload")]
    [InlineData("folder/", "upload")]
    public void A_name_is_shown_without_folders_controls_and_disguises(string given, string shown) =>
        Assert.Equal(shown, FileNames.Clean(given));

    [Fact]
    public void A_name_at_the_limit_is_kept_and_one_past_it_loses_its_middle_but_not_its_ending()
    {
        var atLimit = new string('a', FileNames.LengthMax - 4) + ".bib";
        Assert.Equal(atLimit, FileNames.Clean(atLimit));

        var shortened = FileNames.Clean("a" + atLimit);
        Assert.Equal(FileNames.LengthMax, shortened.Length);
        Assert.EndsWith("\u2026.bib", shortened, StringComparison.Ordinal);
    }

    [Fact]
    public void Shortening_never_cuts_an_emoji_in_half()
    {
        for (var lead = 0; lead < 3; lead++)
        {
            var clean = FileNames.Clean(new string('x', lead) + string.Concat(Enumerable.Repeat("📚", 150)) + ".bib");
            Assert.True(clean.Length <= FileNames.LengthMax);
            Assert.DoesNotContain(
                '\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(clean)));
        }
    }

    [Theory]
    [InlineData("references.bib")]
    [InlineData("say \"hi\" 100%.bib")]
    [InlineData("Bücher 文献 📚.bib")]
    [InlineData("back\\slash; filename=evil.bib")]
    public void A_download_header_carries_any_name_exactly(string name)
    {
        var header = FileNames.Attachment(name);

        Assert.DoesNotContain(header, character => character is < ' ' or > '~');
        var parsed = ContentDispositionHeaderValue.Parse(header);
        Assert.Equal("attachment", parsed.DispositionType);
        Assert.Equal(name, parsed.FileNameStar);
    }

    [Fact]
    public void Random_names_come_out_clean_and_stay_as_they_are_when_cleaned_again()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var name = string.Create(random.Next(0, 260), random, static (span, dice) =>
            {
                for (var at = 0; at < span.Length; at++)
                    span[at] = dice.Next(4) == 0 ? (char)dice.Next(0x10000) : (char)dice.Next(128);
            });

            var clean = FileNames.Clean(name);

            Assert.InRange(clean.Length, 1, FileNames.LengthMax);
            Assert.DoesNotContain(clean, char.IsControl);
            Assert.DoesNotContain('/', clean);
            Assert.DoesNotContain('\\', clean);
            Assert.Equal(clean, FileNames.Clean(clean));
        }
    }
}
