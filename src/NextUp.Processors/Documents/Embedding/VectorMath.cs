using System.Numerics;
using System.Runtime.InteropServices;
using NextUp.Actors.Documents;

namespace NextUp.Processors.Documents.Embedding;

/// <summary>Arithmetic of vectors, as plain floats and packed into a byte a number.</summary>
public static class VectorMath
{
    const float ByteMax = sbyte.MaxValue;

    /// <summary>Makes its length 1; a vector of zeros stays as it is.</summary>
    public static void Normalize(Span<float> vector)
    {
        var squares = 0.0;
        foreach (var value in vector)
            squares += (double)value * value;
        if (squares == 0)
            return;
        var scale = (float)(1 / Math.Sqrt(squares));
        for (var i = 0; i < vector.Length; i++)
            vector[i] *= scale;
    }

    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = 0f;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    /// <summary>The nearest vector whose numbers are whole multiples of one scale, from -127 to 127 of it.</summary>
    public static PackedVector Pack(ReadOnlySpan<float> vector)
    {
        var largest = 0f;
        foreach (var value in vector)
            largest = Math.Max(largest, Math.Abs(value));
        var packed = new sbyte[vector.Length];
        if (largest == 0)
            return new(packed, 0);
        for (var i = 0; i < vector.Length; i++)
            packed[i] = (sbyte)MathF.Round(vector[i] / largest * ByteMax);
        return new(packed, largest / ByteMax);
    }

    /// <summary>The sum of the products. No value may be -128: a sum of two products must fit 16 bits.</summary>
    public static int Dot(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right)
    {
        var sums = Vector<int>.Zero;
        var width = Vector<sbyte>.Count;
        var at = 0;
        ref var first = ref MemoryMarshal.GetReference(left);
        ref var second = ref MemoryMarshal.GetReference(right);
        for (; at <= left.Length - width; at += width)
        {
            Vector.Widen(Vector.LoadUnsafe(ref first, (nuint)at), out var lowLeft, out var highLeft);
            Vector.Widen(Vector.LoadUnsafe(ref second, (nuint)at), out var lowRight, out var highRight);
            Vector.Widen((lowLeft * lowRight) + (highLeft * highRight), out var low, out var high);
            sums += low + high;
        }

        var sum = Vector.Sum(sums);
        for (; at < left.Length; at++)
            sum += left[at] * right[at];
        return sum;
    }
}
