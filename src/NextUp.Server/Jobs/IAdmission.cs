using NextUp.Actors.Jobs;
using NextUp.Actors.Users;
using NextUp.Client.Wire;

namespace NextUp.Server.Jobs;

/// <summary>
/// For kinds that keep what is uploaded beyond its job: asked before a submission is handed to its user's actor, and told
/// where it was not accepted after all.
/// </summary>
interface IAdmission
{
    /// <summary>Notes the upload under the job's coming id. Null, or why it is not to be submitted.</summary>
    ValueTask<Problem?> AdmitAsync(UserId user, JobId job, Upload.Fit upload);

    /// <summary>The job was not accepted; nothing of it remains.</summary>
    ValueTask DismissAsync(JobId job);
}
