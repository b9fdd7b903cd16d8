using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Server.Live;

namespace NextUp.UnitTests.Server;

public sealed class UserFeedTests
{
    static readonly UserId s_ada = UserId.Account("ada");
    static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    readonly JobRecord _job = Job(1);
    readonly UserFeed _feed = new();

    [Fact]
    public void A_place_is_told_once_and_again_when_it_changes()
    {
        Assert.Single(News(position: 3));
        Assert.Empty(News(position: 3));
        Assert.Single(News(position: 2));
    }

    [Fact]
    public void An_estimate_is_told_again_only_when_it_moved_enough_to_matter()
    {
        Assert.Single(News(3, seconds: 600));
        Assert.Empty(News(3, seconds: 600 + 59));
        Assert.Single(News(3, seconds: 600 + 70));
        Assert.Single(News(3, seconds: null));
        Assert.Single(News(3, seconds: 10));
        Assert.Empty(News(3, seconds: 11.9));
        Assert.Single(News(3, seconds: 12.1));
    }

    [Fact]
    public void Only_jobs_in_the_line_are_watched()
    {
        _feed.LaneRead([_job, Job(2) with { IsHeld = true }, Job(3) with { State = JobState.Processing }]);

        Assert.Equal([_job], _feed.Waiting);
    }

    [Fact]
    public void A_job_that_comes_back_into_the_line_is_told_of_again()
    {
        News(position: 1);
        _feed.LaneRead([]);

        Assert.Single(News(position: 1));
    }

    [Fact]
    public void A_change_during_the_reading_of_the_lane_is_read_again()
    {
        Assert.True(_feed.TakeLaneChanged());
        _feed.LaneChanged();
        Assert.True(_feed.TakeLaneChanged());
        Assert.False(_feed.TakeLaneChanged());
    }

    [Fact]
    public void A_reader_that_falls_too_far_behind_is_cut_off_and_nobody_waits_for_it()
    {
        var slow = new LiveSubscription(s_ada);
        for (var i = 0; i < LiveSubscription.ItemsMax; i++)
            slow.Offer(new FeedItem.Progressed(_job.Id));
        Assert.False(slow.Items.Completion.IsCompleted);

        slow.Offer(new FeedItem.Progressed(_job.Id));
        for (var i = 0; i < LiveSubscription.ItemsMax; i++)
            Assert.True(slow.Items.TryRead(out _));

        Assert.False(slow.Items.TryRead(out _));
        Assert.True(slow.Items.Completion.IsCompleted);
    }

    IReadOnlyList<JobPosition> News(int position, double? seconds = null)
    {
        StartEstimateView? estimate = seconds is { } s
            ? new(s_noon.AddSeconds(s), s_noon.AddSeconds(s), (int)s, (int)s) : null;
        _feed.LaneRead([_job]);
        return _feed.News([(_job, new JobPosition(_job.Id.ToString(), position, position - 1, estimate))]);
    }

    static JobRecord Job(long sequence) => new()
    {
        Sequence = new(sequence),
        Id = JobId.New(s_noon),
        User = s_ada,
        Kind = new("bibtex"),
        State = JobState.Pending,
        AcceptedAt = s_noon,
        LineKey = new LineKey(sequence, new(sequence)),
        FileName = "a.bib",
        FileSize = 1,
    };
}
