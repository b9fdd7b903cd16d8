using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.UnitTests.Queue;

public sealed class LineTests
{
    static readonly JobKind A = new("a");
    static readonly JobKind B = new("b");

    static LineKey Key(long at) => new(at, new(at));

    [Fact]
    public void Jobs_of_all_kinds_stand_in_one_order()
    {
        var line = new Line();
        line.Insert(A, Key(10));
        line.Insert(B, Key(20));
        line.Insert(A, Key(30));

        Assert.Equal(2, line.CountBefore(A, Key(30)));
        Assert.Equal([(A, Key(10)), (B, Key(20)), (A, Key(30))], TakeAll(line, new Slots(3, _ => null)));
    }

    [Fact]
    public void A_kind_without_a_free_slot_is_passed_over()
    {
        var line = new Line();
        line.Insert(A, Key(10));
        line.Insert(A, Key(20));
        line.Insert(B, Key(30));

        Assert.Equal([(A, Key(10)), (B, Key(30))], TakeAll(line, new Slots(5, kind => kind == A ? 1 : null)));
        Assert.True(line.Contains(A, Key(20)));
    }

    [Fact]
    public void A_head_start_moves_a_job_forward_by_that_time_and_no_further()
    {
        var noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var first = LineKey.Of(noon, TimeSpan.Zero, new(1));
        var urgent = LineKey.Of(noon.AddSeconds(30), TimeSpan.FromMinutes(1), new(2));
        var lateUrgent = LineKey.Of(noon.AddSeconds(61), TimeSpan.FromMinutes(1), new(3));

        Assert.True(urgent < first);
        Assert.True(first < lateUrgent);
    }

    [Fact]
    public void Slots_never_go_above_their_limits_and_add_up()
    {
        var random = new Random(7);
        var slots = new Slots(5, kind => kind == A ? 2 : null);
        Dictionary<JobKind, int> taken = new() { [A] = 0, [B] = 0 };
        for (var step = 0; step < 10_000; step++)
        {
            var kind = random.Next(2) == 0 ? A : B;
            if (random.Next(2) == 0 && slots.IsFree(kind))
            {
                slots.Take(kind);
                taken[kind]++;
            }
            else if (taken[kind] > 0)
            {
                slots.Release(kind);
                taken[kind]--;
            }

            Assert.True(taken[A] <= 2 && taken[A] + taken[B] <= 5);
            Assert.Equal(taken[A] + taken[B], slots.Taken);
        }
    }

    static List<(JobKind, LineKey)> TakeAll(Line line, Slots slots)
    {
        List<(JobKind, LineKey)> taken = [];
        while (line.Take(slots) is { } next)
        {
            slots.Take(next.Kind);
            taken.Add(next);
        }

        return taken;
    }
}
