using System.Net.Http.Headers;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class NameTests(PausedServer server) : IClassFixture<PausedServer>
{
    readonly ServerProcess _server = server.Process;

    [Theory]
    [InlineData("../../etc/passwd.bib", "passwd.bib")]
    [InlineData("say \"hi\".bib", "say \"hi\".bib")]
    [InlineData("line\r\nX-Evil: 1.bib", "line  X-Evil: 1.bib")]
    [InlineData("Bücher 文献 📚.bib", "Bücher 文献 📚.bib")]
    [InlineData("100% sure.bib", "100% sure.bib")]
    public async Task A_name_is_shown_clean_and_comes_back_with_the_download(string given, string shown)
    {
        using var visitor = _server.Visitor();
        var job = await visitor.SubmittedAsync(given);
        Assert.Equal(shown, job.FileName);

        using var original = await visitor.GetAsync(job.Links.Original);

        Assert.Equal(shown, original.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("attachment", original.Content.Headers.ContentDisposition?.DispositionType);
        Assert.False(original.Headers.Contains("X-Evil"));
    }

    [Fact]
    public async Task A_name_of_three_hundred_characters_is_shortened_and_keeps_its_ending()
    {
        using var visitor = _server.Visitor();

        var job = await visitor.SubmittedAsync(new string('n', 300) + ".bib");

        Assert.Equal(200, job.FileName.Length);
        Assert.EndsWith(".bib", job.FileName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_by_the_extended_parameter_wins_over_the_plain_one()
    {
        using var visitor = _server.Visitor();
        using var part = new ByteArrayContent(Requests.BibOf(1));
        part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
        {
            Name = "file", FileName = "plain.bib", FileNameStar = "schön.bib",
        };
        using var answer = await visitor.PostAsync("/api/v1/jobs", new MultipartFormDataContent { part });

        Assert.Equal("schön.bib", (await answer.JobAsync()).FileName);
    }
}
