using System.Text;

namespace NextUp.Processors.Bibtex.Letters;

/// <summary>
/// Unicode normalisation form C for the letters of Latin, Greek, Cyrillic, Arabic, kana and Hangul. The process runs
/// with invariant globalization, so that it needs no ICU library; <see cref="string.Normalize()"/> leaves every text
/// as it is there.
/// </summary>
static class ComposedText
{
    // Unicode 15: mark, its combining class, then pairs of a letter and what it becomes with the mark.
    const string Table =
        """
        0300 230 AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳἀἂἁἃἈἊἉἋἐἒἑἓἘἚἙἛἠἢἡἣ
        0300 230 ἨἪἩἫἰἲἱἳἸἺἹἻὀὂὁὃὈὊὉὋὐὒὑὓὙὛὠὢὡὣὨὪὩὫαὰεὲηὴιὶοὸυὺωὼΑᾺΕῈΗῊ᾿῍ϊῒΙῚ῾῝ϋῢΥῪ¨῭ΟῸΩῺ
        0301 230 AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿ¨΅ΑΆΕΈΗΉΙΊΟΌΥΎΩΏϊΐαάεέηήιίϋΰ
        0301 230 οόυύωώϒϓГЃКЌгѓкќÇḈçḉĒḖēḗÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứἀἄἁἅἈἌἉἍἐἔἑἕἘἜἙἝ
        0301 230 ἠἤἡἥἨἬἩἭἰἴἱἵἸἼἹἽὀὄὁὅὈὌὉὍὐὔὑὕὙὝὠὤὡὥὨὬὩὭ᾿῎῾῞
        0302 230 AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ
        0303 230 AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ
        0304 230 AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳИӢиӣУӮуӯGḠgḡḶḸḷḹṚṜṛṝαᾱΑᾹιῑΙῙυῡΥῩ
        0306 230 AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗȨḜȩḝẠẶạặαᾰΑᾸιῐΙῘυῠΥῨ
        0307 230 CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆwẇXẊxẋYẎyẏſẛ
        0308 230 AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰуӱЧӴчӵЫӸыӹHḦhḧÕṎõṏŪṺ
        0308 230 ūṻWẄwẅXẌxẍtẗ
        0309 230 AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ
        030A 230 AÅaåUŮuůwẘyẙ
        030B 230 OŐoőUŰuűУӲуӳ
        030C 230 CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ
        030F 230 AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕѴѶѵѷ
        0311 230 AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ
        0313 230 αἀΑἈεἐΕἘηἠΗἨιἰΙἸοὀΟὈυὐωὠΩὨρῤ
        0314 230 αἁΑἉεἑΕἙηἡΗἩιἱΙἹοὁΟὉυὑΥὙωὡΩὩρῥΡῬ
        031B 216 OƠoơUƯuư
        0323 220 BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ
        0324 220 UṲuṳ
        0325 220 AḀaḁ
        0326 220 SȘsșTȚtț
        0327 202 CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ
        0328 202 AĄaąEĘeęIĮiįUŲuųOǪoǫ
        032D 220 DḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ
        032E 220 HḪhḫ
        0330 220 EḚeḛIḬiḭUṴuṵ
        0331 220 BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ
        0338 1 ←↚→↛↔↮⇐⇍⇔⇎⇒⇏∃∄∈∉∋∌∣∤∥∦∼≁≃≄≅≇≈≉=≠≡≢≍≭<≮>≯≤≰≥≱≲≴≳≵≶≸≷≹≺⊀≻⊁⊂⊄⊃⊅⊆⊈⊇⊉⊢⊬⊨⊭⊩⊮⊫⊯≼⋠≽⋡⊑⋢⊒⋣⊲⋪⊳⋫⊴⋬⊵⋭
        0342 230 ἀἆἁἇἈἎἉἏἠἦἡἧἨἮἩἯἰἶἱἷἸἾἹἿὐὖὑὗὙὟὠὦὡὧὨὮὩὯαᾶ¨῁ηῆ᾿῏ιῖϊῗ῾῟υῦϋῧωῶ
        0345 240 ἀᾀἁᾁἂᾂἃᾃἄᾄἅᾅἆᾆἇᾇἈᾈἉᾉἊᾊἋᾋἌᾌἍᾍἎᾎἏᾏἠᾐἡᾑἢᾒἣᾓἤᾔἥᾕἦᾖἧᾗἨᾘἩᾙἪᾚἫᾛἬᾜἭᾝἮᾞἯᾟὠᾠὡᾡὢᾢὣᾣὤᾤὥᾥὦᾦὧᾧὨᾨὩᾩὪᾪὫᾫὬᾬὭᾭὮᾮὯᾯ
        0345 240 ὰᾲαᾳάᾴᾶᾷΑᾼὴῂηῃήῄῆῇΗῌὼῲωῳώῴῶῷΩῼ
        0653 230 اآ
        0654 230 اأوؤيئەۀہۂےۓ
        0655 220 اإ
        3099 8 かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔゝゞカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴワヷヰヸヱヹヲヺヽヾ
        309A 8 はぱひぴふぷへぺほぽハパヒピフプヘペホポ
        """;

    // No letter of any language carries more; a hostile text of marks alone must not cost n squared.
    const int MarksMax = 30;

    const char HangulFirst = '\uAC00';
    const char HangulLead = '\u1100';
    const char HangulVowel = '\u1161';
    const char HangulTail = '\u11A7'; // The place before the first tail: no tail.
    const int HangulLeads = 19;
    const int HangulVowels = 21;
    const int HangulTails = 28;

    static readonly Dictionary<(char Letter, char Mark), char> Composed = [];
    static readonly Dictionary<char, (char Letter, char Mark)> Parts = [];
    static readonly Dictionary<char, int> Classes = [];

    static ComposedText()
    {
        foreach (var line in Table.Split('\n'))
        {
            var columns = line.TrimEnd('\r').Split(' ', 3);
            var mark = (char)Convert.ToInt32(columns[0], 16);
            Classes[mark] = int.Parse(columns[1]);
            for (var i = 0; i < columns[2].Length; i += 2)
            {
                Composed[(columns[2][i], mark)] = columns[2][i + 1];
                Parts[columns[2][i + 1]] = (columns[2][i], mark);
            }
        }

        // Signs for units that Unicode counts as the letters they look like: ohm, kelvin, angstrom.
        Parts['\u212B'] = ('A', '\u030A');
    }

    /// <summary>Composes what can be composed; everything else stays as it is.</summary>
    public static string Of(string text)
    {
        // Below the first mark nothing combines, and that is nearly all text there is.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
            return text;

        var apart = new StringBuilder(text.Length);
        foreach (var c in text)
            TakeApart(c, apart);
        OrderMarks(apart);
        return Compose(apart);
    }

    /// <summary>The letter and the mark that a character is made of; null where it is not.</summary>
    public static (char Letter, char Mark)? Part(Rune rune) =>
        rune.IsBmp && Parts.TryGetValue((char)rune.Value, out var parts) ? parts : null;

    static void TakeApart(char c, StringBuilder into)
    {
        if (Parts.TryGetValue(c, out var parts))
        {
            TakeApart(parts.Letter, into);
            into.Append(parts.Mark);
            return;
        }

        into.Append(c switch { '\u2126' => '\u03A9', '\u212A' => 'K', _ => c });
    }

    // Marks at different places of a letter may come in any order; the class says which is written first.
    static void OrderMarks(StringBuilder text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            var own = ClassOf(text[i]);
            for (var j = i; own > 0 && j > Math.Max(0, i - MarksMax) && ClassOf(text[j - 1]) > own; j--)
                (text[j - 1], text[j]) = (text[j], text[j - 1]);
        }
    }

    static string Compose(StringBuilder text)
    {
        var composed = new StringBuilder(text.Length);
        var starter = -1;
        var lastClass = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var own = ClassOf(c);
            var isNext = starter >= 0 && (starter == composed.Length - 1 || (own > 0 && lastClass < own));
            if (isNext && Join(composed[starter], c) is { } joined)
            {
                composed[starter] = joined;
                continue;
            }

            if (own == 0)
                starter = composed.Length;
            lastClass = own;
            composed.Append(c);
        }

        return composed.ToString();
    }

    static char? Join(char letter, char mark)
    {
        if (Composed.TryGetValue((letter, mark), out var one))
            return one;
        if (letter - HangulLead is >= 0 and < HangulLeads and var lead
            && mark - HangulVowel is >= 0 and < HangulVowels and var vowel)
            return (char)(HangulFirst + ((lead * HangulVowels) + vowel) * HangulTails);
        if (letter - HangulFirst is >= 0 and < HangulLeads * HangulVowels * HangulTails and var syllable
            && syllable % HangulTails == 0 && mark - HangulTail is > 0 and < HangulTails and var tail)
            return (char)(letter + tail);
        return null;
    }

    static int ClassOf(char c) => c < '\u0300' ? 0 : Classes.GetValueOrDefault(c);
}
