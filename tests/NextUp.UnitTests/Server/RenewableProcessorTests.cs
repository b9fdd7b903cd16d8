using NextUp.Actors.Jobs;
using NextUp.Server;

namespace NextUp.UnitTests.Server;

public sealed class RenewableProcessorTests
{
    [Fact]
    public async Task What_has_begun_ends_with_the_old_one_which_closes_after_it()
    {
        var (old, young) = (new Probe("old"), new Probe("young"));
        using var processor = new RenewableProcessor(old, old);
        var begun = processor.CheckAsync("a", Stream.Null, CancellationToken.None).AsTask();

        processor.Renew(young, young);
        var later = processor.CheckAsync("b", Stream.Null, CancellationToken.None).AsTask();
        young.Answer.SetResult();

        Assert.Equal("young", Assert.IsType<UploadVerdict.Unfit>(await later).Reason);
        Assert.False(old.IsClosed);
        old.Answer.SetResult();
        Assert.Equal("old", Assert.IsType<UploadVerdict.Unfit>(await begun).Reason);
        Assert.Equal((true, false), (old.IsClosed, young.IsClosed));
    }

    [Fact]
    public void An_idle_one_closes_as_soon_as_it_is_replaced()
    {
        var (old, young) = (new Probe("old"), new Probe("young"));
        using var processor = new RenewableProcessor(old, old);

        processor.Renew(young, young);

        Assert.Equal((true, false), (old.IsClosed, young.IsClosed));
    }

    sealed class Probe(string name) : IJobProcessor, IDisposable
    {
        public TaskCompletionSource Answer { get; } = new();

        public bool IsClosed { get; private set; }

        public JobKind Kind => new("probe");

        public async ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken)
        {
            await Answer.Task;
            return new UploadVerdict.Unfit(name);
        }

        public Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken) =>
            Task.FromResult<JobOutcome>(new JobOutcome.Done("{}", []));

        public void Dispose() => IsClosed = true;
    }
}
