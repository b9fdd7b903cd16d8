using System.Collections.Frozen;
using System.Text;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>The LaTeX commands that stand for a character, and the accents that stand before one.</summary>
static class LatexSymbols
{
    // Pairs of command and character, parted by blanks.
    const string LetterPairs =
        "ss ß SS ẞ o ø O Ø l ł L Ł ae æ AE Æ oe œ OE Œ aa å AA Å i ı j ȷ dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ";

    const string TextPairs =
        "S § P ¶ copyright © textcopyright © textregistered ® texttrademark ™ pounds £ textsterling £ texteuro € " +
        "euro € dag † ddag ‡ textdagger † textdaggerdbl ‡ textendash – textemdash — ldots … dots … textellipsis … " +
        "textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ” quotedblbase „ quotesinglbase ‚ " +
        "guillemotleft « guillemotright » guilsinglleft ‹ guilsinglright › textquestiondown ¿ textexclamdown ¡ " +
        "textbackslash \\ textasciitilde ~ textasciicircum ^ textunderscore _ textbraceleft { textbraceright } " +
        "lbrace { rbrace } textbar | textless < textgreater > textdollar $ textquotedbl \" textquotesingle ' " +
        "textdegree ° textmu µ textordfeminine ª textordmasculine º textbullet • textperiodcentered · textonehalf " +
        "½ textonequarter ¼ textthreequarters ¾";

    const string NamePairs = "TeX TeX LaTeX LaTeX BibTeX BibTeX";

    const string MathPairs =
        "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ " +
        "lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi " +
        "χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω times × " +
        "div ÷ pm ± mp ∓ cdot · ast ∗ star ⋆ circ ∘ bullet • leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ approx ≈ sim ∼ simeq " +
        "≃ cong ≅ equiv ≡ propto ∝ ll ≪ gg ≫ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ oint ∮ sqrt √ in ∈ notin " +
        "∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ cup ∪ cap ∩ emptyset ∅ forall ∀ exists ∃ neg ¬ land ∧ " +
        "wedge ∧ lor ∨ vee ∨ to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ " +
        "Leftrightarrow ⇔ mapsto ↦ uparrow ↑ downarrow ↓ hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ prime ′ degree ° angle ∠ " +
        "perp ⊥ parallel ∥ oplus ⊕ otimes ⊗ cdots ⋯ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ vert | mid " +
        "| setminus ∖ dagger † ddagger ‡";

    // Accent sign or command, and the combining character it is.
    const string AccentPairs =
        "' 0301 ` 0300 ^ 0302 \" 0308 ~ 0303 = 0304 . 0307 u 0306 v 030C H 030B c 0327 k 0328 r 030A d 0323 b 0331 " +
        "t 0361 G 030F U 030E h 0309 textcommabelow 0326 textogonekcentered 0328";

    /// <summary>Commands that change the font from here to the end of the group and are not shown.</summary>
    public static readonly FrozenSet<string> Switches = Words(
        "em it bf sc rm tt sl sf sffamily rmfamily ttfamily itshape slshape scshape upshape bfseries mdseries " +
        "normalfont normalsize small tiny large Large scriptsize footnotesize boldmath unboldmath selectfont relax " +
        "protect noopsort displaystyle textstyle left right big Big bigl bigr mathstrut limits nolimits noindent " +
        "par newline linebreak hskip hspace vspace cal");

    public static readonly FrozenDictionary<string, string> Commands = Pairs(
        string.Join(' ', LetterPairs, TextPairs, NamePairs, MathPairs));

    public static readonly FrozenDictionary<string, char> Accents = AccentTable();

    /// <summary>What to write for a letter that has a command of its own.</summary>
    public static readonly FrozenDictionary<Rune, string> CommandOfLetter = Reverse(LetterPairs);

    public static readonly FrozenDictionary<Rune, string> CommandOfSign = Reverse(TextPairs);

    public static readonly FrozenDictionary<Rune, string> CommandOfMathSign = Reverse(MathPairs);

    public static readonly FrozenDictionary<char, string> AccentOfMark =
        Accents.GroupBy(a => a.Value).ToFrozenDictionary(g => g.Key, g => g.OrderBy(a => a.Key.Length).First().Key);

    static FrozenSet<string> Words(string list) =>
        list.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    static FrozenDictionary<string, string> Pairs(string list)
    {
        var words = list.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Chunk(2).ToFrozenDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }

    static FrozenDictionary<string, char> AccentTable()
    {
        var words = AccentPairs.Split(' ');
        return words.Chunk(2).ToFrozenDictionary(pair => pair[0], pair =>
            (char)Convert.ToInt32(pair[1], 16), StringComparer.Ordinal);
    }

    static FrozenDictionary<Rune, string> Reverse(string list)
    {
        var words = list.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Chunk(2)
            .Where(pair => pair[1].EnumerateRunes().Count() == 1)
            .GroupBy(pair => pair[1].EnumerateRunes().First())
            .ToFrozenDictionary(g => g.Key, g => g.First()[0]);
    }
}
