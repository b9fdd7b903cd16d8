namespace NextUp.UnitTests.Exams.Papers;

/// <summary>
/// Makes papers of which everything is known, in the styles of several boards, with layouts drawn by a seed: margins, sizes,
/// indents, lengths, heads and feet, sections, tables, lists and other things that look like questions and are none.
/// </summary>
public sealed partial class PaperWriter
{
    static readonly string[] s_words = (
        "energy force mass current field circuit reaction acid metal solution rate pressure volume gas cell enzyme "
        + "membrane gene plant species function graph curve value angle vector matrix series probability sample mean "
        + "index price demand market trade policy river climate coast soil energy wave light lens source report author "
        + "method result model theory event change cause effect growth level unit scale region group"
        ).Split(' ');

    static readonly string[] s_verbs =
        ["Explain", "Describe", "Calculate", "State", "Show that", "Suggest why", "Determine", "Sketch", "Evaluate"];

    static readonly string[] s_romans = ["i", "ii", "iii", "iv", "v", "vi"];

    readonly Random _random;
    readonly PaperStyle _style;
    readonly PdfWriter _pdf = new();
    readonly double _left;
    readonly double _right;
    readonly double _size;
    readonly double _indent;
    readonly double _numberRight;
    readonly bool _alignsRight;
    readonly string _code;
    readonly string? _head;
    double _y;

    PaperWriter(PaperStyle style, int seed)
    {
        _random = new Random(seed);
        _style = style;
        _left = _random.Next(40, 75);
        _right = 595 - _random.Next(40, 70);
        _size = 10 + _random.Next(0, 5) * 0.5;
        _indent = _random.Next(18, 30);
        _alignsRight = style == PaperStyle.Bracketed && _random.Next(3) == 0;
        _numberRight = _left + PdfWriter.WidthOf("10", _size);
        _code = style switch
        {
            PaperStyle.Bracketed or PaperStyle.Choice => $"{_random.Next(1000, 9999)}/{_random.Next(11, 50)}",
            PaperStyle.Totalled => $"9MA0/0{_random.Next(1, 4)}",
            PaperStyle.Boxed => $"7{_random.Next(100, 999)}/{_random.Next(1, 4)}",
            PaperStyle.Maximum => $"2{_random.Next(100, 999)}-{_random.Next(7000, 7999)}",
            _ => $"{_random.Next(1000, 9999)}/{_random.Next(11, 50)}",
        };
        _head = _random.Next(4) == 0 ? null : $"© Board {_random.Next(2000, 2026)}";
    }

    public static (byte[] Pdf, PaperTruth Truth) Write(PaperStyle style, int seed) => new PaperWriter(style, seed).Write();

    (byte[] Pdf, PaperTruth Truth) Write()
    {
        var (printsTotal, hasInsert) = (_random.Next(8) > 0, _random.Next(5) == 0);
        var sections = _style is PaperStyle.Bracketed or PaperStyle.Dotted or PaperStyle.Maximum or PaperStyle.Worded
            && _random.Next(3) == 0
            ? (IReadOnlyList<string?>)["A", "B"] : [null];
        var restarts = sections.Count > 1 && _random.Next(2) == 0;
        var questions = Plan(sections, restarts);
        var total = questions.Sum(question => question.Marks);
        Cover(printsTotal ? total : null, hasInsert, questions.Count, sections.Count > 1);
        NewPage();
        string? section = null;
        foreach (var question in questions)
        {
            if (question.Section != section)
            {
                section = question.Section;
                if (_random.Next(2) == 0)
                    NewPage();
                Need(80);
                _pdf.TextCentred(_y, $"{(_random.Next(2) == 0 ? "SECTION" : "Section")} {section}", _size + 1);
                _y += 16;
                _pdf.TextCentred(_y, "Answer all questions in this section.", _size);
                _y += 26;
            }

            Question(question);
        }

        if (_random.Next(3) == 0)
        {
            NewPage();
            _pdf.TextCentred(400, "BLANK PAGE", _size);
        }

        Feet();
        return (_pdf.ToBytes(), new(_style, _code, total, questions, printsTotal, hasInsert));
    }

    List<QuestionTruth> Plan(IReadOnlyList<string?> sections, bool restarts)
    {
        var questions = new List<QuestionTruth>();
        var count = _style == PaperStyle.Choice ? _random.Next(20, 41) : _random.Next(3, 13);
        foreach (var section in sections)
        {
            var first = restarts || questions.Count == 0 ? 1 : questions.Count + 1;
            var here = sections.Count > 1 ? Math.Max(2, count / 2) : count;
            for (var i = 0; i < here; i++)
                questions.Add(PlanOne(section, first + i, questions.Count));
        }

        return questions;
    }

    QuestionTruth PlanOne(string? section, int number, int place)
    {
        var mark = $"{s_words[place % s_words.Length]}{(char)('k' + place % 10)}{place}x";
        if (_style == PaperStyle.Choice)
        {
            return new(section, number, 1, [])
            {
                Mark = mark, Options = [.. Enumerable.Range(0, 4).Select(_ => Words(1, 3))],
            };
        }

        var parts = _random.Next(4) == 0 && _style != PaperStyle.Boxed ? [] : PlanParts();
        var marks = parts.Count == 0 ? _random.Next(2, 13) : parts.Sum(part => part.Marks ?? part.Parts.Sum(inner => inner.Marks ?? 0));
        return new(section, number, marks, parts) { Mark = mark };
    }

    List<PartTruth> PlanParts()
    {
        var parts = new List<PartTruth>();
        // Once in a while so many that (h) is followed by (i).
        var count = _random.Next(12) == 0 ? _random.Next(9, 11) : _random.Next(2, 6);
        for (var i = 0; i < count; i++)
        {
            var label = _style == PaperStyle.Boxed ? $"{i + 1}" : $"{(char)('a' + i)}";
            var hasInner = _style != PaperStyle.Boxed && count < 9 && _random.Next(4) == 0;
            List<PartTruth> inner = hasInner
                ? [.. Enumerable.Range(0, _random.Next(2, 5)).Select(j => new PartTruth(s_romans[j], _random.Next(1, 5), []))] : [];
            parts.Add(new(label, hasInner ? null : _random.Next(1, 8), inner));
        }

        return parts;
    }

    void Cover(int? total, bool hasInsert, int questions, bool hasSections)
    {
        _pdf.NewPage();
        _pdf.Text(_left, 90, $"{s_words[_random.Next(s_words.Length)].ToUpperInvariant()} STUDIES", 22);
        _pdf.Text(_left, 120, $"Paper {_random.Next(1, 5)}", 14);
        _pdf.TextTo(_right, 90, _code, 12);
        _pdf.Text(_left, 150, $"{_random.Next(1, 3)} hour {_random.Next(1, 5) * 10} minutes", 11);
        _pdf.Text(_left, 180, "Candidate number ____________   Centre number ____________", 10);
        _pdf.Text(_left, 210, "INSTRUCTIONS", 12);
        string[] rules =
        [
            "Write your name and candidate number in the boxes above.", "Answer all questions.", "Use black ink or a black pen.",
            hasSections ? "There are two sections in this paper, Section A and Section B." : "You may use a calculator.",
        ];
        var numbered = _random.Next(2) == 0;
        for (var i = 0; i < rules.Length; i++)
            _pdf.Text(_left, 230 + i * 16, numbered ? $"{i + 1}{(_random.Next(2) == 0 ? "." : "")} {rules[i]}" : rules[i], 10);
        _pdf.Text(_left, 310, "INFORMATION", 12);
        var y = 330;
        if (total is not null)
        {
            _pdf.Text(_left, y, Total(total.Value), 10);
            y += 16;
        }

        if (_style == PaperStyle.Choice)
        {
            _pdf.Text(_left, y, $"There are {questions} questions on this paper. Each correct answer will score one mark.", 10);
            y += 16;
        }

        if (hasInsert)
            _pdf.Text(_left, y, "An insert is provided with this question paper.", 10);
    }

    string Total(int total) => _style switch
    {
        PaperStyle.Totalled => $"The total mark for this paper is {total}.",
        PaperStyle.Maximum => $"The maximum mark for this examination paper is [{total} marks].",
        PaperStyle.Boxed => $"The maximum mark for this paper is {total}.",
        PaperStyle.Dotted => _random.Next(2) == 0 ? $"Total marks: {total}" : $"Maximum mark: {total}",
        _ => $"The total mark for this paper is {total}.",
    };

    void Question(QuestionTruth question)
    {
        Need(question.Options.Count > 0 ? 110 : 70);
        var number = question.Number;
        var text = $"The {question.Mark} {Words(6, 16)}.";
        var isFirstLine = _style != PaperStyle.Worded;
        var x = _left + _indent;
        switch (_style)
        {
            case PaperStyle.Maximum:
                _pdf.Text(_left, _y, $"{number}.", _size);
                _pdf.Text(x, _y, $"[Maximum mark: {question.Marks}]", _size);
                _y += 18;
                break;
            case PaperStyle.Dotted:
                _pdf.Text(_left, _y, $"{number}{(_code[0] % 2 == 0 ? "." : ")")}", _size);
                break;
            case PaperStyle.Worded:
                _pdf.Text(_left, _y, $"Question {number}", _size + 1);
                _y += 18;
                break;
            case PaperStyle.Boxed:
                BoxedNumber(number, null);
                x = _left + 75;
                break;
            default:
                if (_alignsRight)
                    _pdf.TextTo(_numberRight, _y, $"{number}", _size);
                else
                    _pdf.Text(_left, _y, $"{number}", _size);
                break;
        }

        if (_style == PaperStyle.Bracketed && question.Parts.Count > 0 && _random.Next(3) == 0)
        {
            // "3 (a) ..." on one line: the question has no text of its own before its first part.
            Parts(question, x, $"The {question.Mark} ");
            return;
        }

        Paragraph(x, text + (question.Parts.Count == 0 && question.Options.Count == 0
            ? $" {s_verbs[_random.Next(s_verbs.Length)]} {Words(4, 12)}." : ""));
        if (isFirstLine && _random.Next(6) == 0)
            Decoy(x);
        if (question.Options.Count > 0)
            Options(question, x);
        else if (question.Parts.Count > 0)
            Parts(question, x, "");
        else
            Marks(question.Marks);
        if (_style == PaperStyle.Totalled)
        {
            Need(24);
            _pdf.TextTo(_right, _y, $"(Total for Question {number} = {question.Marks} marks)", _size);
            _y += 22;
        }

        _y += _random.Next(4, 16);
    }
}
