using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;
using NextUp.ScholarStubs;

namespace NextUp.UnitTests.Bibtex.Providers;

public sealed class ProviderClientTests : IAsyncLifetime
{
    static readonly UserId Ada = UserId.Account("ada");
    static readonly ProviderRequest Question = new("works/10.1000%2Fa");

    // Delays are jumped over; a request's timeout of five minutes stays armed until the test moves the clock.
    readonly HandClock _clock = new(TimeSpan.FromMinutes(2));
    ScholarStub _stub = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await ScholarStub.StartAsync(
        new StubWork { Title = "A title of some length", Doi = "10.1000/a", Abstract = new string('x', 4_000) });

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task A_right_answer_is_read_at_the_first_try()
    {
        using var client = Client();

        Assert.Equal("A title of some length", await TitleAsync(client));
        Assert.Single(_stub.Requests);
    }

    [Fact]
    public async Task The_first_answers_headers_become_the_limits()
    {
        using var client = Client(new() { Mailto = "me@example.org" });

        await TitleAsync(client);

        Assert.Equal(new("crossref", 0, 10, TimeSpan.FromSeconds(1), 3, null), client.Condition);
        Assert.Contains("(mailto:me@example.org)", _stub.Requests[0].Headers["User-Agent"], StringComparison.Ordinal);
    }

    public static TheoryData<StubFault> WorthAnotherTry() =>
    [
        new StubFault.Status(408), new StubFault.Status(500), new StubFault.Status(502), new StubFault.Status(503),
        new StubFault.TooMany(), new StubFault.TooMany("3"), new StubFault.Truncated(), new StubFault.HangUp(),
        new StubFault.Body("<html><body>Maintenance</body></html>"u8.ToArray(), "text/html; charset=utf-8"),
        new StubFault.Body("<html><body>Maintenance</body></html>"u8.ToArray()),
        new StubFault.Body("{\"status\":\"ok\",\"message\":{\"DOI\":\"10.10"u8.ToArray()),
        new StubFault.Body("{\"status\":\"ok\"}{}"u8.ToArray()), new StubFault.Body("[]"u8.ToArray()),
        new StubFault.Body("null"u8.ToArray()), new StubFault.Body([]), new StubFault.Body([0xff, 0xfe, 0x00]),
        new StubFault.Status(204), new StubFault.Redirect("", 302),
    ];

    [Theory]
    [MemberData(nameof(WorthAnotherTry), DisableDiscoveryEnumeration = true)]
    public async Task A_passing_fault_costs_one_more_try(StubFault fault)
    {
        using var client = Client();
        _stub.Next("crossref", fault);

        Assert.Equal("A title of some length", await TitleAsync(client));
        Assert.Equal(2, _stub.Requests.Count);
    }

    [Fact]
    public async Task A_lasting_fault_ends_after_the_last_try_and_says_why()
    {
        using var client = Client();
        _stub.Next("crossref", [.. Enumerable.Repeat(new StubFault.Status(503), 99)]);

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));

        Assert.Equal("crossref: answered 503 (the last of 5 tries)", error.Message);
        Assert.Equal(1 + ProviderClient.RetriesMax, _stub.Requests.Count);
        Assert.InRange(_clock.Jumped.TotalSeconds, 0.5 * (0.5 + 1 + 2 + 4), 1.5 * (0.5 + 1 + 2 + 4) + 2);
    }

    [Fact]
    public async Task Retry_after_is_waited_for()
    {
        using var client = Client();
        _stub.Next("crossref", new StubFault.TooMany("45"));

        await TitleAsync(client);

        Assert.InRange(_clock.Jumped.TotalSeconds, 45, 47);
    }

    [Fact]
    public async Task A_retry_after_beyond_patience_ends_at_once_and_is_handed_on()
    {
        using var client = Client();
        _stub.Next("crossref", new StubFault.TooMany("7200"));

        var first = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));
        var second = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));

        Assert.Equal("crossref: answered 429", first.Message);
        Assert.Equal(TimeSpan.FromHours(2), first.RetryAfter);
        Assert.Equal("asks not to be asked for another 7200 seconds", second.Reason);
        Assert.Single(_stub.Requests);
    }

    public static TheoryData<StubFault, string> NotWorthAnotherTry() => new()
    {
        { new StubFault.Status(401), "answered 401; is its key right?" },
        { new StubFault.Status(403), "answered 403; is its key right?" },
        { new StubFault.Status(451), "answered 451" },
        { new StubFault.Status(404, "<html>", "text/html"),
            "answered 404 with a web page; is its base address right?" },
        { new StubFault.Oversized(ProviderClient.AnswerBytesMax + 1), "answered with more than 20971520 bytes" },
        { new StubFault.Redirect("http://elsewhere.example/works"), "redirected to another place, elsewhere.example" },
    };

    [Theory]
    [MemberData(nameof(NotWorthAnotherTry), DisableDiscoveryEnumeration = true)]
    public async Task A_fault_that_asking_again_cannot_mend_ends_at_once(StubFault fault, string reason)
    {
        using var client = Client();
        _stub.Next("crossref", fault);

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));

        Assert.Equal(reason, error.Reason);
        Assert.Single(_stub.Requests);
    }

    [Fact]
    public async Task An_answer_of_exactly_the_largest_size_is_read()
    {
        using var client = Client();
        var bytes = new byte[ProviderClient.AnswerBytesMax];
        Array.Fill(bytes, (byte)' ');
        "{\"status\":\"ok\",\"message\":{\"DOI\":\"10.1000/a\",\"title\":\"Big\"}}"u8.CopyTo(bytes);
        _stub.Next("crossref", new StubFault.Body(bytes));

        Assert.Equal("Big", await TitleAsync(client));
    }

    [Fact]
    public async Task A_slow_answer_is_given_up_after_the_timeout_and_asked_for_again()
    {
        using var client = Client();
        var never = new TaskCompletionSource();
        _stub.Next("crossref", new StubFault.Slow(never.Task));
        var title = TitleAsync(client);
        await Arrived(1);

        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("A title of some length", await title);
        Assert.Equal(2, _stub.Requests.Count);
    }

    [Fact]
    public async Task Cancelling_ends_the_request_at_once_and_is_no_unavailability()
    {
        using var client = Client();
        using var cancel = new CancellationTokenSource();
        _stub.Next("crossref", new StubFault.Slow(new TaskCompletionSource().Task));
        var asked = client.AskAsync(Question, CrossrefAnswer.One, Ada, cancel.Token);
        await Arrived(1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task A_redirect_on_the_same_host_is_followed_and_counted()
    {
        using var client = Client();
        _stub.Next("crossref", new StubFault.Redirect("/crossref/works/10.1000%2FA"));

        Assert.Equal("A title of some length", await TitleAsync(client));
        Assert.Equal(2, _stub.Requests.Count);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_not_followed_even_on_the_same_port()
    {
        using var client = Client();
        var port = _stub.Address("crossref").Port;
        _stub.Next("crossref", new StubFault.Redirect($"http://localhost:{port}/crossref/works/10.1000%2Fa"));

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));

        Assert.Equal("redirected to another place, localhost", error.Reason);
    }

    [Fact]
    public async Task A_posted_question_is_sent_again_only_where_the_redirect_says_so()
    {
        using var client = Client();
        _stub.Next("crossref", new StubFault.Redirect("/crossref/works/10.1000%2Fa", 302));
        _stub.Next("crossref", new StubFault.Redirect("/crossref/works/10.1000%2Fa", 308));
        var question = new ProviderRequest("works/x", "{}"u8.ToArray());

        await Assert.ThrowsAsync<WorkProviderUnavailableException>(
            () => client.AskAsync(question, CrossrefAnswer.One, Ada, Cancel));
        await client.AskAsync(question, CrossrefAnswer.One, Ada, Cancel);

        Assert.Equal(["POST", "POST", "POST"], _stub.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task Redirects_in_a_ring_are_bounded()
    {
        using var client = Client();
        _stub.Next("crossref", [.. Enumerable.Repeat(new StubFault.Redirect("/crossref/works/10.1000%2Fa"), 99)]);

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));

        Assert.StartsWith("redirected more than 3 times", error.Reason, StringComparison.Ordinal);
        Assert.Equal((1 + ProviderClient.RedirectsMax) * (1 + ProviderClient.RetriesMax), _stub.Requests.Count);
    }

    [Fact]
    public async Task A_plain_text_404_means_unknown_and_a_400_is_quoted()
    {
        using var client = Client();
        _stub.Next("crossref", new StubFault.Status(400, "{\"message\":\"no such filter\"}" + new string('x', 5_000)));

        var refused = await client.AskAsync(Question, CrossrefAnswer.One, Ada, Cancel);
        var missing = await client.AskAsync(new("works/10.1000%2Funknown"), CrossrefAnswer.One, Ada, Cancel);

        Assert.StartsWith("{\"message\":\"no such filter\"}",
            Assert.IsType<ProviderAnswer<Work>.Refused>(refused).Why, StringComparison.Ordinal);
        Assert.Equal(ProviderClient.QuoteLengthMax, ((ProviderAnswer<Work>.Refused)refused).Why.Length);
        Assert.IsType<ProviderAnswer<Work>.Missing>(missing);
    }

    [Fact]
    public async Task After_most_tries_failed_the_service_is_left_alone_and_then_asked_again()
    {
        using var client = Client();
        _stub.Next("crossref", [.. Enumerable.Repeat(new StubFault.HangUp(), ProviderClient.BreakAfterTries)]);
        await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));
        await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));
        var before = _stub.Requests.Count;

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));

        Assert.Equal("failed too often just now and is left alone for a while", error.Reason);
        Assert.Equal(before, _stub.Requests.Count);
        _clock.Advance(ProviderClient.BreakDuration + TimeSpan.FromSeconds(1));
        Assert.Equal("A title of some length", await TitleAsync(client));
    }

    [Fact]
    public async Task Nobody_waits_for_a_turn_at_a_service_that_is_left_alone()
    {
        using var client = Client(new() { RequestsPerSecondMax = 1 });
        _stub.Next("crossref", [.. Enumerable.Repeat(new StubFault.HangUp(), ProviderClient.BreakAfterTries)]);
        await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));
        await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));
        var waited = _clock.Jumped;

        for (var asked = 0; asked < 100; asked++)
            await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));

        Assert.Equal(waited, _clock.Jumped);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_unavailable_by_a_clause_that_holds_no_address()
    {
        var address = _stub.Address("crossref");
        await _stub.DisposeAsync();
        using var client = new ProviderClient(
            CrossrefProvider.Profile,
            new() { BaseAddress = address, ApiKey = "secret", Timeout = TimeSpan.FromMinutes(5) },
            _clock, new Random(1));

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => TitleAsync(client));

        Assert.Equal("no connection could be made (the last of 2 tries)", error.Reason);
    }

    [Fact]
    public async Task Many_users_at_once_never_run_more_requests_than_allowed()
    {
        using var client = Client(new() { Mailto = "me@example.org" });
        await TitleAsync(client);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            client.AskAsync(Question, CrossrefAnswer.One, UserId.Account($"user-{i % 20}"), Cancel)));

        Assert.InRange(_stub.RunningMost("crossref"), 1, 3);
        Assert.True(_clock.Jumped >= TimeSpan.FromSeconds(19), $"201 requests at 10/s took {_clock.Jumped}");
    }

    ProviderClient Client(ProviderSettings? settings = null) => new(
        CrossrefProvider.Profile,
        (settings ?? new()) with { BaseAddress = _stub.Address("crossref"), Timeout = TimeSpan.FromMinutes(5) },
        _clock, new Random(1));

    static async Task<string?> TitleAsync(ProviderClient client) =>
        Assert.IsType<ProviderAnswer<Work>.Found>(
            await client.AskAsync(Question, CrossrefAnswer.One, Ada, Cancel)).Value.Title;

    async Task Arrived(int requests) => await _stub.ArrivedAsync(requests);
}
