using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;

namespace NextUp.UnitTests.Queue;

public sealed class WaitingRoomTests
{
    static readonly JobKind[] Kinds = [new("day"), new("night"), new("paused")];
    static readonly UserId[] Users = [.. Enumerable.Range(0, 4).Select(i => UserId.Account($"user-{i}"))];
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly StartWindows Night =
        new([new(Enum.GetValues<DayOfWeek>(), new(22, 0), new(6, 0))], TimeZoneInfo.Utc);

    /// <summary>The room in the plainest way: a list, gone through for every answer.</summary>
    sealed class Model
    {
        public List<Waiting> Jobs { get; } = [];

        public HashSet<UserId> PausedUsers { get; } = [];

        public bool IsKindPaused { get; set; }

        public Dictionary<JobKind, DateTimeOffset> OpenedAt { get; } = [];

        public bool IsOpen(JobKind kind, DateTimeOffset now) =>
            (kind != Kinds[1] || Night.IsOpen(now)) && !(kind == Kinds[2] && IsKindPaused);

        public IEnumerable<Waiting> Before(Waiting job, DateTimeOffset now) => Jobs.Where(other =>
            other.IsInLine && other.Key < job.Key && (IsOpen(other.Kind, now) || other.Kind == job.Kind));

        public Waiting? Next(DateTimeOffset now) =>
            Jobs.Where(job => job.IsInLine && IsOpen(job.Kind, now)).OrderBy(job => job.Key).FirstOrDefault();

        public Overtaken Overtaking(Waiting job, DateTimeOffset now)
        {
            int headStarts = 0, retries = 0, delays = 0, resumes = 0;
            foreach (var other in Before(job, now))
            {
                switch (other.Cause)
                {
                    case EntryCause.HeadStart when other.EnteredAt >= job.EnteredAt: headStarts++; break;
                    case EntryCause.Retry: retries++; break;
                    case EntryCause.Delay: delays++; break;
                    case EntryCause.Resume: resumes++; break;
                    default:
                        if (other.Kind != job.Kind && OpenedAt.TryGetValue(other.Kind, out var opened)
                            && LineKey.Microseconds(opened) > job.EnteredAt)
                            resumes++;
                        break;
                }
            }

            return new(headStarts, retries, delays, resumes);
        }
    }

    sealed class Waiting
    {
        public required JobKind Kind { get; init; }

        public required UserId User { get; init; }

        public required LineKey Key { get; init; }

        public required long EnteredAt { get; init; }

        public EntryCause Cause { get; set; }

        public DateTimeOffset? Due { get; set; }

        public bool IsParked { get; set; }

        public bool IsInLine => Due is null && !IsParked;
    }

    [Fact]
    public void Order_positions_and_causes_are_those_of_a_plain_list()
    {
        for (var seed = 1; seed <= 40; seed++)
            new Run(seed).Steps(600);
    }

    sealed class Run(int seed)
    {
        readonly Random _random = new(seed);
        readonly Model _model = new();
        readonly WaitingRoom _room = new(kind => kind == Kinds[1] ? Night : null);
        readonly Slots _slots = new(int.MaxValue, _ => null);
        readonly Dictionary<JobKind, bool> _wasOpen = [];
        DateTimeOffset _now = Start;
        long _sequence;

        public void Steps(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                Step();
                _room.Look(_now);
                Follow();
                Compare();
            }
        }

        void Step()
        {
            switch (_random.Next(12))
            {
                case < 5:
                    Enter();
                    break;
                case 5:
                    _now += TimeSpan.FromMinutes(_random.Next(_random.Next(4) == 0 ? 600 : 20));
                    break;
                case 6 when _model.Jobs.Count > 0:
                    var gone = _model.Jobs[_random.Next(_model.Jobs.Count)];
                    Assert.True(_room.Remove(gone.Kind, gone.Key));
                    Assert.False(_room.Contains(gone.Kind, gone.Key));
                    _model.Jobs.Remove(gone);
                    break;
                case 7:
                    PauseOrResumeUser(Users[_random.Next(Users.Length)]);
                    break;
                case 8:
                    _model.IsKindPaused = !_model.IsKindPaused;
                    _room.Pause(Kinds[2], _model.IsKindPaused);
                    break;
                default:
                    Take();
                    break;
            }
        }

        void Enter()
        {
            _now += TimeSpan.FromMilliseconds(1 + _random.Next(5_000));
            var sequence = new JobSequence(++_sequence);
            var at = LineKey.Microseconds(_now);
            (Entry entry, long headStart, DateTimeOffset? due) = _random.Next(5) switch
            {
                0 => (new(EntryCause.HeadStart, 60_000_000L * (1 + _random.Next(30))), 0L, null),
                1 => (new(EntryCause.Retry), 60_000_000L * _random.Next(30), _now.AddMinutes(_random.Next(3))),
                2 => (new Entry(EntryCause.Delay), 0L, (DateTimeOffset?)_now.AddMinutes(1 + _random.Next(30))),
                _ => (default, 0L, null),
            };
            var arrival = entry.Cause == EntryCause.Delay ? LineKey.Microseconds(due!.Value) : at;
            var key = new LineKey(arrival - entry.Span - headStart, sequence);
            var job = new Waiting
            {
                Kind = Kinds[_random.Next(3)], User = Users[_random.Next(Users.Length)], Key = key, EnteredAt = arrival,
                Cause = entry.Cause, Due = due > _now ? due : null,
            };
            job.IsParked = job.Due is null && _model.PausedUsers.Contains(job.User);
            _model.Jobs.Add(job);
            _room.Enter(job.Kind, job.User, key, entry, due, _now);
        }

        void PauseOrResumeUser(UserId user)
        {
            if (_model.PausedUsers.Add(user))
            {
                _room.Pause(user);
                foreach (var job in _model.Jobs.Where(job => job.User == user))
                {
                    _room.Park(user, job.Kind, job.Key);
                    job.IsParked = job.Due is null;
                }

                return;
            }

            _model.PausedUsers.Remove(user);
            _room.Resume(user);
            foreach (var job in _model.Jobs.Where(job => job.User == user && job.IsParked))
                (job.IsParked, job.Cause) = (false, EntryCause.Resume);
        }

        void Take()
        {
            _room.Look(_now);
            Follow();
            var expected = _model.Next(_now);
            Assert.Equal(expected is null ? null : (expected.Kind, expected.Key), _room.Take(_slots));
            if (expected is not null)
                _model.Jobs.Remove(expected);
        }

        /// <summary>What time alone changes: jobs come due, and windows open.</summary>
        void Follow()
        {
            foreach (var job in _model.Jobs.Where(job => job.Due <= _now))
                (job.Due, job.IsParked) = (null, _model.PausedUsers.Contains(job.User));
            foreach (var kind in _room.Line.Kinds)
            {
                var isOpen = _model.IsOpen(kind, _now);
                if (isOpen && !_wasOpen.GetValueOrDefault(kind, true))
                    _model.OpenedAt[kind] = _now;
                _wasOpen[kind] = isOpen;
            }
        }

        void Compare()
        {
            Assert.Equal(_model.Jobs.Count(job => job.Due is not null), _room.DelayedCount);
            Assert.Equal(_model.Jobs.Count(job => job.Due is null), _room.Count);
            foreach (var job in _model.Jobs.Where(job => job.Due is null).OrderBy(_ => _random.Next()).Take(5))
            {
                Assert.True(_room.Contains(job.Kind, job.Key));
                Assert.Equal(job.IsParked ? job.User : null, _room.PausedOwnerOf(job.Key));
                Assert.Equal(_model.Before(job, _now).Count(), _room.Line.CountBefore(job.Kind, job.Key));
                Assert.Equal(_model.Overtaking(job, _now), _room.Line.Overtaking(job.Kind, job.Key, job.EnteredAt));
            }
        }
    }

    [Fact]
    public void The_earliest_time_is_watched_once_and_an_earlier_one_again()
    {
        var room = new WaitingRoom(_ => null);
        room.Look(Start);
        Assert.Null(room.NextToWatch());
        room.Enter(Kinds[0], Users[0], new(1, new(1)), default, Start.AddMinutes(5), Start);
        Assert.Equal(Start.AddMinutes(5), room.NextToWatch());
        Assert.Null(room.NextToWatch());
        room.Enter(Kinds[0], Users[0], new(2, new(2)), default, Start.AddMinutes(3), Start);
        Assert.Equal(Start.AddMinutes(3), room.NextToWatch());

        room.Look(Start.AddMinutes(3));

        Assert.Equal(Start.AddMinutes(5), room.NextToWatch());
        Assert.Equal(1, room.Count);
    }

    [Fact]
    public void A_window_is_watched_as_soon_as_its_kind_has_a_job()
    {
        var room = new WaitingRoom(kind => kind == Kinds[1] ? Night : null);
        room.Enter(Kinds[1], Users[0], new(1, new(1)), default, null, Start.AddHours(12));
        room.Look(Start.AddHours(12));

        Assert.Null(room.Take(new Slots(1, _ => null)));
        Assert.Equal(Start.AddHours(22), room.NextToWatch());
    }
}
