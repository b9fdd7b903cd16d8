using System.Text;
using System.Text.RegularExpressions;
using NextUp.Processors.Exams.Pages;
using NextUp.Processors.Pdf;

namespace NextUp.Processors.Exams.Questions;

/// <summary>
/// Grows a question's parts line by line. A label counts only where it is the next one of a row that is open, or begins a
/// row; so "(b)" that a sentence happens to begin a line with stays text. "(i)" is a letter where "(h)" came before it and
/// stands as far left, else a roman number.
/// </summary>
sealed partial class PartTree
{
    /// <summary>How far labels of one row may stand apart, as a share of the page's width.</summary>
    const double SameIndent = 0.015;

    /// <summary>Labels on one line: (a) (i) (A).</summary>
    const int LabelsPerLineMax = 3;

    static readonly string[] s_romans =
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"];

    enum Row
    {
        Letter,
        Roman,
        Digit,
    }

    sealed class Node(Row row, int place, string label, double left)
    {
        public Row Row => row;

        public int Place => place;

        public double Left => left;

        public StringBuilder Text { get; } = new();

        public int? Marks { get; set; }

        public List<Node> Parts { get; } = [];

        public QuestionPart Finish()
        {
            var parts = Parts.ConvertAll(part => part.Finish());
            var sum = parts.Count > 0 && parts.TrueForAll(part => part.Marks is not null) ? parts.Sum(part => part.Marks) : null;
            return new(label, Text.ToString().Trim(), Parts.Count > 0 ? sum + (Marks ?? 0) : Marks, parts);
        }
    }

    readonly List<Node> _top = [];
    readonly List<Node> _open = [];
    readonly StringBuilder _stem = new();
    int? _ownMarks;

    /// <summary>What stands before the first part.</summary>
    public string Stem => _stem.ToString().Trim();

    /// <summary>Marks printed where no part was open.</summary>
    public int? OwnMarks => _ownMarks;

    public IReadOnlyList<QuestionPart> Parts => _top.ConvertAll(part => part.Finish());

    /// <summary>A part whose label is a piece of the question's number, as in 01.2.</summary>
    public void Begin(int part, double left)
    {
        _open.Clear();
        Add(new Node(Row.Digit, part, $"{part}", left));
    }

    /// <param name="line">Without the question's number.</param>
    public void Take(TextLine line, int skipWords, bool takesRoundMarks)
    {
        var words = line.Words.Skip(skipWords).ToList();
        var taken = 0;
        while (taken < words.Count && taken < LabelsPerLineMax && TakeLabel(words[taken], line, isFirst: taken == 0))
            taken++;
        var rest = words.Skip(taken).ToList();
        if (rest.Count == 0)
            return;
        var tail = new TextLine(line.Page, rest, line.Margin, line.PageWidth, line.PageHeight);
        Append(MarkText.Without(tail, takesRoundMarks));
        if (MarkText.Of(tail, takesRoundMarks) is MarkNote.Earned earned)
            Earn(earned.Marks);
    }

    public void Append(string text)
    {
        var clean = Leader().Replace(text, " ").Trim();
        if (clean.Length == 0)
            return;
        var target = _open.Count > 0 ? _open[^1].Text : _stem;
        target.Append(target.Length > 0 ? "\n" : "").Append(clean);
    }

    void Earn(int marks)
    {
        if (_open.Count > 0)
            _open[^1].Marks = (_open[^1].Marks ?? 0) + marks;
        else
            _ownMarks = (_ownMarks ?? 0) + marks;
    }

    bool TakeLabel(PdfWord word, TextLine line, bool isFirst)
    {
        var match = Label().Match(word.Text);
        if (!match.Success)
            return false;
        var text = match.Groups["label"].Value;
        var left = (word.X0 - line.Margin) / line.PageWidth;
        var letter = text.Length == 1 ? text[0] - 'a' : -1;
        var roman = Array.IndexOf(s_romans, text);
        if (Continues(Row.Letter, letter) is { } ahead
            && (Continues(Row.Roman, roman) is null || IsNearer(ahead, roman, left))
            && !(roman == 0 && (!isFirst || left > ahead.Left + SameIndent)))
            return Continue(ahead, new Node(Row.Letter, letter, text, left));
        if (Continues(Row.Roman, roman) is { } before)
            return Continue(before, new Node(Row.Roman, roman, text, left));
        if (roman == 0 && !_open.Exists(node => node.Row == Row.Roman))
            return Add(new Node(Row.Roman, 0, text, left));
        return letter == 0 && !_open.Exists(node => node.Row == Row.Letter) && Add(new Node(Row.Letter, 0, text, left));
    }

    /// <summary>Where a label continues both a row of letters and one of numbers, the row that stands where it stands.</summary>
    bool IsNearer(Node letters, int roman, double left) =>
        Continues(Row.Roman, roman) is not { } romans || Math.Abs(letters.Left - left) < Math.Abs(romans.Left - left);

    /// <summary>The open part that the label comes next to, or null.</summary>
    Node? Continues(Row row, int place) =>
        place < 1 ? null : _open.FindLast(node => node.Row == row && node.Place == place - 1);

    bool Continue(Node before, Node node)
    {
        _open.RemoveRange(_open.IndexOf(before), _open.Count - _open.IndexOf(before));
        return Add(node);
    }

    bool Add(Node node)
    {
        if (_open.Count > 0)
            _open[^1].Parts.Add(node);
        else
            _top.Add(node);
        _open.Add(node);
        return true;
    }

    [GeneratedRegex(@"^\(?(?<label>[a-z]|[ivx]{1,4})\)$")]
    private static partial Regex Label();

    /// <summary>Dots and lines to write an answer on.</summary>
    [GeneratedRegex(@"(?:[.…·]\s?){5,}|_{3,}")]
    private static partial Regex Leader();
}
