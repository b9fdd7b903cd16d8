using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NextUp.Actors.Jobs;

namespace NextUp.Processors.Exams.Asking;

/// <summary>
/// What a model has said costs money, so each answer is stored at once, under a fingerprint of the model and all that it was
/// told. A later attempt that asks the same takes it from there; its tokens count as they did, for they were paid.
/// </summary>
public sealed class AnswerSteps(IJobRun run)
{
    /// <summary>Answers that were there already.</summary>
    public int Found { get; private set; }

    public async Task<ModelReply> AskAsync(
        ModelClient client, IReadOnlyList<ModelMessage> messages, JsonNode schema, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(messages);
        var name = NameOf(client.Options.Model, messages);
        if (await run.LoadCheckpointAsync(name, cancellationToken) is { } stored
            && JsonSerializer.Deserialize(stored, AnswerJson.Default.Said) is { } kept)
        {
            Found++;
            return kept;
        }

        var reply = await client.AskAsync(messages, schema, cancellationToken);
        if (reply is ModelReply.Said said)
            await run.SaveCheckpointAsync(name, JsonSerializer.SerializeToUtf8Bytes(said, AnswerJson.Default.Said), cancellationToken);
        return reply;
    }

    static string NameOf(string model, IReadOnlyList<ModelMessage> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(model + "\0"));
        foreach (var message in messages)
            hash.AppendData(Encoding.UTF8.GetBytes($"{message.Role}\0{message.Content}\0"));
        return "answer-" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Answers as they are kept between attempts.</summary>
[JsonSerializable(typeof(ModelReply.Said))]
sealed partial class AnswerJson : JsonSerializerContext;
