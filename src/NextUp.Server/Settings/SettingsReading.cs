namespace NextUp.Server.Settings;

/// <summary>
/// One reading of all settings: what was read, what is wrong with it, and at the end what nobody asked for.
/// </summary>
sealed class SettingsReading
{
    readonly List<SettingsSection> _sections = [];
    readonly List<SettingEntry> _entries = [];
    readonly List<SettingFault> _faults = [];
    readonly Dictionary<string, string> _about = new(StringComparer.Ordinal);

    /// <summary>Every setting there is, in the order read.</summary>
    public IReadOnlyList<SettingEntry> Entries => _entries;

    public IReadOnlyList<SettingFault> Faults => _faults;

    /// <summary>What a section is for, by its path with placeholders.</summary>
    public IReadOnlyDictionary<string, string> About => _about;

    public SettingsSection Root(SettingsNode? node) => new(this, "", "", node, Applies.AtRestart);

    /// <summary>Every key that no reader asked for is a mistake. Called once, when all is read.</summary>
    public void End()
    {
        foreach (var section in _sections)
            section.FindUnknown(_entries);
    }

    public void Add(SettingsSection section) => _sections.Add(section);

    public void Add(SettingEntry entry) => _entries.Add(entry);

    public void Add(SettingFault fault) => _faults.Add(fault);

    public void Describe(string pattern, string about) => _about.TryAdd(pattern, about);

    /// <summary>A reading of nothing that tells which settings there would be; its faults mean nothing.</summary>
    public void Describe(Action<SettingsReading> read)
    {
        var nothing = new SettingsReading();
        read(nothing);
        foreach (var entry in nothing._entries.Where(entry => !_entries.Exists(known => known.Pattern == entry.Pattern)))
            _entries.Add(entry);
        foreach (var (pattern, about) in nothing._about)
            Describe(pattern, about);
    }
}
