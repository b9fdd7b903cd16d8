using NextUp.ScholarStubs;

namespace NextUp.UnitTests.Bibtex.Providers;

/// <summary>Real works, in short, for the stub to know.</summary>
static class ScholarWorks
{
    public static readonly StubWork Turing = new()
    {
        Title = "Computing Machinery and Intelligence", Doi = "10.1093/mind/lix.236.433", CorpusId = "14636783",
        Authors = [("A. M.", "Turing")], Year = 1950, Container = "Mind", Issn = "0026-4423", Volume = "LIX",
        Issue = "236", Pages = "433-460", Publisher = "Oxford University Press (OUP)", Citations = 10059,
        JournalMeanCitedness = 1.9,
        Abstract = "I propose to consider the question, “Can machines think?”",
    };

    public static readonly StubWork Attention = new()
    {
        Title = "Attention Is All You Need", Arxiv = "1706.03762", CorpusId = "13756489", Type = "posted-content",
        Authors = [("Ashish", "Vaswani"), ("Noam", "Shazeer")], Year = 2017, Citations = 90000,
        Abstract = "The dominant sequence transduction models are based on complex networks.",
    };

    public static readonly StubWork Cermine = new()
    {
        Title = "CERMINE: automatic extraction of structured metadata from scientific literature",
        Doi = "10.1007/s10032-015-0249-8", Authors = [("Dominika", "Tkaczyk"), ("Paweł", "Szostek")], Year = 2015,
        Container = "IJDAR", Issn = "1433-2833", Volume = "18", Issue = "4", Pages = "317-335", Citations = 19,
        Publisher = "Springer Nature", Pmid = "25505402",
    };

    /// <summary>Its DOI holds signs that a filter cannot carry.</summary>
    public static readonly StubWork Deerwester = new()
    {
        Title = "Indexing by latent semantic analysis",
        Doi = "10.1002/(sici)1097-4571(199009)41:6<391::aid-asi1>3.0.co;2-9",
        Authors = [("Scott", "Deerwester")], Year = 1990,
        Container = "Journal of the American Society for Information Science",
    };

    public static readonly StubWork Framework = new()
    {
        Title = "ALSETLab/sysml.powersystems.framework", Doi = "10.5281/zenodo.3596961", IsDataCites = true,
        Authors = [("Francis", "Gómez")], Year = 2020, Publisher = "Zenodo", Type = "dataset",
        Abstract = "SysML project about design of modeling and simulation tools for power systems",
    };

    /// <summary>At DataCite under a prefix that is not known beforehand.</summary>
    public static readonly StubWork Thesis = new()
    {
        Title = "On queues", Doi = "10.12345/thesis.1", IsDataCites = true, Authors = [("Ada", "Love")], Year = 2019,
        Publisher = "Uni",
    };

    public static readonly StubWork[] All = [Turing, Attention, Cermine, Deerwester, Framework, Thesis];
}
