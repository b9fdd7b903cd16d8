using NextUp.Actors.Documents;
using NextUp.Client.Wire;

namespace NextUp.Server.Operations;

/// <summary>What is refused about documents.</summary>
static partial class Problems
{
    public static Problem DocumentNotFound(string id) =>
        Make(404, ProblemCodes.DocumentNotFound, "There is no such document", $"You have no document \"{Shown(id)}\".");

    public static Problem DuplicateDocument(string fileName, DocumentRecord same) =>
        Make(409, ProblemCodes.DuplicateDocument, "You already have this document",
            $"\"{Shown(fileName)}\" "
            + (fileName == same.Name ? "was uploaded before" : $"is the same as \"{Shown(same.Name)}\"")
            + $": it is the document {same.Id}. POST to /api/v1/documents/{same.Id}/reprocess to have it worked on anew, or "
            + "delete it first.") with
        {
            ExistingDocument = same.Id.ToString(),
        };

    public static Problem DocumentBusy(string id) =>
        Make(409, ProblemCodes.DocumentBusy, "The document is being worked on",
            $"A job of the document \"{Shown(id)}\" has not ended. Wait for it, or cancel it.");

    /// <param name="most">How many of what, with the setting.</param>
    public static Problem TooManyDocuments(string most) =>
        Make(429, ProblemCodes.TooManyDocuments, "You have as many documents as there may be",
            $"You have {most}. Delete documents that are no longer needed.");

    public static Problem OriginNotListed(string origin) =>
        Make(403, ProblemCodes.CrossSiteRequest, "The page that connects is not listed",
            $"Pages of \"{Shown(origin)}\" may not connect. An operator can list it in server.origins.");

    public static Problem OriginalGone() =>
        Make(409, ProblemCodes.FileNotFound, "The upload is no longer kept",
            "The document's upload went with its job. Upload the file again after deleting the document.");
}
