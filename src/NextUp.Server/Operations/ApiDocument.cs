using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;

namespace NextUp.Server.Operations;

/// <summary>
/// Makes the OpenAPI document out of the endpoints and what <see cref="EndpointDocs"/> notes on them.
/// </summary>
static class ApiDocument
{
    public const string Route = "/openapi/{documentName}.json";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "NextUp";
            document.Info.Version = "v1";
            document.Info.Description =
                "A fair job queue for uploaded work. A caller is an account (bearer token) or a visitor (a signed "
                + "cookie, made on first need). Errors are application/problem+json with a code that is never renamed.";
            document.Servers?.Clear();
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "Made with: nextup token --user NAME",
            };
            document.Components.SecuritySchemes["visitor"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = Users.VisitorCookie.Name,
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellationToken) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            AddParameters(operation, context.Description.RelativePath ?? "", metadata);
            AddForm(operation, metadata.OfType<EndpointDocs.Form>().FirstOrDefault());
            if (metadata.OfType<EndpointDocs.JsonBody>().FirstOrDefault() is { Type: var body })
                AddBody(operation, await context.GetOrCreateSchemaAsync(body, null, cancellationToken));
            if (metadata.OfType<Audience>().FirstOrDefault() != Audience.Everyone)
                AddSecurity(operation, context.Document);
        });
    }

    static void AddParameters(OpenApiOperation operation, string path, IList<object> metadata)
    {
        operation.Parameters ??= [];
        foreach (var part in RoutePatternFactory.Parse(path).Parameters)
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = part.Name,
                In = ParameterLocation.Path,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
            });
        }

        foreach (var query in metadata.OfType<EndpointDocs.QueryParameter>())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = query.Name,
                In = ParameterLocation.Query,
                Description = query.Description,
                Schema = new OpenApiSchema { Type = query.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String },
            });
        }

        foreach (var header in metadata.OfType<EndpointDocs.HeaderParameter>())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    static void AddForm(OpenApiOperation operation, EndpointDocs.Form? form)
    {
        if (form is null)
            return;

        var properties = form.Fields.ToDictionary(
            field => field.Key,
            field => (IOpenApiSchema)new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = field.Key.EndsWith("file", StringComparison.Ordinal) ? "binary" : null,
                Description = field.Value,
            });
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["multipart/form-data"] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = properties },
                },
            },
        };
    }

    static void AddBody(OpenApiOperation operation, OpenApiSchema schema) =>
        operation.RequestBody = new OpenApiRequestBody
        {
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
        };

    static void AddSecurity(OpenApiOperation operation, OpenApiDocument? document)
    {
        operation.Security ??= [];
        foreach (var scheme in (ReadOnlySpan<string>)["bearer", "visitor"])
            operation.Security.Add(new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] });
    }
}
