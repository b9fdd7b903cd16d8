namespace NextUp.UnitTests.Tidy;

/// <summary>Every rule of <see cref="CodeRules"/> on the whole tree, and on a sample that breaks it.</summary>
public sealed class CodeTests
{
    [Fact]
    public void No_file_is_longer_than_one_idea()
    {
        AssertNone(SourceTree.Code.SelectMany(CodeRules.LongFile));
        AssertSome(CodeRules.LongFile(Sample(new string('\n', CodeRules.FileLinesMax) + "x")));
    }

    [Fact]
    public void No_line_is_wider_than_a_screen()
    {
        AssertNone(SourceTree.Code.SelectMany(CodeRules.LongLines));
        AssertSome(CodeRules.LongLines(Sample(new string('x', CodeRules.LineColumnsMax + 1))));
    }

    [Fact]
    public void Names_say_what_a_thing_is() => AssertNone(SourceTree.CSharp.SelectMany(CodeRules.EmptyNames));

    [Theory]
    [InlineData("sealed class JobManager", true)]
    [InlineData("static class StringUtils", true)]
    [InlineData("public interface IJobService", true)]
    [InlineData("abstract record JobBase(int Number)", true)]
    [InlineData("readonly record struct JobInfo(int Number);", true)]
    [InlineData("sealed class ServiceTimes", false)]
    [InlineData("sealed class SqliteDatabase : IDisposable", false)]
    [InlineData("sealed class SweepService : BackgroundService", false)]
    public void A_name_that_says_nothing_is_found(string declaration, bool isEmpty) =>
        Assert.Equal(isEmpty, CodeRules.EmptyNames(Sample(declaration)).Any());

    [Fact]
    public void A_file_that_is_named_for_nothing_is_found() =>
        AssertSome(CodeRules.EmptyNames(new SourceFile("src/X/JobHelpers.Names.cs", "")));

    [Fact]
    public void Types_use_the_words_of_the_glossary()
    {
        AssertNone(SourceTree.CSharp.SelectMany(CodeRules.GlossarySynonyms));
        AssertSome(CodeRules.GlossarySynonyms(Sample("sealed class TaskQueue")));
        AssertSome(CodeRules.GlossarySynonyms(Sample("record WorkItemView")));
    }

    [Fact]
    public void Folders_are_nouns_of_the_domain()
    {
        AssertNone(SourceTree.Folders.SelectMany(CodeRules.FolderByKind));
        AssertSome(CodeRules.FolderByKind("src/NextUp.Server/Helpers"));
    }

    [Fact]
    public void No_exception_is_swallowed_without_a_word() =>
        AssertNone(SourceTree.CSharp.SelectMany(CodeRules.SwallowedExceptions));

    [Theory]
    [InlineData("catch { }", true)]
    [InlineData("catch (IOException) { }", true)]
    [InlineData("catch\n{\n    count = 0;\n}", true)]
    [InlineData("catch (Exception error)\n{\n    count = 0;\n}", true)]
    [InlineData("catch\n{\n    connection.Dispose();\n    throw;\n}", false)]
    [InlineData("catch (Exception error)\n{\n    answer.SetException(error);\n}", false)]
    [InlineData("catch (Exception error)\n{\n    // The next call tries anew.\n    count = 0;\n}", false)]
    [InlineData("catch (Exception error) when (error is IOException)\n{\n    count = 0;\n}", false)]
    [InlineData("catch (IOException)\n{\n    count = 0;\n}", false)]
    public void A_swallowed_exception_is_found(string code, bool isSwallowed) =>
        Assert.Equal(isSwallowed, CodeRules.SwallowedExceptions(Sample(code)).Any());

    [Fact]
    public void Nothing_is_left_to_be_done_later()
    {
        AssertNone(SourceTree.Code.SelectMany(CodeRules.Leftovers));
        AssertSome(CodeRules.Leftovers(Sample("int x; // " + "TO" + "DO later")));
    }

    [Fact]
    public void Actors_never_leave_their_turns()
    {
        AssertNone(SourceTree.CSharp.SelectMany(CodeRules.LeavesTheTurn));
        AssertSome(CodeRules.LeavesTheTurn(new SourceFile("src/NextUp.Actors/A.cs", "await x.ConfigureAwait(false);")));
    }

    [Fact]
    public void Every_suppression_has_its_reason_beside_it()
    {
        AssertNone(SourceTree.Code.Concat(SourceTree.Projects).SelectMany(CodeRules.BareSuppressions));
        AssertSome(CodeRules.BareSuppressions(Sample("#pragma warning disable CA1031")));
    }

    static SourceFile Sample(string text) => new("src/NextUp.Sample/Sample.cs", text);

    static void AssertNone(IEnumerable<string> broken) => Assert.True(!broken.Any(), string.Join('\n', broken));

    static void AssertSome(IEnumerable<string> broken) => Assert.NotEmpty(broken);
}
