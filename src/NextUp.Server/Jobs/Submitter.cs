using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Server.Users;
using NextUp.Server.Users.Visitors;

namespace NextUp.Server.Jobs;

/// <summary>Hands uploads to their user's actor and tidies up behind those that it does not take.</summary>
sealed class Submitter(
    IActorDirectory actors, IFileStore files, IJobStore store, VisitorPlaces places, TimeProvider clock)
{
    /// <summary>How often a submission is made when the actor forgets itself meanwhile.</summary>
    const int TriesMax = 3;

    /// <summary>
    /// The actor's answer, or the problem with which the upload's kind turned it away before that. A file that no job took is
    /// gone then.
    /// </summary>
    public async ValueTask<(SubmitAnswer? Answer, Problem? Problem)> SubmitAsync(Caller caller, Upload.Fit upload, string? key)
    {
        if (upload.Kind.Admission is not { } admission)
            return (await SubmitAsync(caller, upload, key, JobId.New(clock.GetUtcNow())), null);

        var job = JobId.New(clock.GetUtcNow());
        try
        {
            // What was sent before under the same key is noted already.
            var isRepeat = key is not null && await store.FindByKeyAsync(caller.User, key) is not null;
            if (!isRepeat && await admission.AdmitAsync(caller.User, job, upload) is { } problem)
            {
                files.Discard(upload.File);
                return (null, problem);
            }
        }
        catch (StoreFailedException)
        {
            files.Discard(upload.File);
            throw;
        }

        return (await AdmittedAsync(caller, upload, key, job, admission), null);
    }

    async ValueTask<SubmitAnswer> AdmittedAsync(
        Caller caller, Upload.Fit upload, string? key, JobId job, IAdmission admission)
    {
        try
        {
            var answer = await SubmitAsync(caller, upload, key, job);
            if (answer is not SubmitAnswer.Accepted { IsRepeat: false })
                await admission.DismissAsync(job);
            return answer;
        }
        catch (StoreFailedException error) when (!error.IsUncertain)
        {
            await admission.DismissAsync(job);
            throw;
        }
    }

    async ValueTask<SubmitAnswer> SubmitAsync(Caller caller, Upload.Fit upload, string? key, JobId job)
    {
        var submission = new Submission(
            job, upload.Kind.Kind, upload.File, upload.Options, upload.WhenBusy, key)
        {
            Origin = caller.Origin,
            Priority = upload.Priority,
            NotBefore = upload.NotBefore,
            IsByOperator = caller.IsOperator,
            Trace = JobTraces.Current,
        };
        SubmitAnswer answer;
        try
        {
            answer = await CountedAsync(caller, submission);
        }
        catch (StoreFailedException error) when (!error.IsUncertain)
        {
            files.Discard(upload.File);
            throw;
        }

        // After an uncertain failure the file may belong to a stored job: it stays, and is swept if it does not.
        if (answer is not SubmitAnswer.Accepted { IsRepeat: false })
            files.Discard(upload.File);

        return answer;
    }

    /// <summary>A visitor's submission counts for the address that it comes from, too.</summary>
    async ValueTask<SubmitAnswer> CountedAsync(Caller caller, Submission submission)
    {
        if (caller.Origin is not { } origin)
            return await TryAsync(caller.User, submission);
        if (!await places.EnterAsync(caller.User, origin, submission.Kind))
            return new SubmitAnswer.AddressFull(places.VisitorsMax);

        try
        {
            return await TryAsync(caller.User, submission);
        }
        finally
        {
            places.Leave(caller.User, origin, submission.Kind);
        }
    }

    /// <summary>
    /// An actor that forgot itself says nothing about the submission, so the store is asked; where it holds no such job
    /// the same submission, under the same id, is made again. The store takes an id once, so two can never come of it.
    /// </summary>
    async ValueTask<SubmitAnswer> TryAsync(UserId user, Submission submission)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await actors.User(user).SubmitAsync(submission);
            }
            catch (ActorForgottenException)
            {
                if (await store.FindAsync(user, submission.Id) is { } stored)
                    return new SubmitAnswer.Accepted(stored, IsRepeat: false);
                if (attempt == TriesMax)
                    throw;
            }
        }
    }

    /// <summary>Cancelling twice is harmless, so a forgotten answer is simply asked for again.</summary>
    public async ValueTask<CancelAnswer> CancelAsync(UserId user, JobId job)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await actors.User(user).CancelAsync(job);
            }
            catch (ActorForgottenException) when (attempt < TriesMax)
            {
                // Its successor answers.
            }
        }
    }
}
