using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Syllabuses;

namespace NextUp.UnitTests.Exams;

/// <summary>Chapters by words.</summary>
public sealed class ChapterTaggerTests
{
    static readonly Syllabus s_syllabus = new("Science",
    [
        new("1", "Forces and motion", "Newton's laws, friction, acceleration and momentum", ["velocity", "mass", "resultant force"]),
        new("2", "Electricity", "Current, voltage and resistance in circuits", ["resistor", "ammeter", "charge"]),
        new("3", "Photosynthesis", "Chlorophyll, light and glucose in leaves", ["stomata", "carbon dioxide", "starch"]),
        new("4", "Acids and bases", "pH, neutralisation and salts", ["indicator", "alkali", "titration"]),
    ]);

    static ExamQuestion Question(string text) => new() { Key = "1", Number = 1, Label = "1", Text = text };

    [Theory]
    [InlineData("A car of mass 900 kg has an acceleration of 2 m/s. Calculate the resultant force and its momentum.", "1")]
    [InlineData("The ammeter in the circuit shows the current through the resistor. Calculate the resistance.", "2")]
    [InlineData("Describe how light and carbon dioxide are used by chlorophyll to make glucose and starch.", "3")]
    [InlineData("An indicator is used in the titration of an alkali. State the pH after neutralisation.", "4")]
    public void A_question_goes_to_the_chapter_whose_words_it_uses(string text, string chapter)
    {
        var tags = new ChapterTagger(s_syllabus).Tag(Question(text));

        Assert.Equal(chapter, tags[0].Number);
        Assert.Single(tags, tag => tag.IsPrimary);
        Assert.All(tags, tag => Assert.InRange(tag.Confidence, ChapterTagger.ConfidenceMin, 1));
    }

    [Theory]
    [InlineData("Translate the following passage into French.")]
    [InlineData("State and explain the value in the table above.")]
    [InlineData("Describe the light.")]
    [InlineData("")]
    public void A_question_about_nothing_in_the_syllabus_gets_no_chapter(string text) =>
        Assert.Empty(new ChapterTagger(s_syllabus).Tag(Question(text)));

    [Fact]
    public void A_chapter_is_given_from_the_bound_on_and_not_below_it()
    {
        string[] words =
        [
            .. s_syllabus.Chapters.SelectMany(chapter => chapter.Subtopics!.Append(chapter.Description!))
                .SelectMany(text => text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)),
            "the", "paper", "river", "what", "colour", "window",
        ];
        var random = new Random(7);
        var (below, above) = (0, 0);
        for (var i = 0; i < 4_000; i++)
        {
            var question = Question(string.Join(' ', random.GetItems(words, random.Next(2, 9))));
            var best = new ChapterTagger(s_syllabus, confidenceMin: 0).Tag(question) is [var first, ..] ? first : null;
            var given = new ChapterTagger(s_syllabus).Tag(question);
            // Confidence is shown with two digits, so what is shown as the bound itself may lie on either side of it.
            if (best is null || best.Confidence < ChapterTagger.ConfidenceMin)
                Assert.Empty(given);
            else if (best.Confidence > ChapterTagger.ConfidenceMin)
                Assert.Equal(best, given[0]);
            below += best is { Confidence: 0.58 or 0.59 } ? 1 : 0;
            above += best is { Confidence: 0.61 or 0.62 } ? 1 : 0;
            Assert.All(given, tag => Assert.True(tag.Confidence >= ChapterTagger.ConfidenceMin, $"{tag}"));
            Assert.Equal(given.Count == 0 ? 0 : 1, given.Count(tag => tag.IsPrimary));
        }

        Assert.True(below > 5 && above > 5, $"{below} just below, {above} just above");
    }

    [Fact]
    public void A_syllabus_that_is_none_is_told_what_it_lacks()
    {
        foreach (var json in new[]
        {
            "nothing", "{}", """{"name":"x","chapters":[]}""", """{"name":"","chapters":[{"title":"a"}]}""",
                """{"name":"x","chapters":[{}]}""",
            """{"name":"x","chapters":[null]}""",
        })
        {
            var (syllabus, fault) = Syllabus.Read(System.Text.Encoding.UTF8.GetBytes(json));
            Assert.Null(syllabus);
            Assert.NotEmpty(fault!);
        }

        var many = string.Join(',', Enumerable.Range(0, Syllabus.ChaptersMax + 1).Select(i => $$"""{"title":"t{{i}}"}"""));
        var number = new string('1', Syllabus.NumberLengthMax);
        Assert.Null(new Syllabus("x", [new(number, "t")]).Fault());
        Assert.NotNull(new Syllabus("x", [new(number + "1", "t")]).Fault());
        Assert.NotNull(Syllabus.Read(System.Text.Encoding.UTF8.GetBytes($$"""{"name":"x","chapters":[{{many}}]}""")).Fault);
    }
}
