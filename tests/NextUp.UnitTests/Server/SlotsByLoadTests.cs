using System.Threading.Channels;
using NextUp.Actors;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;
using NextUp.Server.Operations;
using NextUp.Server.Steering;

namespace NextUp.UnitTests.Server;

/// <summary>The loop around the governor: who is asked, what is told to the queue, and when it is left alone.</summary>
public sealed class SlotsByLoadTests : IAsyncLifetime
{
    static readonly LoadTargets s_targets = new(Floor: 1, Ceiling: 8);

    readonly TemporaryFolder _proc = new();
    readonly TickingClock _clock = new();
    readonly ScriptedQueue _queue = new();
    readonly SlotsByLoad _loop;
    long _busy, _idle;

    public SlotsByLoadTests() => _loop = new(new OneQueue(_queue), new MachineLoad(_clock, _proc.Path), _clock);

    public ValueTask InitializeAsync()
    {
        _loop.Start();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        _proc.Dispose();
    }

    [Fact]
    public async Task Without_bounds_in_the_settings_the_slots_are_left_alone()
    {
        await PassAsync(samples: 3, cpuPercent: 100);

        Assert.Empty(_queue.Governed);
    }

    [Fact]
    public async Task A_machine_that_is_too_busy_gets_fewer_slots_a_step_at_a_time_down_to_the_floor()
    {
        _queue.Status = new(4, 4, 10, 0, IsPaused: false) { Load = s_targets };

        await PassAsync(samples: 1, cpuPercent: 100);
        Assert.Equal([3], _queue.Governed);

        await PassAsync(SlotGovernor.SettleSamples, cpuPercent: 100);
        Assert.Equal([3], _queue.Governed);

        await PassAsync(samples: 10 * SlotGovernor.SettleSamples, cpuPercent: 100);
        Assert.Equal([3, 2, 1], _queue.Governed);
    }

    [Fact]
    public async Task An_idle_machine_gets_more_slots_only_where_those_of_this_process_are_all_in_use()
    {
        _queue.Status = new(4, 4, 10, 0, IsPaused: false) { Load = s_targets, RunningElsewhere = 1 };
        await PassAsync(samples: 20, cpuPercent: 5);
        Assert.Empty(_queue.Governed);

        _queue.Status = _queue.Status with { Running = 5 };
        await PassAsync(samples: 1, cpuPercent: 5);
        Assert.Equal([5], _queue.Governed);
    }

    [Fact]
    public async Task When_the_settings_no_longer_bound_them_the_slots_go_back_to_the_settings()
    {
        _queue.Status = new(4, 4, 10, 0, IsPaused: false) { Load = s_targets };
        await PassAsync(samples: 1, cpuPercent: 100);

        _queue.Status = _queue.Status with { Load = null };
        await PassAsync(samples: 3, cpuPercent: 100);

        Assert.Equal([3, null], _queue.Governed);
    }

    [Fact]
    public async Task Changed_bounds_hold_from_the_next_look_on()
    {
        _queue.Status = new(4, 4, 10, 0, IsPaused: false) { Load = s_targets };
        await PassAsync(samples: 1, cpuPercent: 80);

        _queue.Status = _queue.Status with { Load = s_targets with { Floor = 6 } };
        await PassAsync(samples: 1, cpuPercent: 80);

        Assert.Equal([6], _queue.Governed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_queue_that_is_being_rebuilt_is_told_at_the_next_round(bool isStoreAway)
    {
        _queue.Status = new(4, 4, 10, 0, IsPaused: false) { Load = s_targets };
        _queue.Fails = isStoreAway ? new StoreFailedException("away", isUncertain: false) : new ActorForgottenException("gone");
        await PassAsync(samples: 2, cpuPercent: 100);
        Assert.Empty(_queue.Governed);

        _queue.Fails = null;
        await PassAsync(samples: 1, cpuPercent: 100);

        Assert.Equal([3], _queue.Governed);
    }

    /// <summary>
    /// Each look has come to its end when this returns: behind it comes one that fails at once, and that one begins only
    /// when the look before it is over.
    /// </summary>
    async Task PassAsync(int samples, int cpuPercent)
    {
        for (var i = 0; i < samples; i++)
        {
            (_busy, _idle) = (_busy + cpuPercent, _idle + 100 - cpuPercent);
            await File.WriteAllTextAsync(Path.Combine(_proc.Path, "stat"), $"cpu {_busy} 0 0 {_idle} 0 0 0 0\n");
            await File.WriteAllTextAsync(
                Path.Combine(_proc.Path, "meminfo"), "MemTotal: 8388608 kB\nMemAvailable: 8388608 kB\n");
            _clock.Tick();
            await _queue.AskedAsync();
            _queue.FailsOnce = new ActorForgottenException("nothing is looked at");
            _clock.Tick();
            await _queue.AskedAsync();
        }
    }

    /// <summary>One periodic timer, fired by hand.</summary>
    sealed class TickingClock : TimeProvider
    {
        DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        TimerCallback? _fire;
        object? _state;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(SlotGovernor.SamplePause, period);
            (_fire, _state) = (callback, state);
            return new HandTimer();
        }

        public void Tick()
        {
            _now += SlotGovernor.SamplePause;
            _fire!(_state);
        }

        sealed class HandTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                // There is nothing to stop.
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    sealed class OneQueue(IQueueActor queue) : IActorDirectory
    {
        public IQueueActor Queue => queue;

        public ICleanupActor Cleanup => throw new NotSupportedException();

        public IUserActor User(UserId user) => throw new NotSupportedException();

        public IJobActor Job(JobId job) => throw new NotSupportedException();
    }

    /// <summary>A queue that is asked how it is and told how many slots to have; nobody asks for anything else.</summary>
    sealed class ScriptedQueue : IQueueActor
    {
        readonly Channel<QueueStatus> _asked = Channel.CreateUnbounded<QueueStatus>();

        public QueueStatus Status { get; set; } = new(4, 4, 10, 0, IsPaused: false);

        public Exception? Fails { get; set; }

        public Exception? FailsOnce { get; set; }

        public List<int?> Governed { get; } = [];

        public Task<QueueStatus> AskedAsync() => _asked.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();

        public ValueTask<QueueStatus> StatusAsync()
        {
            var (once, fails) = (FailsOnce, Fails);
            FailsOnce = null;
            Assert.True(_asked.Writer.TryWrite(Status));
            return (once ?? fails) is { } error ? ValueTask.FromException<QueueStatus>(error) : ValueTask.FromResult(Status);
        }

        public ValueTask GovernAsync(int? slots)
        {
            Governed.Add(slots);
            Status = Status with { Slots = slots ?? Status.Slots };
            return ValueTask.CompletedTask;
        }

        public ValueTask<QueueAnswer> ChangeAsync(QueueChange change) => throw new NotSupportedException();

        public ValueTask<QueueAnswer> AdoptAsync(Adoption adoption) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<QueuePlace?>> PlacesAsync(IReadOnlyList<QueueAsk> asks) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<EstimateFigures>> EstimatesAsync() => throw new NotSupportedException();

        public ValueTask ReviewAsync() => throw new NotSupportedException();

        public ValueTask ConfigureAsync(QueueSettings settings) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<JobRecord>> LeaseAsync(LeaseAsk ask) => throw new NotSupportedException();

        public ValueTask WithdrawAsync(WorkerId worker, long number) => throw new NotSupportedException();

        public ValueTask<SteerAnswer> SteerAsync(SteerOrder order) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<PassedOver?>> PassedOverAsync(IReadOnlyList<JobRecord> jobs) => throw new NotSupportedException();

        public ValueTask<Steering> SteeringAsync() => throw new NotSupportedException();
    }
}
