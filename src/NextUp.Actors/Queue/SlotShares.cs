namespace NextUp.Actors.Queue;

/// <summary>How long much work takes when kinds have limits of their own: each kind drains at no more than its slots.</summary>
static class SlotShares
{
    /// <summary>
    /// Seconds until a job of the kind starts behind so many seconds of slot work of each kind. A limited kind's jobs hold
    /// back no more slots than its own; for as long as they last, the others share the rest.
    /// </summary>
    public static double TimeFor(int kind, double[] work, QueuePicture picture)
    {
        // Fluid: kinds whose limit binds drain at it; what is left of the slots drains the rest together.
        var order = Enumerable.Range(0, work.Length).Where(i => work[i] > 0)
            .OrderByDescending(i => work[i] / picture.Kinds[i].Slots).ToArray();
        double all = work.Sum(), slots = picture.Slots;
        var time = 0.0;
        foreach (var i in order)
        {
            var limit = Math.Min(picture.Kinds[i].Slots, picture.Slots);
            var alone = work[i] / limit;
            if (i == kind)
                time = Math.Max(time, alone);
            var together = all / slots;
            if (alone <= together || slots - limit <= 0)
                break;

            // It lasts longer than the others: they have the slots that it leaves.
            all -= work[i];
            slots -= limit;
        }

        return Math.Max(time, all > 0 ? all / Math.Max(1, slots) : 0);
    }
}
