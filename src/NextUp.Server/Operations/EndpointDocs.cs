using Microsoft.AspNetCore.Http.Metadata;
using NextUp.Client.Wire;

namespace NextUp.Server.Operations;

/// <summary>Who an endpoint serves. Every endpoint carries one; a test fails on an endpoint without.</summary>
enum Audience
{
    /// <summary>Anyone, and the answer is the same for all: no identity is looked at.</summary>
    Everyone,

    /// <summary>
    /// A caller with an identity, made on the spot where there is none; sees the whole system's counts or own things.
    /// </summary>
    Caller,

    /// <summary>The owner of the job in the path; to everyone else the job does not exist.</summary>
    JobOwner,

    /// <summary>The owner of the document in the path; to everyone else it does not exist.</summary>
    DocumentOwner,

    /// <summary>The owner of the subscription in the path; to everyone else it does not exist.</summary>
    SubscriptionOwner,

    /// <summary>Accounts, not visitors; each sees and changes their own.</summary>
    Account,

    /// <summary>Workers: those whose credentials have the scope <c>work</c>.</summary>
    Worker,

    /// <summary>Operators and administrators; everyone else is refused and learns nothing.</summary>
    Operator,

    /// <summary>Administrators; everyone else is refused and learns nothing.</summary>
    Administrator,
}

/// <summary>
/// What the OpenAPI document says of an endpoint. The handlers are plain delegates, which keeps every request free of
/// binding and reflection, so the description is written beside the route instead of being read out of a signature.
/// </summary>
static class EndpointDocs
{
    /// <param name="Name">As in the query string.</param>
    public sealed record QueryParameter(string Name, string Description, bool IsNumber);

    public sealed record HeaderParameter(string Name, string Description);

    /// <param name="Fields">Name and description of each form field; the one called file is a file.</param>
    public sealed record Form(IReadOnlyDictionary<string, string> Fields);

    /// <summary>The endpoint takes a JSON object, which may be left out.</summary>
    public sealed record JsonBody(Type Type);

    static readonly System.Reflection.MethodInfo s_nothingBound = ((Action)NothingBound).Method;

    /// <summary>Puts the endpoint into the document under a tag and says what it is for.</summary>
    public static RouteHandlerOrEndpoint Describe(
        this IEndpointConventionBuilder endpoint, string tag, string summary, Audience audience)
    {
        // The document is made from endpoints that carry a method; its parameters are what would be bound, which is
        // nothing.
        endpoint.Add(builder =>
        {
            builder.Metadata.Add(s_nothingBound);
            builder.Metadata.Add(audience);
        });
        endpoint.WithTags(tag).WithSummary(summary);
        return new(endpoint);
    }

    static void NothingBound()
    {
    }

    /// <summary>Goes on describing one endpoint.</summary>
    public readonly record struct RouteHandlerOrEndpoint(IEndpointConventionBuilder Endpoint)
    {
        public RouteHandlerOrEndpoint Answers<T>(int status, string contentType = "application/json") =>
            With(new ProducesResponseTypeMetadata(status, typeof(T), [contentType]));

        public RouteHandlerOrEndpoint AnswersFile(int status = 200) =>
            With(new ProducesResponseTypeMetadata(status, typeof(void), ["application/octet-stream"]));

        public RouteHandlerOrEndpoint Refuses(params ReadOnlySpan<int> statuses)
        {
            foreach (var status in statuses)
                With(new ProducesResponseTypeMetadata(status, typeof(Problem), [Problem.ContentType]));

            return this;
        }

        public RouteHandlerOrEndpoint Takes(QueryParameter parameter) => With(parameter);

        public RouteHandlerOrEndpoint Takes(HeaderParameter parameter) => With(parameter);

        public RouteHandlerOrEndpoint TakesJson<T>() => With(new JsonBody(typeof(T)));

        public RouteHandlerOrEndpoint TakesForm(params ReadOnlySpan<(string Name, string Description)> fields)
        {
            var form = new Dictionary<string, string>();
            foreach (var (name, description) in fields)
                form.Add(name, description);

            return With(new Form(form));
        }

        RouteHandlerOrEndpoint With(object metadata)
        {
            Endpoint.WithMetadata(metadata);
            return this;
        }
    }
}
