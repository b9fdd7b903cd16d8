namespace NextUp.Server.Operations;

/// <summary>Says at the start which programs are missing that read what people upload.</summary>
sealed partial class ToolsLog(ILogger<ToolsLog> log)
{
    public void Tell(IEnumerable<string> missing)
    {
        foreach (var sentence in missing)
            Missing(sentence);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence} Until then files that need it are refused or tried again later.")]
    partial void Missing(string sentence);
}
