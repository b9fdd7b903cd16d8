using NextUp.Processors.Bibtex.Providers;
using NextUp.ScholarStubs;

namespace NextUp.UnitTests.Bibtex.Providers;

static class StubOptions
{
    /// <summary>
    /// All five services at the stub, with keys, and a timeout that only a clock moved by hand reaches.
    /// </summary>
    public static BibtexProviderOptions Options(this ScholarStub stub)
    {
        ProviderSettings At(string service, string? key = null) =>
            new() { BaseAddress = stub.Address(service), ApiKey = key, Timeout = TimeSpan.FromMinutes(5) };
        return new()
        {
            Providers = WorkProviders.Names, Mailto = "me@example.org", Crossref = At("crossref"),
            OpenAlex = At("openalex", "openalex-key"), SemanticScholar = At("semantic-scholar", "s2-key"),
            DataCite = At("datacite"), Arxiv = At("arxiv"),
        };
    }
}
