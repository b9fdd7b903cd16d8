using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <param name="P50">As forecast, before the correction, in seconds; so is <paramref name="P90"/>.</param>
/// <param name="Given">What was said.</param>
public sealed record Promise(JobKind Kind, DateTimeOffset At, int Ahead, double P50, double P90, StartEstimate Given);

/// <summary>
/// Estimates that were given and whose jobs still wait, at most <see cref="PromisesMax"/>: one from when the job entered the
/// line, and for some jobs one more from a later moment of their waiting.
/// </summary>
public sealed class Promises(Random random)
{
    public const int PromisesMax = 4_096;

    readonly Dictionary<LineKey, (Promise First, Promise? Later)> _byKey = [];
    readonly List<LineKey> _keys = [];

    public bool IsAny => _byKey.Count > 0;

    public bool IsFull => _byKey.Count >= PromisesMax;

    public void Add(LineKey key, Promise promise)
    {
        if (_byKey.TryGetValue(key, out var known))
        {
            _byKey[key] = known with { Later = known.Later ?? promise };
        }
        else if (!IsFull)
        {
            _byKey.Add(key, (promise, null));
            _keys.Add(key);
            if (_keys.Count > 2 * PromisesMax)
                _keys.RemoveAll(known => !_byKey.ContainsKey(known));
        }
    }

    public void Drop(LineKey key) => _byKey.Remove(key);

    public void Clear()
    {
        _byKey.Clear();
        _keys.Clear();
    }

    public (Promise? First, Promise? Later) Take(LineKey key) => _byKey.Remove(key, out var known) ? known : (null, null);

    /// <summary>Some job that was promised something once and waits still.</summary>
    public (JobKind Kind, LineKey Key)? AnyToLookAtAgain()
    {
        while (_keys.Count > 0)
        {
            var at = random.Next(_keys.Count);
            var key = _keys[at];
            _keys[at] = _keys[^1];
            _keys.RemoveAt(_keys.Count - 1);
            if (_byKey.TryGetValue(key, out var known))
                return (known.First.Kind, key);
        }

        return null;
    }
}
