using NextUp.Processors.Bibtex.Providers;

namespace NextUp.UnitTests.Bibtex.Providers;

public sealed class ProviderLimitsTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Crossrefs_headers_announce_requests_interval_and_concurrency()
    {
        var limits = Read(("x-rate-limit-limit", "10"), ("x-rate-limit-interval", "1s"), ("x-concurrency-limit", "3"));

        Assert.Equal(new(10, TimeSpan.FromSeconds(1), 3, null), limits);
    }

    [Theory]
    [InlineData("x-rate-limit-limit", "0")]
    [InlineData("x-rate-limit-limit", "-5")]
    [InlineData("x-rate-limit-limit", "many")]
    [InlineData("x-rate-limit-interval", "soon")]
    [InlineData("x-concurrency-limit", "0")]
    [InlineData("Retry-After", "-1")]
    [InlineData("Retry-After", "later")]
    [InlineData("x-ratelimit-remaining", "0")]
    [InlineData("x-ratelimit-reset", "60")]
    public void What_makes_no_sense_alone_says_nothing(string name, string value)
    {
        Assert.Equal(default, Read((name, value)));
    }

    [Theory]
    [InlineData("1s", 1_000)]
    [InlineData("500ms", 500)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("2h", 3_600_000)]
    [InlineData("60", 60_000)]
    [InlineData("9223372036854775807s", 3_600_000)]
    public void An_interval_is_read_with_its_unit_and_bounded(string text, int milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ProviderLimits.Span(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("1 fortnight")]
    [InlineData("99999999999999999999s")]
    public void What_is_no_interval_is_none(string text) => Assert.Null(ProviderLimits.Span(text));

    [Fact]
    public void Numbers_over_the_limit_are_cut_to_it()
    {
        var limits = Read(
            ("x-rate-limit-limit", "100000"), ("x-rate-limit-interval", "1s"), ("x-concurrency-limit", "100000"),
            ("Retry-After", "31536000"));

        Assert.Equal(
            new(ProviderLimits.RequestsMax, TimeSpan.FromSeconds(1), ProviderLimits.ConcurrencyMax,
                ProviderLimits.PauseMax),
            limits);
    }

    [Fact]
    public void Retry_after_is_read_as_seconds_and_as_a_date()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Read(("Retry-After", "7")).Pause);
        Assert.Equal(TimeSpan.FromSeconds(90), Read(("Retry-After", Noon.AddSeconds(90).ToString("R"))).Pause);
        Assert.Null(Read(("Retry-After", Noon.AddSeconds(-90).ToString("R"))).Pause);
    }

    [Theory]
    [InlineData("0", "3600", 3_600)]
    [InlineData("0.0", "30", 30)]
    [InlineData("-0.01", "30", 30)]
    public void A_used_up_budget_pauses_until_it_is_renewed(string remaining, string reset, int seconds)
    {
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
                Read(("X-RateLimit-Remaining", remaining), ("X-RateLimit-Reset", reset)).Pause);
    }

    [Fact]
    public void A_reset_may_be_a_moment_and_means_nothing_while_something_remains()
    {
        var inAMinute = Noon.AddMinutes(1).ToUnixTimeSeconds().ToString();

        Assert.Equal(
            TimeSpan.FromMinutes(1), Read(("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", inAMinute)).Pause);
        Assert.Null(Read(("X-RateLimit-Remaining", "1"), ("X-RateLimit-Reset", inAMinute)).Pause);
    }

    static ProviderLimits Read(params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return ProviderLimits.Read(response.Headers, Noon);
    }
}
