using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Policies.Load;

/// <summary>
/// Someone who submits all sorts of jobs, now and then cancels one, repeats a submission whose answer was lost, tries
/// somebody else's job, and, where they are a visitor, signs in at some moment.
/// </summary>
sealed class ScriptedUser(
    Machine machine, Ledger ledger, Promises promises, TimeProvider clock, Turnstile gate, Random random, UserId first)
{
    const int RecentMax = 8;
    const int SubscriptionsMax = 10;
    const int BatchMax = 4;
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);
    static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(60);
    static readonly byte[][] Uploads = [new byte[100], new byte[Rules.SmallBytesMax], new byte[Rules.SmallBytesMax + 1]];

    readonly List<JobId> _recent = [];
    (Submission Submission, JobId? Job)? _keyed;
    UserId _user = first;
    int _keys;

    /// <summary>The account to sign in to, and after how many accepted jobs of everyone; null stays as they are.</summary>
    public (UserId Account, int After)? SignsIn { get; init; }

    /// <param name="jobs">Goes on until so many were accepted of everyone.</param>
    /// <param name="unfinishedMax">Waits where so many are not finished.</param>
    public async Task RunAsync(int jobs, int unfinishedMax)
    {
        while (ledger.Accepted < jobs)
        {
            await Task.Delay(Pause * random.NextDouble(), clock);
            if (ledger.Unfinished > unfinishedMax)
                continue;
            await gate.EnterAsync();
            try
            {
                await ActAsync();
            }
            finally
            {
                gate.Leave();
            }
        }
    }

    async Task ActAsync()
    {
        if (SignsIn is { } sign && _user != sign.Account && ledger.Accepted >= sign.After)
            await SignInAsync(sign.Account);
        switch (random.Next(20))
        {
            case 0 or 1:
                await CancelOwnAsync();
                break;
            case 2:
                await CancelAnothersAsync();
                break;
            case 3:
                await RepeatAsync();
                break;
            default:
                for (var i = random.Next(BatchMax); i >= 0; i--)
                    await SubmitAsync(_user, NewSubmission());
                break;
        }
    }

    Submission NewSubmission()
    {
        var content = Uploads[random.Next(Uploads.Length)];
        var now = clock.GetUtcNow();
        var isOperator = random.Next(200) == 0;
        return new(
            JobId.New(now), Rules.Kinds[random.Next(Rules.Kinds.Count)],
            new(FileRole.Original, "a.bib", "application/x-bibtex", content.Length, "", content, null), null,
            random.Next(8) == 0 ? (WhenBusy)random.Next(3) : null,
            random.Next(4) == 0 ? $"{random.Next()}-{++_keys}" : null)
        {
            IsByOperator = isOperator,
            Priority = isOperator ? HeadStarts.LevelMax : random.Next(5) == 0 ? random.Next(1, Rules.PriorityMax + 2) : 0,
            NotBefore = random.Next(16) == 0 ? now + (DelayMax * random.NextDouble()) : null,
        };
    }

    async Task SubmitAsync(UserId who, Submission submission)
    {
        var (isAnswered, answer) = await machine.AskAsync(process => process.Host.User(who).SubmitAsync(submission).AsTask());
        if (submission.Key is not null)
            _keyed = (submission, (answer as SubmitAnswer.Accepted)?.Job.Id);
        if (!isAnswered)
            return;
        ledger.Count($"answer: {answer!.GetType().Name}");
        switch (answer)
        {
            case SubmitAnswer.Accepted accepted:
                ledger.Rule(accepted.Job.User == who, "an accepted job is its submitter's", $"{who} {accepted.Job.User}");
                ledger.Rule(accepted.IsRepeat || accepted.Job.Id == submission.Id, "a new job has the id that was asked for");
                Remember(accepted.Job.Id);
                break;
            case SubmitAnswer.AtLimit limit:
                ledger.Rule(limit.Existing.User == who, "the job in the way is the user's own", $"{who} {limit.Existing.User}");
                break;
            case SubmitAnswer.PriorityNotAllowed:
                ledger.Rule(submission.Priority > Rules.PriorityMax, "only a level above the highest is refused");
                break;
            case SubmitAnswer.SignedIn:
                ledger.Rule(SignsIn is not null, "only who signs in is told so", $"{who}");
                break;
        }
    }

    void Remember(JobId job)
    {
        promises.Accept(job, random);
        _recent.Add(job);
        if (_recent.Count > RecentMax)
            _recent.RemoveAt(0);
    }

    /// <summary>The same key is the same job; also where it was asked for of a process that died before it answered.</summary>
    async Task RepeatAsync()
    {
        if (_keyed is not { } keyed)
            return;
        var again = keyed.Submission with { Id = JobId.New(clock.GetUtcNow()) };
        var (isAnswered, answer) = await machine.AskAsync(process => process.Host.User(_user).SubmitAsync(again).AsTask());
        if (!isAnswered || answer is not SubmitAnswer.Accepted accepted)
            return;
        ledger.Count(keyed.Job is null ? "keys repeated without a first answer" : "keys repeated");
        ledger.Rule(
            keyed.Job is null || (accepted.IsRepeat && accepted.Job.Id == keyed.Job), "the same key is the same job",
            $"{_user} {again.Key}");
        promises.Accept(accepted.Job.Id, random);
        _keyed = (keyed.Submission, accepted.Job.Id);
    }

    async Task CancelOwnAsync()
    {
        if (_recent.Count == 0)
            return;
        var running = _recent.FindIndex(job => ledger.Find(job)?.State == JobState.Processing);
        var job = _recent[running >= 0 ? running : random.Next(_recent.Count)];
        var (isAnswered, answer) = await machine.AskAsync(process => process.Host.User(_user).CancelAsync(job).AsTask());
        if (!isAnswered)
            return;
        ledger.Count($"cancel: {answer!.GetType().Name}");
        ledger.Rule(answer is not CancelAnswer.NotFound, "a user's own job is found", $"{_user} {job}");
        if (answer is CancelAnswer.Cancelled)
            promises.Cancel(job);
    }

    async Task CancelAnothersAsync()
    {
        if (promises.AnyRecent is not { } job || ledger.Find(job) is not { } life || life.User == _user)
            return;
        var (isAnswered, answer) = await machine.AskAsync(process => process.Host.User(_user).CancelAsync(job).AsTask());
        if (!isAnswered || life.User == _user)
            return;
        ledger.Count("cancels of another's job not found");
        ledger.Rule(answer is CancelAnswer.NotFound, "another's job is not found", $"{_user} {job}");
    }

    /// <summary>A submission races with the sign-in; either the account gets its job, or it is told to ask as the account.</summary>
    async Task SignInAsync(UserId account)
    {
        var racing = SubmitAsync(_user, NewSubmission());
        AdoptAnswer? answer = null;
        while (answer is null)
            answer = (await machine.AskAsync(process => process.Host.User(_user).MoveToAsync(account, SubscriptionsMax).AsTask())).Answer;
        await racing;
        ledger.Rule(answer is AdoptAnswer.Adopted, "who signs in takes their jobs along", $"{_user} {answer}");
        var visitor = _user;
        _user = account;
        await SubmitAsync(visitor, NewSubmission());
    }
}
