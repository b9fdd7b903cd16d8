namespace NextUp.Actors.Queue;

/// <summary>
/// What happens to a line while one waits in it: jobs with a head start come in ahead, and jobs ahead are cancelled. Both
/// are kept as rates over the time in which somebody waited; the last few hundred events count most.
/// </summary>
public sealed class LineFlow
{
    /// <summary>Past so many events all that was counted is halved.</summary>
    const int EventsMax = 512;

    /// <summary>Head starts are told apart by powers of two of seconds, up to 2^40.</summary>
    const int StepsMax = 41;

    /// <summary>However much comes in ahead, the line is taken to move at this share of its speed at least.</summary>
    const double ProgressMin = 0.1;

    readonly double[] _workIn = new double[StepsMax];
    double _seconds;
    double _inEvents;
    double _jobSeconds;
    double _cancelled;
    DateTimeOffset? _at;

    /// <summary>Cancellations of a waiting job per second of its waiting.</summary>
    public double CancelRate => _jobSeconds > 0 ? _cancelled / _jobSeconds : 0;

    /// <summary>Time passed with so many jobs waiting.</summary>
    public void Pass(DateTimeOffset now, int waiting)
    {
        if (_at is { } before && now > before && waiting > 0)
        {
            var seconds = (now - before).TotalSeconds;
            _seconds += seconds;
            _jobSeconds += seconds * waiting;
        }

        _at = now;
    }

    /// <param name="headStart">Seconds by which the key lies before the arrival.</param>
    /// <param name="work">The job's expected slot time in seconds.</param>
    public void CameInAhead(double headStart, double work)
    {
        _workIn[Step(headStart)] += work;
        if (++_inEvents < EventsMax)
            return;
        _inEvents /= 2;
        _seconds /= 2;
        for (var i = 0; i < StepsMax; i++)
            _workIn[i] /= 2;
    }

    public void Cancelled()
    {
        if (++_cancelled < EventsMax)
            return;
        _cancelled /= 2;
        _jobSeconds /= 2;
    }

    /// <summary>
    /// Lengthens a wait by what will come in ahead meanwhile. A head start of h passes those whose key is younger than h.
    /// </summary>
    public double WithOvertakers(double wait, double keyAge, int slots)
    {
        if (_inEvents == 0 || _seconds <= 0)
            return wait;

        // The wait w solves w = wait + the sum over the steps of rate * min(w, h - age): linear between the steps' ends.
        double rate = 0, done = 0;
        for (var i = 0; i < StepsMax; i++)
            rate += Rate(i, keyAge, slots);
        for (var i = 0; i < StepsMax; i++)
        {
            var end = Math.Pow(2, i) - keyAge;
            if (end <= 0 || _workIn[i] <= 0)
                continue;
            var solved = (wait + done) / Math.Max(ProgressMin, 1 - rate);
            if (solved <= end)
                return solved;
            var step = Rate(i, keyAge, slots);
            rate -= step;
            done += step * end;
        }

        return wait + done;
    }

    double Rate(int step, double keyAge, int slots) => Math.Pow(2, step) > keyAge ? _workIn[step] / _seconds / slots : 0;

    static int Step(double headStart) => (int)Math.Clamp(Math.Ceiling(Math.Log2(Math.Max(1, headStart))), 0, StepsMax - 1);
}
