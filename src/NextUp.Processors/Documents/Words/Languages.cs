using System.Collections.Frozen;

namespace NextUp.Processors.Documents.Words;

/// <summary>
/// Guesses the language of a text by its commonest small words, or by its script. For display: nothing depends on it, and
/// it says nothing where it is not sure.
/// </summary>
static class Languages
{
    /// <summary>Words looked at.</summary>
    const int WordsMax = 3_000;

    /// <summary>Small words of a language among all words, at least.</summary>
    const double ShareMin = 0.12;

    const int WordsMin = 8;

    /// <summary>Japanese has at least one kana in so many letters; Chinese has none.</summary>
    const int KanaShare = 20;

    static readonly (string Code, FrozenSet<string> Words)[] s_languages =
    [
        ("en", Set("the of and to in is that for it with as was on are by this be from at an or which not have")),
        ("de", Set("der die und in den von zu das mit sich des auf fur ist im dem nicht ein eine als auch es an werden")),
        ("fr", Set("de la le et les des en un du une que est pour qui dans par sur pas plus au ce il ne se")),
        ("es", Set("de la que el en y a los del se las por un para con no una su al es lo como mas")),
        ("it", Set("di e il la che in un a per del non una i le si con da sono della al come piu dei")),
        ("pt", Set("de a o que e do da em um para com nao uma os no se na por mais as dos como")),
        ("nl", Set("de van het een en in is dat op te zijn met voor niet aan er om ook als door bij")),
    ];

    /// <summary>As an ISO 639-1 code, or null.</summary>
    public static string? Of(IEnumerable<string> texts)
    {
        var counts = new int[s_languages.Length];
        Dictionary<string, int> scripts = [];
        var (words, letters) = (0, 0);
        foreach (var text in texts)
        {
            var reader = new WordReader(text);
            while (words + letters < WordsMax && reader.Next())
            {
                if (ScriptOf(reader.Word[0]) is { } script)
                {
                    letters++;
                    scripts[script] = scripts.GetValueOrDefault(script) + 1;
                    continue;
                }

                words++;
                for (var i = 0; i < counts.Length; i++)
                    counts[i] += s_languages[i].Words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(reader.Word) ? 1 : 0;
            }

            if (words + letters >= WordsMax)
                break;
        }

        if (letters > words)
            return scripts.GetValueOrDefault("ja") * KanaShare > letters ? "ja" : scripts.MaxBy(pair => pair.Value).Key;
        var best = Array.IndexOf(counts, counts.Max());
        return words >= WordsMin && counts[best] >= words * ShareMin ? s_languages[best].Code : null;
    }

    static string? ScriptOf(char letter) => letter switch
    {
        >= '\u3040' and <= '\u30FF' => "ja",
        >= '\u3400' and <= '\u9FFF' => "zh",
        >= '\uAC00' and <= '\uD7AF' => "ko",
        >= '\u0E00' and <= '\u0E7F' => "th",
        >= '\u0400' and <= '\u04FF' => "ru",
        >= '\u0370' and <= '\u03FF' => "el",
        >= '\u0590' and <= '\u05FF' => "he",
        >= '\u0600' and <= '\u06FF' => "ar",
        _ => null,
    };

    static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
