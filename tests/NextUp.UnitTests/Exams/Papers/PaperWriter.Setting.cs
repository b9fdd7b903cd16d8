using System.Globalization;

namespace NextUp.UnitTests.Exams.Papers;

/// <summary>How parts, options, marks, decoys, heads and feet are set.</summary>
public sealed partial class PaperWriter
{
    void BoxedNumber(int number, string? part)
    {
        var digits = number.ToString("00", CultureInfo.InvariantCulture);
        _pdf.Text(_left, _y, $"{digits[0]}", _size);
        _pdf.Text(_left + 14, _y, $"{digits[1]}", _size);
        if (part is null)
            return;
        _pdf.Text(_left + 26, _y, ".", _size);
        _pdf.Text(_left + 34, _y, part, _size);
    }

    void Parts(QuestionTruth question, double x, string before)
    {
        foreach (var part in question.Parts)
        {
            Need(50);
            var said = before;
            var own = $"{before}{s_verbs[_random.Next(s_verbs.Length)]} {Words(4, 14)}.";
            before = "";
            if (_style == PaperStyle.Boxed)
            {
                BoxedNumber(question.Number, part.Label);
                Paragraph(_left + 75, own);
                Marks(part.Marks ?? 0);
                continue;
            }

            _pdf.Text(x, _y, $"({part.Label})", _size);
            var inner = x + _indent;
            if (part.Parts.Count > 0 && _random.Next(2) == 0)
            {
                // "(a) (i)" on one line.
                InnerParts(part, inner, said);
                continue;
            }

            Paragraph(inner, own);
            if (part.Parts.Count > 0)
                InnerParts(part, inner);
            else
                Marks(part.Marks ?? 0);
        }
    }

    void InnerParts(PartTruth part, double x, string before = "")
    {
        foreach (var inner in part.Parts)
        {
            Need(40);
            _pdf.Text(x, _y, $"({inner.Label})", _size);
            Paragraph(x + _indent, $"{before}{s_verbs[_random.Next(s_verbs.Length)]} {Words(3, 12)}.");
            before = "";
            Marks(inner.Marks ?? 0);
        }
    }

    void Marks(int marks)
    {
        Need(30);
        var text = _style switch
        {
            PaperStyle.Totalled => $"({marks})",
            PaperStyle.Boxed => $"[{marks} mark{(marks == 1 ? "" : "s")}]",
            PaperStyle.Dotted or PaperStyle.Worded => $"({marks} mark{(marks == 1 ? "" : "s")})",
            _ => $"[{marks}]",
        };
        if (_style == PaperStyle.Bracketed && _random.Next(2) == 0)
        {
            _pdf.Text(_left + _indent, _y, new string('.', (int)((_right - _left - 60) / (_size * 0.278) * 0.9)), _size);
            _y += 4;
        }

        _pdf.TextTo(_right, _y, text, _size);
        _y += 20;
    }

    void Options(QuestionTruth question, double x)
    {
        switch (_random.Next(3))
        {
            case 0:
                for (var i = 0; i < 4; i++)
                {
                    _pdf.Text(x, _y, $"{(char)('A' + i)}", _size);
                    _pdf.Text(x + 20, _y, question.Options[i], _size);
                    _y += 16;
                }

                return;
            case 1 when question.Options.All(option => PdfWriter.WidthOf(option, _size) < 80):
                for (var i = 0; i < 4; i++)
                {
                    _pdf.Text(x + i * 115, _y, $"{(char)('A' + i)}", _size);
                    _pdf.Text(x + i * 115 + 16, _y, question.Options[i], _size);
                }

                _y += 18;
                return;
            default:
                for (var i = 0; i < 4; i++)
                {
                    var at = x + i % 2 * 220;
                    _pdf.Text(at, _y, $"{(char)('A' + i)}", _size);
                    _pdf.Text(at + 16, _y, question.Options[i], _size);
                    _y += i % 2 * 16;
                }

                _y += 4;
                return;
        }
    }

    /// <summary>What looks like the beginning of a question.</summary>
    void Decoy(double x)
    {
        switch (_random.Next(4))
        {
            case 0:
                for (var i = 1; i <= 3; i++)
                {
                    _pdf.Text(x + 30, _y, $"{i}. {Words(2, 5)}", _size);
                    _y += 15;
                }

                break;
            case 1:
                for (var i = 0; i < 5; i++)
                    _pdf.Text(x + i * 60, _y, $"{i * 2}", _size);
                _y += 16;
                break;
            case 2:
                Paragraph(x, $"It was {_random.Next(1900, 2000)} and lasted {_random.Next(2, 9)} hours.");
                break;
            default:
                _pdf.Text(x + 40, _y, $"Fig. {_random.Next(1, 9)}.1", _size);
                _y += 20;
                break;
        }
    }

    void Paragraph(double x, string text)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && x + PdfWriter.WidthOf(line + " " + word, _size) > _right - 50)
            {
                Put();
                line = "";
            }

            line += line.Length == 0 ? word : " " + word;
        }

        Put();
        _y += 4;

        void Put()
        {
            Need(16);
            _pdf.Text(x, _y, line, _size);
            _y += _size * 1.3;
        }
    }

    void Need(double points)
    {
        if (_y + points > 842 - 90)
            NewPage();
    }

    void NewPage()
    {
        _pdf.NewPage();
        _y = 100;
    }

    /// <summary>Heads and feet of every page but the cover, written at the end.</summary>
    void Feet()
    {
        for (var page = 2; page <= _pdf.Pages; page++)
        {
            _pdf.TextCentred(46, $"{page}", 10, page);
            if (_head is not null)
                _pdf.Text(_left, 815, $"{_head}   {_code}", 8, page: page);
            if (page < _pdf.Pages && _random.Next(2) == 0)
                _pdf.Text(_right - 60, 815, "[Turn over", 8, page: page);
            if (_style is PaperStyle.Totalled)
                _pdf.Text(18, 600, "DO NOT WRITE IN THIS AREA", 8, isTurned: true, page: page);
        }
    }

    string Words(int min, int max) =>
        string.Join(' ', Enumerable.Range(0, _random.Next(min, max + 1)).Select(_ => s_words[_random.Next(s_words.Length)]));
}
