using System.Net.Http.Json;
using NextUp.Client.Wire;

namespace NextUp.Client;

/// <summary>API keys and the audit log.</summary>
public sealed partial class NextUpClient
{
    /// <summary>Makes a key. Its text is in this answer and nowhere else.</summary>
    public async Task<NewKeyView> CreateKeyAsync(KeyRequest key, CancellationToken cancellationToken = default)
    {
        var request = _exchange.NewRequest(HttpMethod.Post, At("api/v1/keys"));
        request.Content = JsonContent.Create(key, WireJson.Wire.KeyRequest);
        using var response = await _exchange.SendOnceAsync(
            request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, WireJson.Wire.NewKeyView, cancellationToken);
    }

    /// <summary>Your keys, newest first.</summary>
    public Task<KeyPage> KeysPageAsync(string? after = null, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("api/v1/keys" + After(after)), WireJson.Wire.KeyPage, cancellationToken);

    /// <summary>Revokes one of your keys; it ends at once. Revoking it again changes nothing.</summary>
    public async Task RevokeKeyAsync(string id, CancellationToken cancellationToken = default)
    {
        var path = At("api/v1/keys/" + Uri.EscapeDataString(id));
        using var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Delete, path), HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    /// <summary>For administrators: what operators and administrators did, newest first.</summary>
    public Task<AuditPage> AuditPageAsync(string? after = null, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("api/v1/operations/audit" + After(after)), WireJson.Wire.AuditPage, cancellationToken);

    static string After(string? after) => after is null ? "" : "?after=" + Uri.EscapeDataString(after);
}
