namespace NextUp.Processors.Tools;

/// <summary>What a tool may take. Whoever goes past a limit is ended.</summary>
public sealed record ToolLimits
{
    /// <summary>For small things such as the facts of a file.</summary>
    public static readonly ToolLimits Default = new();

    /// <summary>How long it may take from start to end, also where it waits.</summary>
    public TimeSpan Wall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Processor time of its threads together, in seconds.</summary>
    public int CpuSecondsMax { get; init; } = 60;

    /// <summary>Memory that it may hold for itself.</summary>
    public long MemoryBytesMax { get; init; } = 1L << 30;

    /// <summary>The largest file that it may write.</summary>
    public long FileBytesMax { get; init; } = 256L << 20;

    /// <summary>How much it may say on its standard output.</summary>
    public long OutputBytesMax { get; init; } = 256L << 20;
}

/// <summary>One run of a tool.</summary>
/// <param name="Folder">Where it works; it sees nothing else of the job. Its files go when the folder is disposed.</param>
public sealed record ToolCall(ExternalTool Tool, ToolFolder Folder, IReadOnlyList<string> Arguments)
{
    public ToolLimits Limits { get; init; } = ToolLimits.Default;

    /// <summary>
    /// Reads the standard output while it comes; the stream ends with <see cref="ToolOutputException"/> past its limit.
    /// Null hands the output back as a whole, in <see cref="ToolRun.Exited.Output"/>.
    /// </summary>
    public Func<Stream, CancellationToken, Task>? Read { get; init; }
}

/// <summary>How a run ended. In each case nothing of it runs any more.</summary>
public abstract record ToolRun
{
    ToolRun() { }

    /// <summary>What is said to people of a run that did not go well; one sentence or two.</summary>
    public abstract string Sentence { get; }

    /// <param name="Code">0 where it went well; 128 and the signal where a signal ended it.</param>
    /// <param name="Error">The beginning of what it said on its standard error.</param>
    /// <param name="Output">What it said on its standard output, where nobody read it meanwhile.</param>
    public sealed record Exited(ExternalTool Tool, int Code, string Error, byte[] Output) : ToolRun
    {
        public override string Sentence
        {
            get
            {
                var said = Error.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
                return said.Length > 0 ? $"{Tool.Name} ended with code {Code}: {said[^1].Trim()}" : $"{Tool.Name} ended with code {Code}.";
            }
        }
    }

    /// <param name="Limit">The time that it had, and of what: "60 s" or "60 s of processor time".</param>
    public sealed record TimedOut(ExternalTool Tool, string Limit) : ToolRun
    {
        public override string Sentence => $"{Tool.Name} did not come to its end within {Limit}.";
    }

    public sealed record OutputTooLarge(ExternalTool Tool, long BytesMax) : ToolRun
    {
        public override string Sentence => $"{Tool.Name} made more than {BytesMax:N0} bytes of this file.";
    }

    public sealed record Missing(ExternalTool Tool) : ToolRun
    {
        public override string Sentence => Tool.MissingSentence;
    }
}

/// <summary>A tool said more than it may.</summary>
public sealed class ToolOutputException(long bytesMax) : IOException($"More than {bytesMax:N0} bytes were written.");
