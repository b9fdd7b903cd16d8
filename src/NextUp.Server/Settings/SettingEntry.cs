namespace NextUp.Server.Settings;

/// <summary>When a changed setting takes effect.</summary>
enum Applies
{
    /// <summary>At the next start of the server.</summary>
    AtRestart = 0,

    /// <summary>As soon as the settings are read again.</summary>
    AtOnce = 1,
}

/// <summary>A setting as it was read: what the reference says of it, and what it is now.</summary>
/// <param name="Key">The whole path, such as <c>bibtex.crossref.timeout</c>.</param>
/// <param name="Pattern">The path with placeholders, such as <c>bibtex.SERVICE.timeout</c>.</param>
/// <param name="Default">As one would write it; "none" where there is none.</param>
/// <param name="Allowed">Type and range in words.</param>
/// <param name="Description">What it is for and what it trades, in a sentence or two.</param>
/// <param name="Value">As one would write it; secrets are not shown.</param>
/// <param name="Source">Where the value comes from, or null for the default.</param>
sealed record SettingEntry(
    string Key, string Pattern, string Default, string Allowed, string Description, Applies Applies, string Value,
    string? Source)
{
    /// <summary>Differs where the value does, also where the value is not shown.</summary>
    public int Mark { get; init; }
}

/// <summary>Something in the settings that cannot be used.</summary>
/// <param name="Key">The whole path of the setting; empty where the settings as a whole are meant.</param>
/// <param name="Value">As it was written; null where there is none to show.</param>
/// <param name="Source">Where it was written; null where there is nothing to point to.</param>
/// <param name="Sentence">What is wrong and the way out.</param>
sealed record SettingFault(string Key, string? Value, string? Source, string Sentence)
{
    public override string ToString()
    {
        var source = Source is null ? "" : $" ({Source})";
        return (Key, Value) switch
        {
            ("", _) => Sentence,
            (_, null) => $"{Key}{source}: {Sentence}",
            _ => $"{Key} = {Value}{source}: {Sentence}",
        };
    }
}
