using System.Reflection;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Orleans.Grains;
using NextUp.Orleans.Wire;

namespace NextUp.OrleansTests.Silos;

/// <summary>The actors' records come out on the other side as they went in.</summary>
public sealed class SiloJsonTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    static JobRecord Job => new()
    {
        Sequence = new(7), Id = JobId.New(Noon), User = UserId.Account("ann"), Kind = new("probe"), State = JobState.Pending,
        AcceptedAt = Noon, LineKey = new(5, new(7)) { Size = SizeClass.Of(5_000_000) }, FileName = "a.bib", FileSize = 0, NotBefore = Noon,
    };

    [Fact]
    public void A_write_keeps_each_of_its_changes()
    {
        var write = new StoreWrite(
            [
                new Change.Accept(Job, "key", [new(FileRole.Original, "a.bib", "text/plain", 1, "00", [1, 2], null)]),
                new Change.Checkpoint(new(7), 2, "at", new byte[] { 1, 2, 3 }),
                new Change.Report(new(7), 2, Noon, new(1, null, 0, 50, "half"), ["one", "two"]),
                new Change.End(new(7), null, JobState.Cancelled, Noon, "why", null, []) { Crashes = 2 },
            ],
            new(3, 4));

        var back = Back(write);

        Assert.Equal(write.Stamp, back.Stamp);
        var accept = Assert.IsType<Change.Accept>(back.Changes[0]);
        Assert.Equal((Job with { Id = accept.Job.Id }, SizeClass.Of(5_000_000)), (accept.Job, accept.Job.LineKey.Size));
        Assert.Equal([1, 2], accept.Files[0].Inline!);
        Assert.Equal([1, 2, 3], Assert.IsType<Change.Checkpoint>(back.Changes[1]).Content.ToArray());
        Assert.Equal(["one", "two"], Assert.IsType<Change.Report>(back.Changes[2]).Lines);
        Assert.Equal(write.Changes[3], Assert.IsType<Change.End>(back.Changes[3]) with { Files = ((Change.End)write.Changes[3]).Files });
    }

    [Fact]
    public void A_closed_record_inside_another_is_told_apart()
    {
        var place = new QueuePlace(3, null) { Wait = new QueueWait.Closed(Noon, TimeZoneInfo.Utc) };

        Assert.Equal(place, Back(place));
        Assert.Equal(
            new SteerOrder.Hold(new PauseTarget.OfUser(UserId.Account("ann")), "why") { By = "olga" },
            Back(new SteerOrder.Hold(new PauseTarget.OfUser(UserId.Account("ann")), "why") { By = "olga" }));
    }

    /// <summary>Whatever goes over a grain's interface, today and later, has a shape that can be written and read.</summary>
    [Fact]
    public void Everything_that_grains_take_and_answer_can_go_from_silo_to_silo()
    {
        Type[] grains = [typeof(IUserGrain), typeof(IJobGrain), typeof(IQueueGrain), typeof(ICleanupGrain), typeof(IWriterGrain)];
        var seen = new HashSet<Type>();
        foreach (var method in grains.SelectMany(grain => grain.GetInterfaces().Append(grain)).SelectMany(one => one.GetMethods()))
        {
            foreach (var type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
                See(type, seen);
        }

        Assert.True(seen.Count > 50, $"Only {seen.Count} types were seen.");
    }

    static void See(Type type, HashSet<Type> seen)
    {
        if (type.IsGenericType)
        {
            foreach (var argument in type.GetGenericArguments())
                See(argument, seen);
        }

        if (!SiloJson.IsOurs(type) || !seen.Add(type))
            return;
        var info = SiloJson.Options.GetTypeInfo(type);
        if (type.IsAbstract)
            Assert.NotEmpty(info.PolymorphismOptions!.DerivedTypes);
        foreach (var derived in info.PolymorphismOptions?.DerivedTypes ?? [])
            See(derived.DerivedType, seen);
        foreach (var property in info.Properties)
        {
            if (property.AttributeProvider is PropertyInfo { CanWrite: false })
                continue; // It follows from the others.
            Assert.True(property.Set is not null || property.AssociatedParameter is not null, $"{type}.{property.Name} is not read back.");
            See(property.PropertyType, seen);
        }
    }

    static T Back<T>(T value) =>
        JsonSerializer.Deserialize<T>(JsonSerializer.SerializeToUtf8Bytes(value, SiloJson.Options), SiloJson.Options)!;
}
