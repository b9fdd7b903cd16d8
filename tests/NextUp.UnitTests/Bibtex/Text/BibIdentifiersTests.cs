using NextUp.Processors.Bibtex.Text;

namespace NextUp.UnitTests.Bibtex.Text;

public sealed class BibIdentifiersTests
{
    [Theory]
    [InlineData("doi = {10.1000/ABC.1}", "Doi:10.1000/abc.1")]
    [InlineData("doi = {https://doi.org/10.1000%2Fx}", "Doi:10.1000/x")]
    [InlineData("doi = {doi:10.1007/978-3\\_4.}", "Doi:10.1007/978-3_4")]
    [InlineData("doi = {http://dx.doi.org/10.1016/S0140-6736(05)12345-6}", "Doi:10.1016/s0140-6736(05)12345-6")]
    [InlineData("doi = {10.1002/(SICI)1097-4571(199)9:2<1::AID-X>3.0.CO;2-#}",
        "Doi:10.1002/(sici)1097-4571(199)9:2<1::aid-x>3.0.co;2-#")]
    [InlineData("note = {(see doi:10.1000/182), page 3}", "Doi:10.1000/182")]
    [InlineData("url = {https://doi.org/10.1000/182}", "Doi:10.1000/182")]
    [InlineData("howpublished = {\\url{https://doi.org/10.1000/182}}", "Doi:10.1000/182")]
    [InlineData("eprint = {1706.03762v5}, archivePrefix = {arXiv}", "Arxiv:1706.03762")]
    [InlineData("eprint = {math/0211159}", "Arxiv:math/0211159")]
    [InlineData("eprint = {https://arxiv.org/abs/1706.03762}, eprinttype = {arxiv}", "Arxiv:1706.03762")]
    [InlineData("eprint = {123456}, eprinttype = {pubmed}", "Pmid:123456")]
    [InlineData("journal = {CoRR}, volume = {abs/1706.03762}", "Arxiv:1706.03762")]
    [InlineData("journal = {arXiv preprint arXiv:1706.03762}", "Arxiv:1706.03762")]
    [InlineData("url = {http://arxiv.org/pdf/1706.03762v2.pdf}", "Arxiv:1706.03762")]
    [InlineData("doi = {10.48550/arXiv.1706.03762}", "Doi:10.48550/arxiv.1706.03762 Arxiv:1706.03762")]
    [InlineData("pmid = {12345678}", "Pmid:12345678")]
    [InlineData("url = {https://pubmed.ncbi.nlm.nih.gov/12345678/}", "Pmid:12345678")]
    [InlineData("url = {https://www.semanticscholar.org/x?CorpusId:13756489}", "CorpusId:13756489")]
    [InlineData("note = {CorpusID: 13756489}, pmid = 99", "Pmid:99 CorpusId:13756489")]
    [InlineData("doi = {n/a}, eprint = {none}, pmid = {-}", "")]
    [InlineData("doi = {10.1000/}", "")]
    [InlineData("abstract = {as in doi:10.1000/182}, volume = 10", "")]
    public void Identifiers_are_found_wherever_people_write_them(string fields, string expected)
    {
        var entry = BibSamples.Parse($"@article{{k, {fields}}}").Entries[0];
        Assert.Equal(expected, string.Join(' ', BibIdentifiers.Find(entry).Select(id => $"{id.Scheme}:{id.Value}")));
    }

    [Fact]
    public void Only_so_many_identifiers_of_an_entry_are_used_and_long_fields_are_not_searched()
    {
        var many =
            string.Join(", ",
            new[] { "url", "howpublished", "journal", "journaltitle", "volume", "note", "annote", "doi" }
            .Select((name, i) => $"{name} = {{10.1000/{i}}}"));
        Assert.Equal(BibIdentifiers.IdsMax,
            BibIdentifiers.Find(BibSamples.Parse($"@misc{{k, {many}}}").Entries[0]).Count);
        var edge = new string('x', BibIdentifiers.FieldLengthMax - "10.1000/1 ".Length);
        Assert.Single(BibIdentifiers.Find(BibSamples.Parse($"@misc{{k, note = {{10.1000/1 {edge}}}}}").Entries[0]));
        Assert.Empty(BibIdentifiers.Find(BibSamples.Parse($"@misc{{k, note = {{10.1000/1 {edge}y}}}}").Entries[0]));
    }

    [Fact]
    public void An_entry_has_what_the_entries_it_refers_to_have_but_not_their_title_or_doi()
    {
        var file = BibSamples.Parse("""
            @incollection{child, crossref = {Book}, xdata = {shared,missing}, title = {Part}}
            @collection{book, title = {Whole}, date = {2001-02}, doi = {10.1/x}, publisher = {P}, crossref = {child}}
            @xdata{shared, location = {Here}, xdata = {shared}}
            """);
        var inheritance = new BibInheritance(file);
        var child = file.Entries[0];
        Assert.Equal("Whole", inheritance.Text(child, "booktitle"));
        Assert.Equal("2001-02", inheritance.Text(child, "year"));
        Assert.Equal("P", inheritance.Text(child, "publisher"));
        Assert.Equal("Here", inheritance.Text(child, "location"));
        Assert.Equal("Part", inheritance.Text(child, "title"));
        Assert.Null(inheritance.Text(child, "doi"));
        Assert.Null(inheritance.Text(child, "pages"));
    }

    [Fact]
    public void References_that_run_in_circles_are_given_up_after_a_few()
    {
        var keys = string.Join(',', Enumerable.Range(0, 500).Select(i => $"k{i}"));
        var file =
            BibSamples.Parse(
            string.Concat(Enumerable.Range(0, 500).Select(i => $"@xdata{{k{i}, xdata = {{{keys}}}}}\n")));
        Assert.Null(new BibInheritance(file).Text(file.Entries[0], "year"));
    }
}
