namespace NextUp.Processors.Exams.Review;

/// <summary>What of a change cannot be, said with the member that is at fault.</summary>
static class EditFaults
{
    /// <summary>The first that is found; null where there is none.</summary>
    public static ReviewAnswer.Refused? Of(QuestionEdit edit)
    {
        if (edit.Number is < 1 or > PaperReview.MarksMax)
            return At("number", $"is a whole number from 1 to {PaperReview.MarksMax}.");
        if (edit.Marks is < 0 or > PaperReview.MarksMax)
            return At("marks", $"is a whole number from 0 to {PaperReview.MarksMax}.");
        if (edit.Section is { Length: > PaperReview.LabelLengthMax } || edit.Section?.Any(letter => !char.IsLetterOrDigit(letter)) == true)
        {
            return At("section",
                $"has at most {PaperReview.LabelLengthMax} letters and digits; an empty one takes the question out of its section.");
        }

        if (edit.Text?.Length > PaperReview.TextLengthMax)
            return TooLong("text");
        if (edit.MarkingScheme?.Length > PaperReview.TextLengthMax)
            return TooLong("markingScheme");
        var count = 0;
        return InParts(edit.Parts, "parts", 1, ref count) ?? InOptions(edit.Options);
    }

    static ReviewAnswer.Refused? InParts(IReadOnlyList<QuestionPart>? parts, string where, int level, ref int count)
    {
        if (parts is not { Count: > 0 })
            return null;
        if (level > PaperReview.PartLevelsMax)
            return At(where, $"lies too deep: parts have at most {PaperReview.PartLevelsMax} levels.");
        for (var i = 0; i < parts.Count; i++)
        {
            var (part, at) = (parts[i], $"{where}[{i}]");
            if (++count > PaperReview.PartsMax)
                return At(at, $"is too much: a question has at most {PaperReview.PartsMax} parts, all levels together.");
            if (part is null)
                return At(at, "is a part, {\"label\", \"text\", \"marks\", \"parts\"}, and not null.");
            if (part.Label is null or { Length: 0 or > PaperReview.LabelLengthMax })
                return At($"{at}.label", $"has 1 to {PaperReview.LabelLengthMax} characters.");
            if (part.Text is null)
                return At($"{at}.text", "is missing; it may be empty.");
            if (part.Text.Length > PaperReview.TextLengthMax)
                return TooLong($"{at}.text");
            if (part.Marks is < 0 or > PaperReview.MarksMax)
                return At($"{at}.marks", $"is a whole number from 0 to {PaperReview.MarksMax}, or left out where there are none.");
            if (InParts(part.Parts, $"{at}.parts", level + 1, ref count) is { } inner)
                return inner;
        }

        return null;
    }

    static ReviewAnswer.Refused? InOptions(IReadOnlyList<AnswerOption>? options)
    {
        if (options?.Count > PaperReview.OptionsMax)
            return At("options", $"has at most {PaperReview.OptionsMax} options.");
        for (var i = 0; i < options?.Count; i++)
        {
            if (options[i]?.Label is null or { Length: 0 or > PaperReview.LabelLengthMax })
                return At($"options[{i}].label", $"has 1 to {PaperReview.LabelLengthMax} characters.");
            if (options[i].Text is null)
                return At($"options[{i}].text", "is missing; it may be empty.");
            if (options[i].Text.Length > PaperReview.TextLengthMax)
                return TooLong($"options[{i}].text");
        }

        return null;
    }

    static ReviewAnswer.Refused TooLong(string field) => At(field, $"has at most {PaperReview.TextLengthMax} characters.");

    static ReviewAnswer.Refused At(string field, string rule) => new($"\"{field}\" {rule}", field);
}
