using System.Reflection;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Server.Documents;
using NextUp.Storage.Sqlite;
using NextUp.UnitTests.Bibtex.Providers;

namespace NextUp.UnitTests.Server;

/// <summary>How often what was deleted is gone through.</summary>
public sealed class ErasureTests : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly SqliteStore _jobs = SqliteStore.OpenInMemory();
    readonly Passes _passes;
    readonly Erasure _erasure;
    readonly List<Exception> _failures = [];

    public ErasureTests()
    {
        var documents = DispatchProxy.Create<IDocumentStore, Passes>();
        _passes = (Passes)(object)documents;
        _erasure = new Erasure(documents, _jobs, new HandClock(), () => (_, error) => _failures.Add(error));
    }

    public async ValueTask DisposeAsync()
    {
        await _erasure.DisposeAsync();
        _jobs.Dispose();
    }

    [Fact]
    public async Task Who_deletes_and_waits_costs_one_pass()
    {
        _passes.Go.SetResult(false);

        await WithinAsync(_erasure.EraseAsync());

        Assert.Equal(1, _passes.Begun);
    }

    [Fact]
    public async Task All_who_ask_while_a_pass_is_under_way_share_the_next_one_and_wait_for_it()
    {
        var first = _erasure.EraseAsync();
        await WithinAsync(_passes.Waits.Task);
        var second = _erasure.EraseAsync();
        _erasure.Wake();
        var third = _erasure.EraseAsync();
        Assert.False(first.IsCompleted || second.IsCompleted);

        _passes.Go.SetResult(false);
        await WithinAsync(Task.WhenAll(first, second, third));

        Assert.Equal(2, _passes.Begun);
    }

    [Fact]
    public async Task A_store_that_fails_is_told_to_who_waits_and_the_next_who_asks_is_served()
    {
        _passes.Go.SetException(new StoreFailedException("away", isUncertain: false));
        await Assert.ThrowsAsync<StoreFailedException>(() => WithinAsync(_erasure.EraseAsync()));
        Assert.Equal("away", Assert.Single(_failures).Message);

        _passes.Go = new();
        _passes.Go.SetResult(false);
        await WithinAsync(_erasure.EraseAsync());

        Assert.Equal(2, _passes.Begun);
    }

    [Fact]
    public async Task Who_asks_again_and_again_is_always_served()
    {
        _passes.Go.SetResult(false);
        for (var i = 0; i < 2_000; i++)
            await WithinAsync(_erasure.EraseAsync());
    }

    static Task WithinAsync(Task task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>A store without documents, whose first piece of each pass waits for a word.</summary>
    public class Passes : DispatchProxy // The proxy is made as a class of this one.
    {
        int _begun;

        public int Begun => _begun;

        public TaskCompletionSource Waits { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<bool> Go { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IDocumentStore.OrphansAsync))
                return Task.FromResult<IReadOnlyList<JobId>>([]);

            Assert.Equal(nameof(IDocumentStore.EraseAsync), targetMethod.Name);
            Interlocked.Increment(ref _begun);
            Waits.TrySetResult();
            return Go.Task;
        }
    }
}
