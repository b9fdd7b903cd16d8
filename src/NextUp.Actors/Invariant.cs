using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NextUp.Actors;

/// <summary>Checks that stay on in every build: a broken rule stops the actor instead of spreading.</summary>
public static class Invariant
{
    public static void Holds([DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string? text = null)
    {
        if (!condition)
            throw new UnreachableException($"Broken invariant: {text}");
    }
}
