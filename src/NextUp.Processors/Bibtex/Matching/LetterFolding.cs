using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace NextUp.Processors.Bibtex.Matching;

/// <summary>
/// Folds letters to their plain lower-case form: é to e, ß to ss, ﬁ to fi, full-width to ASCII. A table of our own
/// because the process runs with invariant globalization, where <see cref="string.Normalize()"/> leaves every string as
/// it is. The table follows the compatibility decompositions of the Unicode Character Database, and adds what it does
/// not decompose (ø, ł, đ, æ ...).
/// </summary>
static class LetterFolding
{
    static readonly FrozenDictionary<char, string> Folded = Table()
        .SelectMany(row => row.Letters.Select(letter => KeyValuePair.Create(letter, row.Plain)))
        .DistinctBy(pair => pair.Key)
        .ToFrozenDictionary();

    /// <summary>Appends the folded letter or digit; combining marks append nothing.</summary>
    public static void Append(StringBuilder text, char letter)
    {
        if (char.IsAscii(letter))
        {
            text.Append(char.ToLowerInvariant(letter));
            return;
        }

        if (letter is >= '\uFF01' and <= '\uFF5E')
        {
            text.Append(char.ToLowerInvariant((char)(letter - 0xFEE0)));
            return;
        }

        if (CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
            return;

        var lower = char.ToLowerInvariant(letter);
        if (Folded.TryGetValue(lower, out var plain))
            text.Append(plain);
        else
            text.Append(lower);
    }

    /// <summary>Writes the folded letter or digit and answers how many characters that are: none for a combining mark.</summary>
    /// <param name="target">Room for <see cref="FoldedLengthMax"/> characters.</param>
    public static int Write(char letter, Span<char> target)
    {
        if (char.IsAscii(letter))
        {
            target[0] = char.ToLowerInvariant(letter);
            return 1;
        }

        if (letter is >= '\uFF01' and <= '\uFF5E')
        {
            target[0] = char.ToLowerInvariant((char)(letter - 0xFEE0));
            return 1;
        }

        if (CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
            return 0;

        var lower = char.ToLowerInvariant(letter);
        if (Folded.TryGetValue(lower, out var plain))
        {
            plain.CopyTo(target);
            return plain.Length;
        }

        target[0] = lower;
        return 1;
    }

    /// <summary>The most characters that one letter folds to.</summary>
    public const int FoldedLengthMax = 4;

    static (string Plain, string Letters)[] Table() =>
    [
        ("0", "⁰₀"),
        ("1", "¹₁"),
        ("2", "²₂"),
        ("3", "³₃"),
        ("4", "⁴₄"),
        ("5", "⁵₅"),
        ("6", "⁶₆"),
        ("7", "⁷₇"),
        ("8", "⁸₈"),
        ("9", "⁹₉"),
        ("a", "ªàáâãäåāăąǎǟǡǻȁȃȧɐḁạảấầẩẫậắằẳẵặₐ"),
        ("b", "ƀɓḃḅḇℬ"),
        ("c", "çćĉċčḉℂℭ"),
        ("d", "ðďđɖɗḋḍḏḑḓⅅⅆ"),
        ("e", "èéêëēĕėęěȅȇȩəɛḕḗḙḛḝẹẻẽếềểễệₑₔℇℯℰⅇ"),
        ("f", "ƒḟℱ"),
        ("g", "ĝğġģǥǧǵɠḡℊ"),
        ("h", "ĥħȟḣḥḧḩḫẖₕℋℌℍℎℏ"),
        ("i", "ìíîïĩīĭįİıǐȉȋɨɩḭḯỉịⁱℐℑℹⅈ"),
        ("j", "ĵǰⅉ"),
        ("k", "ķĸƙǩḱḳḵₖ"),
        ("l", "ĺļľłḷḹḻḽₗℒℓ"),
        ("m", "ḿṁṃₘℳ"),
        ("n", "ñńņňŋǹɲṅṇṉṋⁿₙℕ"),
        ("o", "ºòóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱɔṍṏṑṓọỏốồổỗộớờởỡợₒℴ"),
        ("p", "ṕṗₚℙ"),
        ("q", "ℚ"),
        ("r", "ŕŗřȑȓṙṛṝṟℛℜℝ"),
        ("s", "śŝşšſșṡṣṥṧṩẛₛ"),
        ("t", "ţťŧțṫṭṯṱẗₜ"),
        ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
        ("v", "ṽṿ"),
        ("w", "ŵẁẃẅẇẉẘ"),
        ("x", "ẋẍₓ"),
        ("y", "ýÿŷƴȳẏẙỳỵỷỹ"),
        ("z", "źżžẑẓẕℤℨ"),
        ("α", "άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ"),
        ("β", "ϐ"),
        ("γ", "ℽℾ"),
        ("ε", "έϵἐἑἒἓἔἕὲέ"),
        ("η", "ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ"),
        ("θ", "ϑ"),
        ("ι", "ΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ"),
        ("κ", "ϰ"),
        ("μ", "µ"),
        ("ο", "όὀὁὂὃὄὅὸό"),
        ("π", "ϖℼℿ"),
        ("ρ", "ϱῤῥ"),
        ("ς", "ϲ"),
        ("υ", "ΰϋύϒϓϔὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ"),
        ("φ", "ϕ"),
        ("ω", "ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ"),
        ("а", "ӑӓ"),
        ("г", "ѓ"),
        ("е", "ѐёӗ"),
        ("ж", "ӂӝ"),
        ("з", "ӟ"),
        ("и", "йѝӣӥ"),
        ("к", "ќ"),
        ("о", "ӧ"),
        ("у", "ўӯӱӳ"),
        ("ч", "ӵ"),
        ("ы", "ӹ"),
        ("э", "ӭ"),
        ("і", "ї"),
        ("ѵ", "ѷ"),
        ("ә", "ӛ"),
        ("ө", "ӫ"),
        ("ae", "æǣǽ"),
        ("dz", "ǆǳ"),
        ("ff", "ﬀ"),
        ("fi", "ﬁ"),
        ("fl", "ﬂ"),
        ("ij", "ĳ"),
        ("lj", "ǉ"),
        ("nj", "ǌ"),
        ("oe", "œ"),
        ("ss", "ß"),
        ("st", "ﬅﬆ"),
        ("th", "þ"),
        ("n", "ŉ"),
        ("ffi", "ﬃ"),
        ("ffl", "ﬄ"),
    ];
}
