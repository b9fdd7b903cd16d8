using System.Diagnostics.CodeAnalysis;
using Orleans.Serialization.Cloning;

namespace NextUp.Orleans.Wire;

/// <summary>Inside a silo the actors' records are handed on as they are: nothing of them ever changes.</summary>
sealed class ImmutableCopier : IGeneralizedCopier
{
    public bool IsSupportedType(Type type) =>
        SiloJson.IsOurs(type) || (type.IsArray && SiloJson.IsOurs(type.GetElementType()!));

    [return: NotNullIfNotNull(nameof(input))]
    public object? DeepCopy(object? input, CopyContext context) => input;
}
