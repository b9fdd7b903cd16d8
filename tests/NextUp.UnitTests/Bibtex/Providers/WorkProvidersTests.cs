using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Providers;

public sealed class WorkProvidersTests
{
    [Fact]
    public void Providers_come_in_the_order_in_which_they_are_named()
    {
        var catalogue = new Catalogue();

        using var providers = Create(new() { Providers = ["arxiv", "catalogue", "crossref"] }, catalogue);

        Assert.Equal(["arxiv", "catalogue", "crossref"], providers.Ordered.Select(provider => provider.Name));
        Assert.Same(catalogue, providers.Ordered[1]);
    }

    [Fact]
    public void All_are_named_by_default_and_the_catalogue_comes_first()
    {
        using var providers = Create(new(), new Catalogue());

        Assert.Equal(
            ["catalogue", "crossref", "openalex", "semantic-scholar", "datacite", "arxiv"],
            providers.Ordered.Select(provider => provider.Name));
    }

    [Fact]
    public void An_unknown_name_is_an_error_that_names_it_and_the_known_names()
    {
        var error = Assert.Throws<ArgumentException>(() => Create(new() { Providers = ["crosref"] }, new Catalogue()));

        Assert.StartsWith(
            "bibtex.providers names \"crosref\", which is not known; known are catalogue, crossref, openalex, "
            + "semantic-scholar, datacite, arxiv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_wrong_setting_is_named_with_its_value_and_the_way_out()
    {
        var options = new BibtexProviderOptions
        {
            Providers = ["crossref", "crossref"],
            Mailto = "me",
            CacheBytesMax = BibtexProviderOptions.CacheBytesFloor - 1,
            Crossref = new() { BaseAddress = new("ftp://a.example/"), Mailto = "a@b\r\nX: y" },
            OpenAlex = new() { ApiKey = "a b" },
            SemanticScholar = new() { RequestsPerSecondMax = 0 },
            Arxiv = new() { Timeout = TimeSpan.Zero },
        };

        Assert.Equal(
            [
                "bibtex.providers names \"crossref\" more than once; name it once, where it is to be asked",
                "bibtex.mailto is \"me\"; it must be a mail address such as me@example.org",
                "bibtex.cacheBytesMax is 1048575; it must be at least 1048576",
                "bibtex.crossref.baseAddress is \"ftp://a.example/\"; it must be an absolute http or https address",
                "bibtex.crossref.mailto is \"a@b\r\nX: y\"; it must be a mail address such as me@example.org",
                "bibtex.openAlex.apiKey must be printable ASCII without spaces",
                "bibtex.semanticScholar.requestsPerSecondMax is 0; it must be from 0.01 to 1000",
                "bibtex.arxiv.timeout is 00:00:00; it must be from 00:00:01 to 00:05:00",
            ],
            options.Problems([]));
    }

    [Theory]
    [InlineData(0.01, 1)]
    [InlineData(1_000, 300)]
    public void Settings_at_their_limits_are_taken(double requestsPerSecond, int timeoutSeconds)
    {
        var settings = new ProviderSettings
        {
            RequestsPerSecondMax = requestsPerSecond, Timeout = TimeSpan.FromSeconds(timeoutSeconds), Mailto = "a@b",
        };
        var options = new BibtexProviderOptions
        {
            Providers = ["crossref"], Crossref = settings, CacheBytesMax = BibtexProviderOptions.CacheBytesFloor,
        };

        Assert.Empty(options.Problems([]));
        using var providers = Create(options);
        Assert.Single(providers.Ordered);
    }

    static WorkProviders Create(BibtexProviderOptions options, params IWorkProvider[] given) =>
        WorkProviders.Create(options, given, TimeProvider.System, new Random(1));

    sealed class Catalogue : IWorkProvider
    {
        public string Name => "catalogue";

        public IReadOnlySet<WorkIdScheme> Schemes { get; } = new HashSet<WorkIdScheme>();

        public bool CanSearch => false;

        public Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
            IReadOnlyList<WorkId> ids, UserId user, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<WorkId, Work>>(new Dictionary<WorkId, Work>());

        public Task<IReadOnlyList<Work>> SearchAsync(WorkQuery query, UserId user,
            CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Work>>([]);
    }
}
