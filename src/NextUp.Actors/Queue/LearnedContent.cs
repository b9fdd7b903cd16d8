namespace NextUp.Actors.Queue;

/// <summary>
/// The form in which one kind's service times, correction and hit rates are kept: about three bytes a sample, some
/// kilobytes in all. A content of another form is not read: the kind is learned anew.
/// </summary>
static class LearnedContent
{
    const byte Form = 2;

    /// <summary>Times are kept as steps of their logarithm, a third of a thousandth each, from a microsecond to 30 years.</summary>
    const double StepsOfLog = 65_535 / 34.5;

    static readonly double SmallestLog = Math.Log(1e-6);

    public static byte[] Write(ServiceTimes times, Correction correction, HitRate atFirst, HitRate later)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(Form);
        writer.Write((float)times.RetryShare);
        writer.Write((ushort)times.Count);
        foreach (var (size, seconds) in times.Samples)
        {
            writer.Write((ushort)Math.Clamp((Math.Log(Math.Max(seconds, 1e-6)) - SmallestLog) * StepsOfLog, 0, 65_535));
            writer.Write(size.Value);
        }

        foreach (var shift in correction.Shifts)
            writer.Write((float)shift);
        Write(writer, atFirst);
        Write(writer, later);
        writer.Flush();
        return content.ToArray();
    }

    /// <summary>False where the content is not of this form; then nothing was taken from it.</summary>
    public static bool Read(byte[] content, ServiceTimes times, Correction correction, HitRate atFirst, HitRate later)
    {
        if (content.Length == 0 || content[0] != Form)
            return false;
        try
        {
            using var reader = new BinaryReader(new MemoryStream(content, 1, content.Length - 1));
            var retryShare = Bounded(reader.ReadSingle());
            var samples = new (SizeClass Size, float Seconds)[Math.Min((int)reader.ReadUInt16(), ServiceTimes.SamplesMax)];
            for (var i = 0; i < samples.Length; i++)
            {
                var seconds = (float)Math.Exp((reader.ReadUInt16() / StepsOfLog) + SmallestLog);
                samples[i] = (new(Math.Min(reader.ReadByte(), (byte)(SizeClass.Count - 1))), seconds);
            }

            var shifts = new double[Correction.ShiftsCount];
            for (var i = 0; i < shifts.Length; i++)
                shifts[i] = Bounded(reader.ReadSingle());
            var (first, second) = (ReadHits(reader), ReadHits(reader));
            times.Restore(samples, retryShare);
            correction.Restore(shifts);
            atFirst.Restore(first.Count, first.Hits, first.Recent);
            later.Restore(second.Count, second.Hits, second.Recent);
            return true;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    static void Write(BinaryWriter writer, HitRate hits)
    {
        writer.Write(hits.Count);
        writer.Write(hits.Hits);
        writer.Write((ushort)hits.RecentCount);
        foreach (var (error, isHit) in hits.Recent)
        {
            writer.Write((Half)error);
            writer.Write(isHit);
        }
    }

    static (long Count, long Hits, (float Error, bool IsHit)[] Recent) ReadHits(BinaryReader reader)
    {
        var (count, hits) = (reader.ReadInt64(), reader.ReadInt64());
        var recent = new (float, bool)[Math.Min((int)reader.ReadUInt16(), HitRate.RecentMax)];
        for (var i = 0; i < recent.Length; i++)
            recent[i] = ((float)reader.ReadHalf(), reader.ReadBoolean());
        return (count, hits, recent);
    }

    static double Bounded(float value) => float.IsFinite(value) ? value : 0;
}
