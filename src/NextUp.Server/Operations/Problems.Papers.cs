using NextUp.Actors.Papers;
using NextUp.Client.Wire;

namespace NextUp.Server.Operations;

/// <summary>Refusals about exam papers.</summary>
static partial class Problems
{
    /// <param name="what">A page or a question of it; null is the paper itself.</param>
    public static Problem PaperNotFound(string id, string? what = null) =>
        Make(404, ProblemCodes.PaperNotFound, what is null ? "There is no such paper" : $"The paper has no {Shown(what)}",
            $"You have no {(what is null ? "" : Shown(what) + " of a ")}paper \"{Shown(id)}\". "
            + "A paper is there once its job is completed.");

    public static Problem SyllabusNotFound(string id) =>
        Make(404, ProblemCodes.SyllabusNotFound, "There is no such syllabus",
            $"You have no syllabus \"{Shown(id)}\". PUT its chapters to /api/v1/exams/syllabuses/ID first.");

    public static Problem PaperChanged(int version) =>
        Make(409, ProblemCodes.PaperChanged, "The paper was changed meanwhile",
            $"It has version {version} now. Look at it again, and send the change with that version.");

    public static Problem PaperOriginalGone(string id) =>
        Make(404, ProblemCodes.FileNotFound, "The paper's file is gone",
            $"The job that read \"{Shown(id)}\" was cleared away with its file. Submit the file again under the same id.");

    /// <param name="field">The member of the body that is at fault; null where it is none alone.</param>
    public static Problem UnfitChange(string reason, string? field = null) =>
        Make(422, ProblemCodes.ChoiceNotPossible, "This cannot be taken", reason) with { Field = field };

    public static Problem UnfitPaperId() => InvalidRequest(
        $"An id has at most {PaperId.LengthMax} letters, digits and . _ -, begins with a letter or digit, and is not \"syllabuses\".");
}
