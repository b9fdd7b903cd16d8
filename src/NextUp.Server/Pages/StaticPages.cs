using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Pages;

/// <summary>
/// The page, embedded in this assembly. Files whose names carry a hash of their content are kept by browsers for good;
/// the others are asked for again each time and answered with 304 while they are the same.
/// </summary>
sealed class StaticPages
{
    /// <summary>The users' page.</summary>
    public const string Index = "index.html";

    /// <summary>The operators' page.</summary>
    public const string Operations = "operations.html";

    /// <summary>Exam papers, for administrators.</summary>
    public const string Exams = "exams.html";

    const string ResourcePrefix = "pages/";
    const string HashedFolder = "assets/";
    const string KeptForGood = "public, max-age=31536000, immutable";
    const string AskedAgain = "no-cache";

    static readonly FrozenDictionary<string, string> s_types = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".html"] = "text/html; charset=utf-8",
        [".ico"] = "image/x-icon",
        [".js"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json; charset=utf-8",
        [".png"] = "image/png",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
        [".webmanifest"] = "application/manifest+json",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary();

    readonly FrozenDictionary<string, Page> _pages;
    readonly Callers _callers;

    sealed record Page(byte[] Content, string Type, string Tag, string CacheControl);

    public StaticPages(Callers callers)
    {
        _callers = callers;
        var assembly = Assembly.GetExecutingAssembly();
        _pages = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[ResourcePrefix.Length..].Replace('\\', '/'), name => Read(assembly, name));
    }

    /// <summary>Every file that a page asks for, as a path without its leading slash.</summary>
    public IEnumerable<string> Paths => _pages.Keys.Where(path => path is not (Index or Operations or Exams));

    /// <summary>A page itself: <see cref="Index"/>, <see cref="Operations"/> or <see cref="Exams"/>. An opener gets an identity.</summary>
    public Task PageAsync(HttpContext context, string name)
    {
        if (!_pages.TryGetValue(name, out var page))
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(
                "NextUp is running. This build carries no page; the API is described at /openapi.\n",
                context.RequestAborted);
        }

        _callers.Welcome(context);
        return SendAsync(context, page);
    }

    public Task FileAsync(HttpContext context, string path) =>
        _pages.TryGetValue(path, out var page)
            ? SendAsync(context, page)
            : Problems.WriteAsync(context, Problems.NotFound(context.Request.Path.Value ?? ""));

    static async Task SendAsync(HttpContext context, Page page)
    {
        var response = context.Response;
        response.Headers.ETag = page.Tag;
        response.Headers.CacheControl = page.CacheControl;
        if (context.Request.Headers.IfNoneMatch.ToString() == page.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = page.Type;
        response.ContentLength = page.Content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(page.Content, context.RequestAborted);
    }

    static Page Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var path = name[ResourcePrefix.Length..];
        return new Page(
            content,
            s_types.GetValueOrDefault(Path.GetExtension(path), "application/octet-stream"),
            $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"",
            path.StartsWith(HashedFolder, StringComparison.Ordinal) ? KeptForGood : AskedAgain);
    }
}
