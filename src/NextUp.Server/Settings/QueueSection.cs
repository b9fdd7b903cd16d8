using NextUp.Actors.Queue;

namespace NextUp.Server.Settings;

/// <summary>The section <c>queue</c>.</summary>
static class QueueSection
{
    public static QueueSettings Read(SettingsSection section)
    {
        var defaults = new QueueSettings();
        return OrderSection.ReadLoad(section, new QueueSettings
        {
            Slots = section.Int(
                "slots", defaults.Slots, 1, QueueSettings.SlotsMax,
                "Jobs that may run at once. More finishes a long line sooner as long as the machine keeps up; fewer leaves each "
                + "job more of it."),
            Paused = section.Bool(
                "paused", defaults.Paused, "While true nothing starts; submissions are accepted and what runs goes on."),
        });
    }
}
