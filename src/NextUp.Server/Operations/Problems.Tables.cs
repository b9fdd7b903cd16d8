using NextUp.Client.Wire;

namespace NextUp.Server.Operations;

/// <summary>The refusals about tables.</summary>
static partial class Problems
{
    public static Problem ImportNotFound(string id) =>
        Make(404, ProblemCodes.ImportNotFound, "There is no such import", $"You have no import \"{Shown(id)}\".");

    /// <param name="state">As the import's view has it.</param>
    public static Problem ImportNotStored(string state) =>
        Make(409, ProblemCodes.ImportNotStored, "There is nothing to take back",
            $"The import is {state}: only one that is stored can be undone."
            + (state == "processing" ? " Cancel its job instead." : ""));

    public static Problem TableNotFound(string name) =>
        Make(404, ProblemCodes.TableNotFound, "There is no such table", $"You have no table \"{Shown(name)}\".");

    public static Problem TableBusy() =>
        Make(409, ProblemCodes.TableBusy, "An import into this table is not finished",
            "Wait until it has ended, or cancel its job; then try again.") with
        {
            RetryAfterSeconds = Seconds(RetryAfterBusy),
        };

    public static Problem ProfileNotFound(string id) =>
        Make(404, ProblemCodes.ProfileNotFound, "There is no such profile", $"You have no profile \"{Shown(id)}\".");

    public static Problem ProfileExists() =>
        Make(409, ProblemCodes.ProfileExists, "You have a profile of this name",
            "Give it another name, or replace the one that is there.");

    public static Problem TooManyProfiles(int perUserMax) =>
        Make(429, ProblemCodes.TooManyProfiles, "No more profiles", $"You may have {perUserMax} profiles. Delete one first.");

    /// <param name="reason">A sentence with the way out.</param>
    public static Problem UnfitProfile(string reason) =>
        Make(422, ProblemCodes.UnfitProfile, "This profile cannot be used", reason);
}
