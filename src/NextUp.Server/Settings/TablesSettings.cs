using NextUp.Processors.Tables.Importing;

namespace NextUp.Server.Settings;

/// <summary>The section <c>tables</c>: how tables are imported.</summary>
static class TablesSettings
{
    const int BatchRowsCeiling = 10_000;
    const long RowsCeiling = 100_000_000;
    const long RejectedCeiling = 10_000_000;
    const int ProfilesCeiling = 10_000;

    public static TablesLimits Read(SettingsSection section)
    {
        var limits = new TablesLimits();
        return limits with
        {
            BatchRows = section.Int(
                "batchRows", limits.BatchRows, 1, BatchRowsCeiling,
                "Rows stored in one transaction, with the checkpoint behind them. More is a little faster; fewer loses less when "
                + "an attempt is cut off."),
            RowsMax = section.Long(
                "rowsMax", limits.RowsMax, 1, RowsCeiling, "The most rows of a file; an import that meets more is given up."),
            RejectedMax = section.Long(
                "rejectedMax", limits.RejectedMax, 1, RejectedCeiling,
                "Rejected rows kept with their errors; an import with more is given up, because something is wrong with all of it."),
            ProfilesPerUserMax = section.Int(
                "profilesPerUserMax", limits.ProfilesPerUserMax, 1, ProfilesCeiling, "Profiles that one user may have."),
            RememberedPerUserMax = section.Int(
                "rememberedPerUserMax", limits.RememberedPerUserMax, 1, ProfilesCeiling,
                "Headers of a user's files of which is remembered how they were mapped; the oldest are forgotten."),
        };
    }
}
