using System.Globalization;
using NextUp.Actors.Store;
using NextUp.Server.Users;

namespace NextUp.Server.Operations.Auditing;

/// <summary>
/// Notes what operators and administrators do. <see cref="Callers.Guard(CallerHandler, Audience, Scope?, Func{HttpContext,
/// Client.Wire.Problem, Task}?)"/> sends every change of theirs through here, so that none can be forgotten. The entry is
/// stored before anything is done, and its outcome after: an action that cannot be noted is not carried out.
/// </summary>
sealed class AuditTrail(IJobStore store, TimeProvider clock)
{
    /// <summary>The longest target or note that is kept, in characters.</summary>
    const int TextLengthMax = 1_000;

    static readonly object s_note = new();

    /// <summary>What the action wants to be remembered, for example how many jobs it concerned.</summary>
    public static void Note(HttpContext context, string note) => context.Items[s_note] = note;

    public async Task RunAsync(HttpContext context, Caller caller, CallerHandler handler)
    {
        var now = clock.GetUtcNow();
        var entry = EntryOf(context, caller, Guid.CreateVersion7(now), now);
        await store.CommitAsync(new([new Change.BeginAudit(entry)]));
        var outcome = StatusCodes.Status500InternalServerError;
        try
        {
            await handler(context, caller);
            outcome = context.Response.StatusCode;
        }
        finally
        {
            await EndAsync(entry.Id, outcome, context.Items[s_note] as string);
        }
    }

    async Task EndAsync(Guid id, int outcome, string? note)
    {
        try
        {
            await store.CommitAsync(new([new Change.EndAudit(id, outcome, note is null ? null : Cut(note))]));
        }
        catch (StoreFailedException)
        {
            // The entry stays without an outcome, which is true: nobody can look it up there.
        }
    }

    static AuditEntry EntryOf(HttpContext context, Caller caller, Guid id, DateTimeOffset now)
    {
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? context.Request.Path.Value;
        return new AuditEntry(
            id, now, caller.User, caller.Role.Name(), $"{context.Request.Method} {pattern}",
            Cut(string.Create(CultureInfo.InvariantCulture, $"{context.Request.Path}{context.Request.QueryString}")), 0,
            context.Connection.RemoteIpAddress?.ToString() ?? "", null);
    }

    static string Cut(string text) => text.Length <= TextLengthMax ? text : text[..TextLengthMax];
}
