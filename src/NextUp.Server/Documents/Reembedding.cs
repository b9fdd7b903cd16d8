using NextUp.Actors;
using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Processors.Documents.Embedding;
using NextUp.Server.Users;

namespace NextUp.Server.Documents;

/// <summary>
/// After a change of the model, documents whose vectors another one made are embedded anew, each by a job of its own user
/// that waits its turn like any other. A few at a time, so that those who upload meanwhile hardly notice; until then such a
/// document is found by its words.
/// </summary>
sealed class Reembedding(
    IDocumentStore documents, IJobStore jobs, Reprocessing again, Func<IEmbedder> embedder, Func<bool> isWanted, TimeProvider clock,
    Action<string, Exception> tellFailed) : IAsyncDisposable
{
    /// <summary>Jobs of it in the line or running at once, over all users.</summary>
    const int JobsMax = 4;

    /// <summary>Between two looks: whether jobs have ended, and whether the model has changed.</summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource _stopping = new();
    readonly HashSet<JobId> _underWay = [];
    EmbeddingSpace? _seen;
    long _after;
    Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    async Task RunAsync()
    {
        using var timer = new PeriodicTimer(LookInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await LookAsync();
                }
                catch (Exception error) when (error is StoreFailedException or EmbeddingException or ActorForgottenException or IOException)
                {
                    tellFailed("the embedding anew of documents", error);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; the next start finds what is left.
        }
    }

    async Task LookAsync()
    {
        // A service's space is known once it has made a vector; documents that are processed see to that.
        if (!isWanted() || embedder().Space is not { } space)
            return;
        if (_seen != space)
            (_seen, _after) = (space, 0);
        foreach (var job in _underWay.ToList())
        {
            if (await jobs.FindAsync(job) is not { State: JobState.Pending or JobState.Processing })
                _underWay.Remove(job);
        }

        while (_underWay.Count < JobsMax)
        {
            if (await documents.OutsideAsync(space, _after, 1) is not [var document])
                return;
            // Once each: one that cannot be embedded is not tried for ever.
            _after = document.Sequence;
            if (await again.EmbedAsync(new Caller(document.User, Role.User), document, _stopping.Token) is null
                && await documents.FindAsync(document.User, document.Id) is { } assigned)
                _underWay.Add(assigned.Job);
        }
    }
}
