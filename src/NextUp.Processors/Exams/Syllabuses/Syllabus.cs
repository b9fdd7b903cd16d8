using System.Text.Json;

namespace NextUp.Processors.Exams.Syllabuses;

/// <summary>A list of chapters that questions are tagged with.</summary>
public sealed record Syllabus(string Name, IReadOnlyList<Chapter> Chapters)
{
    /// <summary>Chapters of one syllabus.</summary>
    public const int ChaptersMax = 500;

    /// <summary>Characters of a chapter's title, description, or of one of its subtopics.</summary>
    public const int TextLengthMax = 4_000;

    /// <summary>Characters of a chapter's number.</summary>
    public const int NumberLengthMax = 40;

    /// <summary>Subtopics of one chapter.</summary>
    public const int SubtopicsMax = 200;

    /// <summary>The syllabus, or a sentence on what is wrong with it.</summary>
    public static (Syllabus? Syllabus, string? Fault) Read(ReadOnlySpan<byte> json)
    {
        const string Shape = "A syllabus is {\"name\": \"...\", \"chapters\": [{\"number\": \"1\", \"title\": \"...\", "
            + "\"description\": \"...\", \"subtopics\": [\"...\"]}]}";
        try
        {
            if (JsonSerializer.Deserialize(json, ExamJson.Wire.Syllabus) is not { } syllabus)
                return (null, $"{Shape}, and not null.");
            return syllabus.Fault() is { } fault ? (null, fault) : (syllabus, null);
        }
        catch (JsonException error)
        {
            return (null, $"{Shape}: {error.Message}");
        }
    }

    /// <summary>What is wrong with it, or null.</summary>
    public string? Fault()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > TextLengthMax)
            return "A syllabus has a \"name\".";
        if (Chapters is not { Count: > 0 and <= ChaptersMax })
            return $"A syllabus has 1 to {ChaptersMax} \"chapters\".";
        for (var i = 0; i < Chapters.Count; i++)
        {
            var chapter = Chapters[i];
            if (chapter is null || string.IsNullOrWhiteSpace(chapter.Title) || chapter.Title.Length > TextLengthMax)
                return $"Chapter {i + 1} of the syllabus has no \"title\", or one of more than {TextLengthMax} characters.";
            if (chapter.Number?.Length > NumberLengthMax)
                return $"The \"number\" of chapter {i + 1} of the syllabus has more than {NumberLengthMax} characters.";
            if (chapter.Description?.Length > TextLengthMax || chapter.Subtopics?.Count > SubtopicsMax
                || chapter.Subtopics?.Any(subtopic => subtopic is null || subtopic.Length > TextLengthMax) == true)
            {
                return $"Chapter {i + 1} of the syllabus says too much: at most {TextLengthMax} characters of description and "
                    + $"{SubtopicsMax} subtopics.";
            }
        }

        return null;
    }
}

/// <param name="Number">As the syllabus prints it: 1, 2.3, C ...</param>
public sealed record Chapter(string? Number, string Title, string? Description = null, IReadOnlyList<string>? Subtopics = null);
