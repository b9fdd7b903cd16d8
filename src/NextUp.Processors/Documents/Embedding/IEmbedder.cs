using NextUp.Actors.Documents;

namespace NextUp.Processors.Documents.Embedding;

/// <summary>Turns texts into vectors whose nearness is nearness of meaning.</summary>
public interface IEmbedder
{
    /// <summary>The name of the model, which is kept with every vector.</summary>
    string Model { get; }

    /// <summary>The space of its vectors; null while a service has not said yet how many numbers it gives.</summary>
    EmbeddingSpace? Space { get; }

    /// <summary>One vector for each text, in their order, all of one length and of length 1 in their space.</summary>
    /// <exception cref="EmbeddingException">It cannot be done, for now or at all.</exception>
    Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, EmbeddingUse use, CancellationToken cancellationToken);
}

/// <summary>What a vector is made for: some models want to know.</summary>
public enum EmbeddingUse
{
    Document = 0,
    Query = 1,
}

/// <summary>The model could not do it.</summary>
/// <param name="message">What, where and the way out, for the operator and the job's user.</param>
/// <param name="isTransient">Another try later may succeed.</param>
public sealed class EmbeddingException(string message, bool isTransient, TimeSpan? after = null, Exception? inner = null)
    : Exception(message, inner)
{
    public bool IsTransient { get; } = isTransient;

    /// <summary>How long to wait at least, where the service said so.</summary>
    public TimeSpan? After { get; } = after;
}
