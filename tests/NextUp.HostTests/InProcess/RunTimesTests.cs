using NextUp.Actors.Jobs;
using NextUp.Hosting.InProcess;

namespace NextUp.HostTests.InProcess;

/// <summary>How long attempts took lately.</summary>
public sealed class RunTimesTests
{
    static readonly JobKind Kind = new("bibtex");

    readonly RunTimes _times = new();

    [Fact]
    public void Of_a_kind_nothing_is_known_until_one_has_ended()
    {
        _times.Took(new("tables"), TimeSpan.FromSeconds(1));

        Assert.Null(_times.Of(Kind));
    }

    [Fact]
    public void A_single_long_one_among_brief_ones_is_noticed_and_forgotten_again()
    {
        var brief = TimeSpan.FromMilliseconds(0.1);
        for (var i = 0; i < 100; i++)
            _times.Took(Kind, brief);
        Assert.Equal(brief, _times.Of(Kind));

        _times.Took(Kind, TimeSpan.FromSeconds(1));
        Assert.True(_times.Of(Kind) > TimeSpan.FromMilliseconds(50));

        for (var i = 0; i < 200; i++)
            _times.Took(Kind, brief);
        Assert.True(_times.Of(Kind) < TimeSpan.FromMilliseconds(1));
    }
}
