using System.Text.Json.Serialization;

namespace NextUp.Client.Wire;

/// <summary>
/// What is wanted of a new job over an earlier one's result. Everything may be left out: then all of it is worked on
/// again.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AgainRequest
{
    /// <summary>
    /// The work that an entry is, by the entry's key: a candidate of the report or another one, as a DOI or as
    /// <c>arXiv:ID</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Accept { get; init; }

    /// <summary>Keys of entries to look up again; at most 1,000.</summary>
    public IReadOnlyList<string>? Entries { get; init; }

    /// <summary>
    /// Look up again whatever was not found, was ambiguous, has a wrong DOI, or could not be asked for everywhere.
    /// </summary>
    public bool Failed { get; init; }

    /// <summary>refuse, hold or replace; left out, what the kind does.</summary>
    public string? WhenBusy { get; init; }
}
