using NextUp.Actors;
using NextUp.Actors.Store;

namespace NextUp.Orleans.Wire;

/// <summary>A failure of the store as it goes from silo to silo: who asked must know whether the write may be stored.</summary>
[GenerateSerializer]
[Alias("nextup.store-failed")]
public readonly record struct StoreFailedWire([property: Id(0)] string Message, [property: Id(1)] bool IsUncertain);

[RegisterConverter]
public sealed class StoreFailedConverter : IConverter<StoreFailedException, StoreFailedWire>
{
    public StoreFailedException ConvertFromSurrogate(in StoreFailedWire surrogate) =>
        new(surrogate.Message, surrogate.IsUncertain);

    public StoreFailedWire ConvertToSurrogate(in StoreFailedException value) =>
        new(value.Message, value.IsUncertain);
}

/// <summary>An actor that forgot itself, told on another silo.</summary>
[GenerateSerializer]
[Alias("nextup.actor-forgotten")]
public readonly record struct ActorForgottenWire([property: Id(0)] string Message);

[RegisterConverter]
public sealed class ActorForgottenConverter : IConverter<ActorForgottenException, ActorForgottenWire>
{
    public ActorForgottenException ConvertFromSurrogate(in ActorForgottenWire surrogate) => new(surrogate.Message);

    public ActorForgottenWire ConvertToSurrogate(in ActorForgottenException value) => new(value.Message);
}
