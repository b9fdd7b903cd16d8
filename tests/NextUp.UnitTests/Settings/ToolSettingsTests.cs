using System.Text;
using NextUp.Processors.Tools;
using NextUp.Server.Settings;

namespace NextUp.UnitTests.Settings;

public sealed class ToolSettingsTests
{
    [Fact]
    public void A_tool_is_where_its_setting_says()
    {
        var settings = Parse("""{"tools": {"pdftotext": "/bin/sh", "languages": "eng+deu"}}""").Tools;

        Assert.Equal(["/bin/sh"], settings.NewToolbox().Find(ExternalTool.PdfToText));
        Assert.Equal("eng+deu", settings.Pdf.Languages);
    }

    [Fact]
    public void A_tool_that_is_looked_for_is_found_on_PATH_or_in_the_usual_folders()
    {
        Assert.Equal(["/bin/sh"], new Toolbox(path: () => "/nowhere:/bin").Find(new("sh", "dash")));
        Assert.NotNull(new Toolbox(path: () => null).Find(new("sh", "dash")));
        Assert.Null(new Toolbox(path: () => ".").Find(new("no-such-tool", "none")));
    }

    [Theory]
    [InlineData("""{"tools": {"tesseract": "/no/such/file"}}""", "tools.tesseract")]
    [InlineData("""{"tools": {"tesseract": "bin/sh"}}""", "tools.tesseract")]
    [InlineData("""{"tools": {"languages": "../../eng"}}""", "tools.languages")]
    [InlineData("""{"tools": {"languages": "-x"}}""", "tools.languages")]
    public void What_cannot_be_is_told_at_the_start(string json, string key) =>
        Assert.Contains(key, Assert.Throws<SettingsException>(() => Parse(json)).Message, StringComparison.Ordinal);

    static NextUpSettings Parse(string json) => NextUpSettings.Parse("test.json", Encoding.UTF8.GetBytes(json));
}
