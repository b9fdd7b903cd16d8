namespace NextUp.UnitTests.Tidy.Deploy;

public sealed class YamlReaderTests
{
    static string Json(string yaml) => $"[{string.Join(',', YamlReader.Read("a", yaml).Select(one => one?.ToJsonString() ?? "null"))}]";

    [Fact]
    public void Blocks_flows_texts_anchors_and_merges_are_read_as_YAML_has_them()
    {
        const string yaml = """
            # A comment.
            base: &base
              a: 1            # and another
              b: [x, "y: z", 'it''s', {c: true, d: }]
            other:
              <<: *base
              a: 2
              e: |
                two
                lines
              f: >-
                one
                line
            list:
              - k: v
                w: http://a:80/#x
              - - 1
                - "2"
              - plain text, with a comma
            ---
            - last
            """;

        const string json = """
            [{"base":{"a":1,"b":["x","y: z","it\u0027s",{"c":true,"d":null}]},
            "other":{"a":2,"e":"two\nlines\n","f":"one line","b":["x","y: z","it\u0027s",{"c":true,"d":null}]},
            "list":[{"k":"v","w":"http://a:80/#x"},[1,"2"],"plain text, with a comma"]},["last"]]
            """;
        Assert.Equal(json.ReplaceLineEndings(""), Json(yaml));
    }

    [Theory]
    [InlineData("a: 1\na: 2", "line 2")]
    [InlineData("a: [1, 2", "ends before")]
    [InlineData("a: {b: 1, b: 2}", "has b twice")]
    [InlineData("a: b: c", "colon")]
    [InlineData("a:\n    b: 1\n  c: 2", "line 3")]
    [InlineData("a: 1\n  b: 2", "indented too far")]
    [InlineData("a: *nobody", "anchor nobody")]
    [InlineData("a:\n\tb: 1", "tab")]
    [InlineData("only words", "neither")]
    public void What_is_wrong_is_told_with_its_line(string yaml, string told) =>
        Assert.Contains(told, Assert.Throws<FormatException>(() => YamlReader.Read("a", yaml)).Message, StringComparison.Ordinal);
}
