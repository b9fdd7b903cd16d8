namespace NextUp.Server.Settings;

/// <summary>Says in the log what became of every reload, a line for each fault.</summary>
sealed partial class SettingsLog(ILogger<SettingsLog> log)
{
    public void Tell(string reason, ReloadAnswer answer)
    {
        switch (answer)
        {
            case ReloadAnswer.Refused refused:
                Kept(reason);
                foreach (var fault in refused.Faults)
                    Faulty(fault);
                break;
            case ReloadAnswer.Applied applied:
                Read(reason);
                foreach (var entry in applied.Changed)
                    Changed(entry.Key, entry.Value, entry.Source ?? "the default");
                foreach (var entry in applied.AtRestart)
                    Waiting(entry.Key, entry.Value);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"{answer}");
        }
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The settings were read again ({Reason}) and cannot be used. Those of before hold on.")]
    partial void Kept(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Refused setting: {Fault}")]
    partial void Faulty(SettingFault fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The settings were read again ({Reason}).")]
    partial void Read(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Key} is {Value} now ({Source}).")]
    partial void Changed(string key, string value, string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key} will be {Value} at the next start; it cannot change before.")]
    partial void Waiting(string key, string value);
}
