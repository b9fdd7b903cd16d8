namespace NextUp.Server.Settings;

/// <summary>What became of reading the settings again.</summary>
abstract record ReloadAnswer
{
    ReloadAnswer() { }

    /// <param name="Changed">Settings that differ from before and hold now.</param>
    /// <param name="AtRestart">Settings that differ from what the server started with, and wait for its next start.</param>
    public sealed record Applied(IReadOnlyList<SettingEntry> Changed, IReadOnlyList<SettingEntry> AtRestart) : ReloadAnswer;

    /// <summary>Nothing was changed: the settings of before hold on.</summary>
    public sealed record Refused(string Message, IReadOnlyList<SettingFault> Faults) : ReloadAnswer;
}

/// <summary>Puts changed settings into force.</summary>
/// <param name="changed">The keys that differ from before.</param>
delegate Task SettingsChanged(NextUpSettings settings, IReadOnlySet<string> changed);

/// <summary>
/// The settings in force, and their replacement while the server runs. New ones are read and checked as a whole first; what
/// cannot be used changes nothing. One reload at a time.
/// </summary>
sealed class SettingsReload(SettingsSources sources, NextUpSettings started, SettingsChanged apply) : IDisposable
{
    readonly SemaphoreSlim _one = new(1);
    readonly IReadOnlyList<SettingEntry> _started = started.Entries;

    public SettingsSources Sources => sources;

    /// <summary>What holds now.</summary>
    public NextUpSettings Current { get; private set; } = started;

    /// <summary>Why the last reload was refused; null when it was not.</summary>
    public ReloadAnswer.Refused? Failure { get; private set; }

    /// <summary>Told of every reload; by whom it was asked for, and what became of it.</summary>
    public Action<string, ReloadAnswer>? Told { get; set; }

    /// <param name="reason">Who asks, for the log.</param>
    public async Task<ReloadAnswer> ReloadAsync(string reason)
    {
        await _one.WaitAsync();
        try
        {
            var answer = await ReadAsync();
            Failure = answer as ReloadAnswer.Refused;
            Told?.Invoke(reason, answer);
            return answer;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    async Task<ReloadAnswer> ReadAsync()
    {
        NextUpSettings settings;
        try
        {
            settings = NextUpSettings.Load(sources);
        }
        catch (SettingsException error)
        {
            return new ReloadAnswer.Refused(error.Message, error.Faults);
        }

        var changed = Differing(Current.Entries, settings.Entries);
        if (changed.Count > 0)
            await apply(settings, changed.Select(entry => entry.Key).ToHashSet());
        Current = settings;
        return new ReloadAnswer.Applied(
            [.. changed.Where(entry => entry.Applies == Applies.AtOnce)],
            [.. Differing(_started, settings.Entries).Where(entry => entry.Applies == Applies.AtRestart)]);
    }

    static List<SettingEntry> Differing(IReadOnlyList<SettingEntry> before, IReadOnlyList<SettingEntry> now)
    {
        var known = before.ToDictionary(entry => entry.Key, entry => entry.Mark);
        return
        [
            .. now.Where(entry => !entry.Key.Contains('[', StringComparison.Ordinal)) // A list is one setting.
                .Where(entry => !known.TryGetValue(entry.Key, out var mark) || mark != entry.Mark),
        ];
    }
}
