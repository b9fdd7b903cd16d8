using NextUp.Processors.Documents.Embedding;

namespace NextUp.UnitTests.Documents.Embedding;

/// <summary>The client of an embedding service, against a stand-in that is slow, limited, truncating, refusing and wrong.</summary>
public sealed class EmbeddingEndpointTests : IAsyncLifetime
{
    static readonly string[] Texts = ["one", "twenty", "three hundred"];

    EmbeddingStub _stub = null!;

    public async ValueTask InitializeAsync() => _stub = await EmbeddingStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task Vectors_come_in_the_order_of_the_texts_with_length_one()
    {
        using var service = Service();

        var vectors = await EmbedAsync(service, Texts);

        Assert.Equal(3, vectors.Count);
        Assert.All(vectors, vector => Assert.Equal(1, vector.Sum(value => value * value), 4));
        Assert.Equal(vectors.Select(vector => vector[0] / vector[1]).Order(), vectors.Select(vector => vector[0] / vector[1]));
        Assert.Equal(new("test-model", 8), service.Space);
        Assert.Equal("Bearer secret", Assert.Single(_stub.Requests).Authorization);
    }

    [Fact]
    public async Task Batches_are_bounded_by_number()
    {
        using var service = Service(options => options with { TextsAtOnce = 2 });

        Assert.Equal(3, (await EmbedAsync(service, Texts)).Count);

        Assert.Equal([2, 1], _stub.Requests.Select(asked => asked.Texts.Count));
    }

    [Fact]
    public async Task Batches_are_bounded_by_tokens_and_a_text_beyond_the_bound_goes_alone()
    {
        using var service = Service(options => options with { TokensAtOnce = 10 });

        await EmbedAsync(service, new string('a', 12), new string('b', 12), new string('c', 300), "d");

        Assert.Equal([2, 1, 1], _stub.Requests.Select(asked => asked.Texts.Count));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_may_pass_is_tried_again(int status)
    {
        using var service = Service();
        _stub.Next(EmbeddingStub.Refuses(status, "")).Next(EmbeddingStub.Refuses(status, "oops"));

        Assert.Equal(3, (await EmbedAsync(service, Texts)).Count);

        Assert.Equal(3, _stub.Requests.Count);
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_is_asked_for_again()
    {
        using var service = Service();
        _stub.Next(_stub.Truncates());

        Assert.Equal(3, (await EmbedAsync(service, Texts)).Count);
    }

    [Fact]
    public async Task A_silent_service_counts_as_away_after_the_time_limit()
    {
        using var service = Service(options => options with { Timeout = TimeSpan.FromMilliseconds(50), AttemptsMax = 2 });
        _stub.Always = EmbeddingStub.IsSilent();

        var error = await FailsAsync(service);

        Assert.True(error.IsTransient);
        Assert.Contains("did not answer", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _stub.Requests.Count);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_away()
    {
        using var service = Service(options => options with { Address = new("http://127.0.0.1:9"), AttemptsMax = 1 });

        var error = await FailsAsync(service);

        Assert.True(error.IsTransient);
        Assert.Contains("127.0.0.1:9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_longer_wait_than_is_borne_ends_the_attempt_and_says_how_long()
    {
        using var service = Service();
        _stub.Next(EmbeddingStub.Refuses(429, "{\"error\":{\"message\":\"slow down\"}}", retryAfter: "3600"));

        var error = await FailsAsync(service);

        Assert.Equal((true, TimeSpan.FromHours(1)), (error.IsTransient, error.After));
        Assert.Contains("slow down", error.Message, StringComparison.Ordinal);
        Assert.Single(_stub.Requests);
    }

    [Theory]
    [InlineData(429, "insufficient_quota", "no credit")]
    [InlineData(402, "", "no credit")]
    [InlineData(401, "", "apiKey")]
    [InlineData(404, "", "does not know the model \"test-model\"")]
    [InlineData(400, "", "refused the request: 400")]
    public async Task What_will_not_pass_is_not_tried_again_and_says_what_to_look_at(int status, string code, string words)
    {
        using var service = Service();
        _stub.Always = EmbeddingStub.Refuses(status, $"{{\"error\":{{\"message\":\"no\",\"code\":\"{code}\"}}}}");

        var error = await FailsAsync(service);

        Assert.False(error.IsTransient);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Single(_stub.Requests);
    }

    [Theory]
    [InlineData("[1,2,3]", "3 numbers where 8")]
    [InlineData("[1,2,3,4,5,6,7,\"NaN\"]", "NaN")]
    [InlineData("[1,2,3,4,5,6,7,1e39]", "NaN or infinite")]
    [InlineData("[0,0,0,0,0,0,0,0]", "zeros")]
    public async Task A_vector_that_is_none_is_refused(string vector, string words)
    {
        using var service = Service(options => options with { Dimension = 8 });
        _stub.Always = EmbeddingStub.Says(asked => asked.Texts.Select(_ => vector));

        var error = await FailsAsync(service);

        Assert.False(error.IsTransient);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fewer_vectors_than_texts_are_refused()
    {
        using var service = Service();
        _stub.Always = EmbeddingStub.Says(asked => asked.Texts.Skip(1).Select(_stub.VectorOf));

        Assert.Contains("2 vectors for 3 texts", (await FailsAsync(service)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dimension_that_changes_on_the_way_is_refused()
    {
        using var service = Service(options => options with { TextsAtOnce = 1 });
        await EmbedAsync(service, "a");
        _stub.Dimension = 9;

        Assert.Contains("9 numbers where 8", (await FailsAsync(service)).Message, StringComparison.Ordinal);
    }

    EmbeddingEndpoint Service(Func<EmbeddingEndpointOptions, EmbeddingEndpointOptions>? with = null)
    {
        var options = new EmbeddingEndpointOptions
        {
            Address = _stub.Address, Model = "test-model", ApiKey = "secret", RetryDelay = TimeSpan.FromMilliseconds(1),
        };
        return new(with?.Invoke(options) ?? options, TimeProvider.System, new Random(1));
    }

    static Task<IReadOnlyList<float[]>> EmbedAsync(EmbeddingEndpoint service, params string[] texts) =>
        service.EmbedAsync(texts, EmbeddingUse.Document, TestContext.Current.CancellationToken);

    static Task<EmbeddingException> FailsAsync(EmbeddingEndpoint service) =>
        Assert.ThrowsAsync<EmbeddingException>(() => EmbedAsync(service, Texts));
}
