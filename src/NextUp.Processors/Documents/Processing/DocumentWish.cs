using System.Text.Json;

namespace NextUp.Processors.Documents.Processing;

/// <summary>What a submission's options ask for.</summary>
/// <param name="IsOverChunks">The upload is a file of chunks whose vectors are to be made anew.</param>
public sealed record DocumentWish(bool IsOverChunks)
{
    /// <summary>What options may be, as the end of a sentence.</summary>
    public const string Rule = "{\"work\": \"chunks\"} for a file of chunks whose vectors are to be made anew, or none.";

    /// <summary>The options of a job over a file of chunks.</summary>
    public const string OverChunks = "{\"work\":\"chunks\"}";

    /// <summary>Null where they are none that a document knows.</summary>
    public static DocumentWish? Read(string? options)
    {
        if (options is null)
            return new(IsOverChunks: false);
        using var read = JsonDocument.Parse(options);
        var isOverChunks = false;
        foreach (var option in read.RootElement.EnumerateObject())
        {
            if (option.Name != "work" || option.Value.ValueKind != JsonValueKind.String || !option.Value.ValueEquals("chunks"))
                return null;
            isOverChunks = true;
        }

        return new(isOverChunks);
    }
}
