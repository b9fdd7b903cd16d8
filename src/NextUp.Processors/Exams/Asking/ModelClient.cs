using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NextUp.Processors.Exams.Asking;

/// <summary>
/// Talks to <c>POST /chat/completions</c> of an OpenAI-compatible endpoint. What may pass (408, 429, 5xx, a broken connection,
/// a time limit) is tried again, after the time that the endpoint asks for; what does not pass (no credit, a bad key, a
/// refusal) is not.
/// </summary>
public sealed class ModelClient(HttpClient http, ModelOptions options, TimeProvider clock)
{
    /// <summary>The longest answer that is read, in bytes.</summary>
    public const int AnswerBytesMax = 4 << 20;

    /// <summary>Characters of what an endpoint says of a failure that are kept.</summary>
    const int ReasonLengthMax = 300;

    static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    public ModelOptions Options => options;

    /// <param name="schema">What the answer has to be, as JSON schema; endpoints that know no schemas are asked without.</param>
    public async Task<ModelReply> AskAsync(
        IReadOnlyList<ModelMessage> messages, JsonNode schema, CancellationToken cancellationToken)
    {
        var (withSchema, reason) = (true, "");
        for (var attempt = 1; attempt <= options.TriesMax; attempt++)
        {
            var wait = FirstDelay * Math.Pow(2, attempt - 1);
            try
            {
                using var request = RequestOf(messages, withSchema ? schema : null);
                using var late = new CancellationTokenSource(options.Timeout, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
                var body = await BodyAsync(response, either.Token);
                if (response.IsSuccessStatusCode)
                    return Read(body);
                reason = $"{(int)response.StatusCode}: {ErrorOf(body)}";
                if (response.StatusCode == HttpStatusCode.BadRequest && withSchema
                    && body.Contains("response_format", StringComparison.Ordinal))
                {
                    (withSchema, wait) = (false, TimeSpan.Zero);
                }
                else if (!MayPass(response.StatusCode, body))
                {
                    return new ModelReply.Refused(reason);
                }
                else if (WaitAsked(response) is { } asked)
                {
                    if (asked > options.RetryAfterMax)
                        return new ModelReply.Away($"{reason}; it asks to wait {asked.TotalSeconds:0} s");
                    wait = asked;
                }
            }
            catch (HttpRequestException error)
            {
                reason = error.Message;
            }
            catch (IOException error)
            {
                reason = error.Message;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                reason = string.Create(CultureInfo.InvariantCulture, $"no answer within {options.Timeout.TotalSeconds:0} s");
            }

            if (attempt < options.TriesMax && wait > TimeSpan.Zero)
                await Task.Delay(wait, clock, cancellationToken);
        }

        return new ModelReply.Away(reason);
    }

    HttpRequestMessage RequestOf(IReadOnlyList<ModelMessage> messages, JsonNode? schema)
    {
        var body = new JsonObject
        {
            ["model"] = options.Model,
            ["temperature"] = 0,
            ["max_tokens"] = options.AnswerTokensMax,
            ["messages"] = new JsonArray(
                [.. messages.Select(one => new JsonObject { ["role"] = one.Role, ["content"] = one.Content })]),
        };
        if (schema is not null)
        {
            body["response_format"] = new JsonObject
            {
                ["type"] = "json_schema",
                ["json_schema"] = new JsonObject { ["name"] = "questions", ["strict"] = true, ["schema"] = schema.DeepClone() },
            };
        }

        var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(options.Endpoint!.AbsoluteUri.TrimEnd('/') + "/chat/completions"))
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        if (options.ApiKey is { } key)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[AnswerBytesMax];
        var length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    static ModelReply Read(string body)
    {
        try
        {
            var answer = JsonNode.Parse(body);
            var choice = answer?["choices"]?[0];
            var end = (string?)choice?["finish_reason"];
            if ((string?)choice?["message"]?["refusal"] is { Length: > 0 } refusal)
                return new ModelReply.Refused($"the model refused: {Short(refusal)}");
            if (end == "content_filter")
                return new ModelReply.Refused("the model's filter held its answer back");
            if ((string?)choice?["message"]?["content"] is not { } text)
                return new ModelReply.Refused("the endpoint's answer has no message in it");
            return new ModelReply.Said(
                text, end == "length", Tokens(answer, "prompt_tokens"), Tokens(answer, "completion_tokens"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException
            or ArgumentOutOfRangeException)
        {
            return new ModelReply.Refused($"the endpoint's answer is no chat completion: {Short(error.Message)}");
        }
    }

    static long Tokens(JsonNode? answer, string name) => (long?)answer?["usage"]?[name] ?? 0;

    /// <summary>No credit comes as 429, too, and waiting does not help against it.</summary>
    static bool MayPass(HttpStatusCode status, string body) =>
        (status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500)
        && !body.Contains("insufficient_quota", StringComparison.Ordinal)
        && !body.Contains("billing", StringComparison.OrdinalIgnoreCase);

    TimeSpan? WaitAsked(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
        _ => null,
    };

    static string ErrorOf(string body)
    {
        try
        {
            return Short((string?)JsonNode.Parse(body)?["error"]?["message"] ?? body);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Short(body);
        }
    }

    static string Short(string text) => text.Length <= ReasonLengthMax ? text : text[..ReasonLengthMax] + "...";
}
