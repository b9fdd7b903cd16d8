namespace NextUp.Server.Commands;

/// <summary>What the process answers to the shell. Scripts rely on the numbers; they are never changed.</summary>
static class ExitCode
{
    public const int Ok = 0;

    /// <summary>A job failed or was cancelled, or the server said no.</summary>
    public const int Negative = 1;

    /// <summary>The command line, a file, a token or a setting is not usable as it is.</summary>
    public const int BadInput = 2;

    /// <summary>No answer came, or the server said that it cannot work at the moment.</summary>
    public const int Unreachable = 3;

    /// <summary>Interrupted: 128 and the number of SIGINT, as shells expect.</summary>
    public const int Interrupted = 130;

    public const string Help = """
        Exit codes:
          0    done
          1    a job failed or was cancelled, or the server said no
          2    the command line, a file, a token or a setting cannot be used as it is
          3    the server could not be reached
          130  interrupted
        """;
}
