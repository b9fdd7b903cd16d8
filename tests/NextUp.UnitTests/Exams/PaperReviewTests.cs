using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Review;
using NextUp.Processors.Exams.Syllabuses;

namespace NextUp.UnitTests.Exams;

/// <summary>What people change, and that it stays.</summary>
public sealed class PaperReviewTests
{
    static readonly ExamPaper s_read = new()
    {
        Questions = [Question(1, 3), Question(2, 4), Question(3, 5)],
        Checks = [new(CheckCodes.Pages, true, "")],
        TotalMarksStated = 12,
    };

    static ExamQuestion Question(int number, int marks, params QuestionPart[] parts) => new()
    {
        Key = $"{number}", Number = number, Label = $"{number}", Text = $"Text of {number} and its end", Marks = marks, Parts = parts,
        PageFrom = 1, PageTo = 1,
    };

    static ManualLayer Changed(ReviewAnswer answer) => Assert.IsType<ReviewAnswer.Changed>(answer).Layer;

    static string Keys(ExamPaper paper) => string.Join(' ', paper.Questions.Select(question => question.Key));

    static PaperReview Review(ManualLayer? layer = null) => new(s_read, layer ?? ManualLayer.None);

    [Fact]
    public void An_edit_changes_what_it_names_and_the_checks_follow()
    {
        var layer = Changed(Review().Edit("2", new() { Text = "Mine", Marks = 5 }));
        var paper = layer.Over(s_read);

        Assert.Equal(("Mine", 5, Sources.Manual), (paper.Questions[1].Text, paper.Questions[1].Marks, paper.Questions[1].Source));
        Assert.Equal(13, paper.TotalMarksFound);
        Assert.False(paper.Checks.Single(check => check.Code == CheckCodes.MarksTotal).Ok);
        Assert.True(paper.Checks.Single(check => check.Code == CheckCodes.Pages).Ok);
    }

    [Fact]
    public void Two_questions_become_one_and_one_becomes_two()
    {
        var merged = Changed(Review().Merge("2", "3"));
        Assert.Equal(("1 2", 9), (Keys(merged.Over(s_read)), merged.Over(s_read).Questions[1].Marks));

        var split = Changed(Review(merged).Split("2", null, "Text of 3", null));
        var paper = split.Over(s_read);
        Assert.Equal("1 2 3", Keys(paper));
        Assert.Equal(("Text of 2 and its end", "Text of 3 and its end"), (paper.Questions[1].Text, paper.Questions[2].Text));
    }

    [Fact]
    public void A_split_at_a_part_divides_the_marks()
    {
        var read = s_read with
        {
            Questions = [Question(1, 6, new("a", "A", 1, []), new("b", "B", 2, []), new("c", "C", 3, []))],
        };
        var paper = Changed(new PaperReview(read, ManualLayer.None).Split("1", "b", null, null)).Over(read);

        Assert.Equal([1, 5], paper.Questions.Select(question => question.Marks));
        Assert.Equal(["b", "c"], paper.Questions[1].Parts.Select(part => part.Label));
    }

    [Fact]
    public void What_was_changed_survives_a_new_reading_and_what_was_not_is_new()
    {
        var layer = Changed(Review().Edit("2", new() { Text = "Mine" }));
        layer = Changed(new PaperReview(s_read, layer).Remove("3"));
        var anew = s_read with
        {
            Questions = [.. s_read.Questions.Select(question => question with { Text = "Read anew" }), Question(4, 1)],
        };

        var paper = layer.Over(anew);

        Assert.Equal("1 2 4", Keys(paper));
        Assert.Equal(["Read anew", "Mine", "Text of 4 and its end"], paper.Questions.Select(question => question.Text));
        Assert.Equal(layer.Over(anew).Questions, ManualLayer.Read(layer.Write()).Over(anew).Questions.Select((question, i) =>
            question with { Parts = paper.Questions[i].Parts, Options = paper.Questions[i].Options, Regions = paper.Questions[i].Regions,
                Figures = paper.Questions[i].Figures, Warnings = paper.Questions[i].Warnings, Tags = paper.Questions[i].Tags }));
    }

    [Fact]
    public void A_change_of_a_question_that_is_no_longer_read_stays_and_is_told()
    {
        var layer = Changed(Review().Edit("2", new() { Text = "Mine" }));
        var paper = layer.Over(s_read with { Questions = [Question(1, 3), Question(3, 5)] });

        Assert.Equal("1 2 3", Keys(paper));
        Assert.Contains("question 2", Assert.Single(paper.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Going_back_shows_what_was_read()
    {
        var layer = Changed(Review(Changed(Review().Merge("1", "2"))).Edit("1", new() { Text = "Mine" }));
        Assert.Equal("1 2 3", Keys(Changed(Review(layer).Restore("1")).Over(s_read)));
    }

    [Fact]
    public void Chapters_that_a_person_chose_survive_another_syllabus()
    {
        var chosen = new ChapterTag(4, "5", "Mine", 1, true, "", Sources.Manual);
        var layer = Changed(Review().Tag("1", [chosen]));
        layer = new PaperReview(s_read, layer).Retag(_ => [chosen with { Title = "Found", Source = Sources.Rule }]);

        Assert.Equal(["Mine", "Found", "Found"], layer.Over(s_read).Questions.Select(question => question.Tags.Single().Title));
        layer = Changed(new PaperReview(s_read, layer).Tag("1", null));
        Assert.Equal("Found", layer.Over(s_read).Questions[0].Tags.Single().Title);
    }

    [Fact]
    public void What_cannot_be_is_refused_with_the_way_out()
    {
        var review = Review();
        foreach (var answer in new[]
        {
            review.Edit("2", new() { Number = 3 }), review.Edit("2", new() { Marks = PaperReview.MarksMax + 1 }),
            review.Edit("2", new() { Text = new string('x', PaperReview.TextLengthMax + 1) }), review.Edit("2", new() { Section = "A.B" }),
            review.Edit("2", new() { Parts = [new("", "x", 1, [])] }), review.Merge("2", "2"), review.Split("1", null, "its end", 2),
            review.Split("3", null, "nowhere", null), review.Split("3", "z", null, null),
        })
        {
            Assert.NotEmpty(Assert.IsType<ReviewAnswer.Refused>(answer).Reason);
        }

        Assert.IsType<ReviewAnswer.NotFound>(review.Edit("9", new()));
        Assert.IsType<ReviewAnswer.NotFound>(review.Merge("1", "9"));
        Assert.IsType<ReviewAnswer.Changed>(review.Edit("2", new() { Marks = PaperReview.MarksMax }));
    }

    static readonly QuestionPart s_nested = new("b", "", 4, [new("i", "B1", 1, []), new("ii", "B2", 3, [])]);

    [Fact]
    public void A_part_that_is_changed_counts_into_its_question_and_is_held_against_what_is_printed()
    {
        var question = Question(1, 6, new("a", "A", 2, []), s_nested) with { MarksStated = 6 };
        var read = s_read with { Questions = [question], TotalMarksStated = 6 };

        // Marks of a part with parts are left out: they are added up. So are parts that there are none of.
        var layer = Changed(new PaperReview(read, ManualLayer.None).Edit("1", new()
        {
            Parts = [new("a", "Mine", 2, null!), new("b", "", null, [new("i", "B1", 1, null!), new("ii", "B2", 5, null!)])],
        }));
        var paper = ManualLayer.Read(layer.Write()).Over(read);

        Assert.Equal(((int?)8, (int?)6, "Mine", (int?)6), (
            paper.Questions[0].Marks, paper.Questions[0].MarksStated, paper.Questions[0].Parts[0].Text,
            paper.Questions[0].Parts[1].Marks));
        Assert.Empty(paper.Questions[0].Parts[0].Parts);
        Assert.Contains("1 (8 of 6)", paper.Checks.Single(check => check.Code == CheckCodes.PartsSum).Detail, StringComparison.Ordinal);
        Assert.False(paper.Checks.Single(check => check.Code == CheckCodes.MarksTotal).Ok);

        layer = Changed(new PaperReview(read, layer).Edit("1", new() { Marks = 8 }));
        Assert.True(layer.Over(read).Checks.Single(check => check.Code == CheckCodes.PartsSum).Ok);
    }

    [Fact]
    public void Marks_beside_the_parts_stay_when_a_part_is_changed()
    {
        var read = s_read with { Questions = [Question(1, 7, new("a", "A", 2, []), s_nested)] };
        var layer = Changed(new PaperReview(read, ManualLayer.None).Edit("1", new() { Parts = [new("a", "A", 3, []), s_nested] }));
        Assert.Equal(8, layer.Over(read).Questions[0].Marks);
    }

    [Fact]
    public void A_question_that_gets_its_first_parts_or_loses_its_last_keeps_its_marks_where_they_say_nothing_else()
    {
        int? MarksOf(ExamQuestion question, params QuestionPart[] parts)
        {
            var read = s_read with { Questions = [question] };
            return Changed(new PaperReview(read, ManualLayer.None).Edit("1", new() { Parts = parts })).Over(read).Questions[0].Marks;
        }

        Assert.Equal(6, MarksOf(Question(1, 6), new("a", "A", 2, []), new("b", "B", 4, [])));
        Assert.Equal(6, MarksOf(Question(1, 6), new("a", "A", null, []), new("b", "B", null, [])));
        Assert.Equal(5, MarksOf(Question(1, 6), new QuestionPart("a", "A", null, [new("i", "I", 5, [])])));
        var divided = Question(1, 6, new("a", "A", 2, []), new("b", "B", 4, []));
        Assert.Equal(6, MarksOf(divided));
        Assert.Equal(2, MarksOf(divided, new QuestionPart("a", "A", 2, [])));
        Assert.Null(MarksOf(divided, new QuestionPart("a", "A", null, [])));
    }

    [Fact]
    public void Chapters_are_changed_with_the_question_kept_by_place_or_taken_from_a_syllabus()
    {
        var rivers = new ChapterTag(0, "1", "Rivers", 0.7, true, "shares river", Sources.Rule);
        var coasts = rivers with { Chapter = 3, Number = "4", Title = "Coasts", IsPrimary = false };
        var read = s_read with { Questions = [Question(1, 3) with { Tags = [rivers, coasts] }] };
        var syllabus = new Syllabus("Geography", [new("1", "Rivers"), new(null, "Wind")]);
        var chapters = new ChapterChoices(new Dictionary<string, Syllabus> { ["geo"] = syllabus }, "ada");

        var layer = Changed(new PaperReview(read, ManualLayer.None).Edit("1", new()
        {
            Text = "Mine", Tags = [new() { Syllabus = "geo", Chapter = 1 }, new() { Kept = 1 }, new() { Kept = 1 }],
        }, chapters));
        var shown = ManualLayer.Read(layer.Write()).Over(read).Questions[0];

        Assert.Equal([("2", "Wind", true), ("4", "Coasts", false)], shown.Tags.Select(tag => (tag.Number, tag.Title, tag.IsPrimary)));
        Assert.All(shown.Tags, tag => Assert.Equal((Sources.Manual, 1d), (tag.Source, tag.Confidence)));
        Assert.Equal(("Mine", true), (shown.Text, shown.TagsChosen));

        // Those that were found are not forgotten by a change that was made while others were chosen.
        layer = Changed(new PaperReview(read, layer).Edit("1", new() { Text = "Mine again" }));
        shown = Changed(new PaperReview(read, layer).Tag("1", null)).Over(read).Questions[0];
        Assert.Equal(("Rivers", false), (shown.Tags[0].Title, shown.TagsChosen));

        layer = Changed(new PaperReview(read, ManualLayer.None).Edit("1", new() { Tags = [] }));
        shown = layer.Over(read).Questions[0];
        Assert.Equal((0, true, Sources.Rule), (shown.Tags.Count, shown.TagsChosen, shown.Source));
    }

    [Fact]
    public void Chapters_go_with_their_question_to_another_number_and_none_wait_there()
    {
        var mine = new ChapterTag(0, "1", "Mine", 1, true, "", Sources.Manual);
        var layer = Changed(Review().Tag("2", [mine]));
        layer = Changed(Review(layer).Edit("2", new() { Number = 9 }));
        layer = Changed(Review(layer).Edit("3", new() { Number = 2 }));
        var paper = layer.Over(s_read);

        Assert.Equal([("1", 0), ("9", 1), ("2", 0)], paper.Questions.Select(question => (question.Key, question.Tags.Count)));

        layer = Changed(Review(layer).Restore("2"));
        layer = Changed(Review(layer).Tag("9", [mine with { Title = "Later" }]));
        paper = Changed(Review(layer).Restore("9")).Over(s_read);
        Assert.Equal(["", "Later", ""], paper.Questions.Select(question => question.Tags.SingleOrDefault()?.Title ?? ""));
    }

    [Fact]
    public void A_refusal_names_the_member_that_is_at_fault()
    {
        static QuestionPart Deep(int levels) => new("a", "A", 1, levels == 1 ? [] : [Deep(levels - 1)]);
        static QuestionEdit Parts(params QuestionPart[] parts) => new() { Parts = parts };
        static QuestionEdit Tags(params ChapterChoice[] tags) => new() { Tags = tags };
        var many = Enumerable.Repeat(new QuestionPart("a", "A", 1, []), PaperReview.PartsMax).ToArray();
        var text = new string('x', PaperReview.TextLengthMax);
        var syllabus = new Syllabus("Geography", [new("1", "Rivers")]);
        var chapters = new ChapterChoices(new Dictionary<string, Syllabus> { ["geo"] = syllabus }, "ada");
        string? Field(QuestionEdit edit) => Review().Edit("2", edit, chapters) switch
        {
            ReviewAnswer.Refused refused when refused.Reason.Contains($"\"{refused.Field}\"", StringComparison.Ordinal) => refused.Field,
            ReviewAnswer.Refused refused => refused.Reason,
            var other => Assert.IsType<ReviewAnswer.Changed>(other) is null ? "" : null,
        };

        Assert.Equal("parts[1].marks", Field(Parts(s_nested, new("c", "C", PaperReview.MarksMax + 1, []))));
        Assert.Equal("parts[0].parts[1].marks", Field(Parts(s_nested with { Parts = [s_nested.Parts[0], new("ii", "B2", -1, [])] })));
        Assert.Equal("parts[0].text", Field(Parts(new QuestionPart("a", null!, 1, []))));
        Assert.Equal("parts[0].text", Field(Parts(new QuestionPart("a", text + "x", 1, []))));
        Assert.Null(Field(Parts(new QuestionPart("a", text, PaperReview.MarksMax, []))));
        Assert.Equal("parts[0].label", Field(Parts(new QuestionPart("", "", 1, []))));
        Assert.Equal("parts[1]", Field(Parts(s_nested, null!)));
        Assert.Equal($"parts[{PaperReview.PartsMax}]", Field(Parts([.. many, many[0]])));
        Assert.Null(Field(Parts(many)));
        Assert.NotNull(Field(Parts(Deep(PaperReview.PartLevelsMax + 1))));
        Assert.Null(Field(Parts(Deep(PaperReview.PartLevelsMax))));
        Assert.Equal("number", Field(new() { Number = 3 }));
        Assert.Equal("marks", Field(new() { Marks = -1 }));
        Assert.Equal("options[0].text", Field(new() { Options = [new("A", null!)] }));
        Assert.Equal("tags[0].kept", Field(Tags(new ChapterChoice { Kept = 0 })));
        Assert.Equal("tags[1].chapter", Field(Tags(
            new ChapterChoice { Syllabus = "geo", Chapter = 0 }, new ChapterChoice { Syllabus = "geo", Chapter = 1 })));
        Assert.Equal("tags[0].syllabus", Field(Tags(new ChapterChoice { Syllabus = "nobodys", Chapter = 0 })));
        Assert.Equal("tags[0]", Field(Tags(new ChapterChoice { Syllabus = "geo" })));
        Assert.Equal("tags[0]", Field(Tags([null!])));
        var chosen = Enumerable.Repeat(new ChapterChoice { Syllabus = "geo", Chapter = 0 }, ChapterChoices.ChaptersMax).ToArray();
        Assert.Null(Field(Tags(chosen)));
        Assert.Equal("tags", Field(Tags([.. chosen, chosen[0]])));
    }

    [Fact]
    public void Any_changes_in_any_order_keep_keys_apart_and_lose_no_question_that_nobody_touched()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var read = s_read with { Questions = [.. Enumerable.Range(1, 8).Select(number => Question(number, number))] };
            var layer = ManualLayer.None;
            var touched = new HashSet<string>();
            for (var step = 0; step < 12; step++)
            {
                var review = new PaperReview(read, layer);
                var shown = layer.Over(read).Questions;
                if (shown.Count < 2)
                    break;
                var (one, other) = (shown[random.Next(shown.Count)].Key, shown[random.Next(shown.Count)].Key);
                var answer = random.Next(5) switch
                {
                    0 => review.Edit(one, new() { Text = $"step {step} text", Number = random.Next(3) == 0 ? random.Next(1, 20) : null }),
                    1 => review.Merge(one, other),
                    2 => review.Split(one, null, "text", random.Next(1, 30)),
                    3 => review.Remove(one),
                    _ => review.Restore(one),
                };
                if (answer is not ReviewAnswer.Changed changed)
                    continue;
                touched.UnionWith(changed.Layer.Changes.SelectMany(change => change.Covers));
                layer = changed.Layer;
                var keys = layer.Over(read).Questions.Select(question => question.Key).ToList();
                Assert.True(keys.Distinct().Count() == keys.Count, $"seed {seed}, step {step}: {string.Join(' ', keys)}");
                var manual = layer.Changes.SelectMany(change => change.Questions).Select(question => question.Key).ToHashSet();
                Assert.All(
                    read.Questions.Select(question => question.Key).Where(key => !touched.Contains(key) && !manual.Contains(key)),
                    key => Assert.Contains(key, keys));
            }
        }
    }
}
