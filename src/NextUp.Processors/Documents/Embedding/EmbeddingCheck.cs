using NextUp.Processors.Documents.Results;

namespace NextUp.Processors.Documents.Embedding;

/// <summary>Holds what a model answered against what it was asked. A vector that is not one must never be stored.</summary>
static class EmbeddingCheck
{
    /// <param name="dimension">What every vector must have; null where any length will do, the same for all.</param>
    /// <exception cref="EmbeddingException">Something is wrong; the message says what.</exception>
    public static void Whole(string model, IReadOnlyList<float[]> vectors, int expected, int? dimension)
    {
        if (vectors.Count != expected)
            throw Wrong(model, $"gave {vectors.Count} vectors for {expected} texts");
        foreach (var vector in vectors)
        {
            dimension ??= vector.Length;
            if (vector.Length != dimension)
            {
                throw Wrong(
                    model, $"gave a vector of {vector.Length} numbers where {dimension} are expected "
                    + "(documents.embedding.dimension)");
            }

            if (vector.Length is 0 or > VectorLimits.DimensionMax)
                throw Wrong(model, $"gave a vector of {vector.Length} numbers; 1 to {VectorLimits.DimensionMax} can be stored");
            if (!Array.TrueForAll(vector, float.IsFinite))
                throw Wrong(model, "gave a vector with a number that is none (NaN or infinite)");
            if (Array.TrueForAll(vector, value => value == 0))
                throw Wrong(model, "gave a vector of zeros");
        }
    }

    static EmbeddingException Wrong(string model, string what) => new(
        $"The embedding model \"{model}\" {what}. Nothing was stored; see that documents.embedding names the right model.",
        isTransient: false);
}
