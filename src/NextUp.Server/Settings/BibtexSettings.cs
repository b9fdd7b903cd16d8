namespace NextUp.Server.Settings;

/// <summary>The section <c>bibtex</c>: who is asked for what an entry lacks, in which order, and where.</summary>
sealed record BibtexSettings
{
    public const string Catalogue = "catalogue";

    /// <summary>Every provider there is; the local catalogue needs no network.</summary>
    public static readonly IReadOnlyList<string> ProvidersKnown =
        [Catalogue, "crossref", "openalex", "semanticscholar", "datacite", "arxiv"];

    /// <summary>The longest contact address, in characters (RFC 5321).</summary>
    public const int ContactLengthMax = 254;

    /// <summary>Asked in this order. <c>["catalogue"]</c> means no network at all. Defaults to all of them.</summary>
    public IReadOnlyList<string> Providers { get; init; } = ProvidersKnown;

    /// <summary>Another address for a provider, for mirrors and tests.</summary>
    public IReadOnlyDictionary<string, Uri> Addresses { get; init; } = new Dictionary<string, Uri>();

    /// <summary>A mail address that providers are told, so that they can reach the operator; they answer such callers sooner.</summary>
    public string? Contact { get; init; }

    public static BibtexSettings Read(SettingsSection section)
    {
        var providers = section.Words("providers", ProvidersKnown, ProvidersKnown);
        var contact = section.Text("contact", ContactLengthMax);
        var addresses = new Dictionary<string, Uri>();
        var addressSection = section.Section("addresses");
        foreach (var provider in ProvidersKnown.Where(provider => provider != Catalogue))
        {
            if (addressSection.Address(provider) is { } address)
                addresses[provider] = address;
        }

        addressSection.End();
        section.End();
        return new() { Providers = providers, Addresses = addresses, Contact = contact };
    }
}
