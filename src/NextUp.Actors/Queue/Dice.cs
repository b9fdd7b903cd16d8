namespace NextUp.Actors.Queue;

/// <summary>
/// A small fast source of numbers for the forecast's trials (splitmix64, Steele et al., OOPSLA 2014). A forecast always
/// throws the same dice, so that an estimate moves because the queue moved and not because of other dice.
/// </summary>
struct Dice(ulong seed)
{
    ulong _state = seed;

    /// <summary>From 0 up to but not 1.</summary>
    public double Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
