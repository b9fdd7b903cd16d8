using System.Text;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Providers;

/// <summary>The oddities of each service's answers, one by one.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("""{"issued":{"date-parts":[[null]]},"published-print":{"date-parts":[[1970,8]]}}""", 1970)]
    [InlineData("""{"issued":{"date-parts":[[2015,12]]},"published-print":{"date-parts":[[1970]]}}""", 2015)]
    [InlineData("""{"issued":{"date-parts":[[]]},"posted":{"date-parts":[[2008,6,18]]}}""", 2008)]
    [InlineData("""{"issued":{"date-parts":[]}}""", null)]
    [InlineData("""{"issued":{"date-parts":[["2015"]]}}""", null)]
    [InlineData("""{"issued":{"date-parts":[[2015.5]]}}""", null)]
    [InlineData("""{"issued":null}""", null)]
    [InlineData("""{"issued":"2015"}""", null)]
    public void Crossrefs_year_is_the_first_that_is_said(string fields, int? year) =>
        Assert.Equal(year, Crossref(fields).Year);

    [Fact]
    public void Crossrefs_authors_may_lack_a_family_name_or_any_name()
    {
        var work = Crossref(
            """
            {"author":[{"given":"Ada","family":"Lovelace"},{"name":"The Consortium"},{"given":"Sudesiqin"},
                {"sequence":"additional","affiliation":[]},{"family":"  "},null,7]}
            """);

        Assert.Equal([new("Ada", "Lovelace"), new(null, "The Consortium"), new(null, "Sudesiqin")], work.Authors);
    }

    [Theory]
    [InlineData("journal-article", "Series")]
    [InlineData("book-chapter", "The <i>Book</i>")]
    [InlineData("proceedings-article", "The <i>Book</i>")]
    public void Crossrefs_container_of_a_part_is_the_last_that_is_named(string type, string container) =>
        Assert.Equal(
            ProviderText.FromMarkup(container),
            Crossref($$"""{"type":"{{type}}","container-title":["Series","The <i>Book</i>"]}""").Container);

    [Fact]
    public void Crossrefs_fields_may_be_of_any_kind_and_the_work_is_read_all_the_same()
    {
        foreach (var value in new[] { "null", "7", "true", "[]", "{}", "\"\"", "[null]", "[{}]", "[[7]]",
            "\"\\ud800\"" })
        {
            var work = Crossref(
                $$"""
                {"title":{{value}},"subtitle":{{value}},"author":{{value}},"issued":{{value}},"type":{{value}},
                "container-title":{{value}},"volume":{{value}},"issue":{{value}},"page":{{value}},"ISSN":{{value}},
                "abstract":{{value}},"is-referenced-by-count":{{value}},"updated-by":{{value}},"publisher":{{value}}}
                """);

            Assert.Equal("10.1000/a", work.Doi);
        }
    }

    [Theory]
    [InlineData("retraction", true)]
    [InlineData("withdrawal", true)]
    [InlineData("correction", false)]
    [InlineData("new_version", false)]
    public void Crossref_says_retracted_by_an_update(string type, bool isRetracted) =>
        Assert.Equal(isRetracted, Crossref($$"""{"updated-by":[{"type":"{{type}}"}]}""").IsRetracted);

    [Fact]
    public void Crossrefs_article_number_stands_for_missing_pages()
    {
        Assert.Equal("e33693", Crossref("""{"article-number":"e33693"}""").Pages);
        Assert.Equal("1-2", Crossref("""{"page":"1-2","article-number":"e33693"}""").Pages);
    }

    [Theory]
    [InlineData("article", "journal", "journal-article")]
    [InlineData("article", "conference", "proceedings-article")]
    [InlineData("article", "repository", "posted-content")]
    [InlineData("preprint", "repository", "posted-content")]
    [InlineData("review", "journal", "journal-article")]
    [InlineData("book-chapter", "ebook platform", "book-chapter")]
    [InlineData("peer-review", null, "peer-review")]
    [InlineData("paratext", "journal", "component")]
    [InlineData("libguides", null, "other")]
    [InlineData(null, "journal", null)]
    public void OpenAlexs_types_become_Crossrefs_words(string? type, string? source, string? expected)
    {
        var work = OpenAlexAnswer.One(Utf8(
            $$"""{"id":"W1","type":{{Quoted(type)}},"primary_location":{"source":{"type":{{Quoted(source)}} } } }"""));

        Assert.Equal(expected, work?.Type);
    }

    [Theory]
    [InlineData("""["JournalArticle"]""", "Mind", "journal-article")]
    [InlineData("""["JournalArticle","Conference"]""", "NIPS", "proceedings-article")]
    [InlineData("""["JournalArticle","Book"]""", "Mind", "journal-article")]
    [InlineData("""["Review"]""", "Mind", "journal-article")]
    [InlineData("""["JournalArticle"]""", "ArXiv", "posted-content")]
    [InlineData("null", "arXiv.org", "posted-content")]
    [InlineData("null", "Mind", null)]
    public void Semantic_Scholars_types_become_Crossrefs_words(string types, string venue, string? expected)
    {
        var works = SemanticScholarAnswer.Aligned(
            Utf8($$"""[{"paperId":"a","publicationTypes":{{types}},"venue":"{{venue}}"}]"""), 1);

        Assert.Equal(expected, works?[0]?.Type);
        Assert.Equal(expected == "posted-content" ? null : venue, works?[0]?.Container);
    }

    [Theory]
    [InlineData("10.5281/z", "Text", "article", "journal-article")]
    [InlineData("10.5281/z", "Text", "phdthesis", "dissertation")]
    [InlineData("10.5281/z", "Software", "misc", "other")]
    [InlineData("10.5281/z", "Dataset", "misc", "dataset")]
    [InlineData("10.48550/arXiv.1706.03762", "Text", "article", "posted-content")]
    public void DataCites_types_become_Crossrefs_words(string doi, string general, string bibtex, string expected)
    {
        var work = DataCiteAnswer.One(Utf8(
            $$"""
            {"data":{"id":"x","attributes":{"doi":"{{doi}}","publicationYear":"2017",
            "types":{"resourceTypeGeneral":"{{general}}","bibtex":"{{bibtex}}"} } } }
            """));

        Assert.Equal(expected, work?.Type);
        Assert.Equal(2017, work?.Year);
    }

    [Fact]
    public void DataCites_publisher_may_be_a_text_or_an_object_and_its_titles_have_kinds()
    {
        var work = DataCiteAnswer.One(Utf8(
            """
            {"data":{"attributes":{"doi":"10.5281/z","publisher":{"name":"Zenodo"},
            "titles":[{"title":"Alt","titleType":"AlternativeTitle"},{"title":"Main"},
                {"title":"Sub","titleType":"Subtitle"}],
            "creators":[{"name":"Love, Ada"},{"name":"CERN, Geneva","nameType":"Organizational"}],
            "descriptions":[{"description":"How","descriptionType":"Methods"},
                {"description":"What","descriptionType":"Abstract"}],
            "container":{"title":"Mind","identifier":"0026-4423","identifierType":"ISSN","firstPage":"7"}}}}
            """));

        Assert.Equivalent(
            new Work
            {
                Source = "datacite", Doi = "10.5281/z", Title = "Main", Subtitle = "Sub", Publisher = "Zenodo",
                Authors = [new("Ada", "Love"), new(null, "CERN, Geneva")], Abstract = "What", Container = "Mind",
                Issns = ["0026-4423"], Pages = "7", Url = "https://doi.org/10.5281/z",
            },
            work, strict: true);
    }

    [Theory]
    [InlineData("{\"a\":1}", true)]
    [InlineData("\ufeff {\"a\":1} \r\n", true)]
    [InlineData("{\"a\":1}x", false)]
    [InlineData("{\"a\":1}{}", false)]
    [InlineData("{\"a\":", false)]
    [InlineData("Resource not found.", false)]
    [InlineData("<html>", false)]
    [InlineData("", false)]
    public void Only_one_whole_JSON_value_counts_as_an_answer(string text, bool isRead) =>
        Assert.Equal(isRead, AnswerJson.Parse(Utf8(text)) is not null);

    [Fact]
    public void Nesting_without_end_is_no_answer() =>
        Assert.Null(AnswerJson.Parse(Utf8(new string('[', 100_000))));

    static Work Crossref(string fields)
    {
        var body = $"{{\"status\":\"ok\",\"message\":{{\"DOI\":\"10.1000/A\",{fields.Trim()[1..]}}}";
        return Assert.IsType<Work>(CrossrefAnswer.One(Utf8(body)));
    }

    static string Quoted(string? text) => text is null ? "null" : $"\"{text}\"";

    static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
