using System.Collections.Frozen;

namespace NextUp.Processors.Documents.Words;

/// <summary>Words that stand in every English text and say nothing of what it is about.</summary>
static class StopWords
{
    static readonly FrozenSet<string> s_words = (
        "a about above across after again against all almost also although always am among an and any are aren as at be because "
        + "been before being below between both but by can cannot could couldn did didn do does doesn doing don done down due "
        + "during each either else ever every few for from further get give given had hadn has hasn have haven having he her here "
        + "hers herself him himself his how however i if in into is isn it its itself just least let like may me might more most "
        + "much must my myself neither no nor not now of off on once only or other others our ours ourselves out over own per "
        + "perhaps quite rather really same she should shouldn since so some still such than that the their theirs them themselves "
        + "then there therefore these they this those through thus to too toward towards under until up upon us very was wasn we "
        + "were weren what when where whether which while who whom whose why will with within without won would wouldn yet you "
        + "your yours yourself yourselves dont doesnt didnt cant wont isnt arent im ive id")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_lookup =
        s_words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="word">Folded, not stemmed.</param>
    public static bool Contains(ReadOnlySpan<char> word) => s_lookup.Contains(word);
}
