using System.Text;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Processors.Tables.Importing;

namespace NextUp.UnitTests.Tables;

/// <summary>
/// Files with known truth (some rows wrong, some twice, some blank), imported one after the other by attempts that are cut off
/// at random, beside a plain model of what must be there.
/// </summary>
public sealed class RandomImportTests
{
    const int Seeds = 60;

    [Fact]
    public async Task Counts_and_records_are_exact_whatever_is_wrong_and_wherever_attempts_end()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            try
            {
                await RunAsync(new Random(seed));
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"Seed {seed}: {wrong.Message}", wrong);
            }
        }
    }

    static async Task RunAsync(Random random)
    {
        using var world = new TableWorld(new TablesLimits { BatchRows = random.Next(1, 12) });
        var model = new Dictionary<int, string>();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var rule = (DuplicateRule)random.Next(3);
            var file = Draw(random, rule, model);
            var options = JsonSerializer.Serialize(new
            {
                columns = new object[] { new { name = "id", type = "integer", key = true }, new { name = "name",
                    required = true, max = "9" } },
                duplicates = rule.ToString().ToLowerInvariant(), table = "t",
            });
            var job = JobId.New(DateTimeOffset.UnixEpoch);
            var outcome = await UntilEndedAsync(world, random, job, Encoding.UTF8.GetBytes(file.Text), options);
            var isCancelled = random.Next(5) == 0;
            if (isCancelled)
                await world.Store.DropAsync(job, DateTimeOffset.UnixEpoch);
            var imported = await world.EndAsync(job, outcome);
            if (imported.Import is null)
                continue;

            Assert.Equal(file.Counts, imported.Counts);
            Assert.True(imported.Counts.AddsUp);
            Assert.Equal(file.Counts.Rejected, (await world.ErrorsAsync(job)).Select(error => error.Row).Distinct().Count());
            if (outcome is JobOutcome.Done && !isCancelled)
            {
                foreach (var (id, name) in file.Records)
                    model[id] = name;
            }

            await HoldsAsync(world, model);
            if (random.Next(4) == 0 && outcome is JobOutcome.Done && !isCancelled)
                await UndoAsync(world, job, file.Before, model);
            while (random.Next(2) == 0 && await world.Store.PurgeAsync(random.Next(1, 20)) > 0)
            {
                // Some of what is gone is deleted, at any time.
            }
        }
    }

    static async Task UndoAsync(TableWorld world, JobId job, Dictionary<int, string> before, Dictionary<int, string> model)
    {
        Assert.IsType<UndoAnswer.Undone>(await world.Store.UndoAsync(world.User, job, DateTimeOffset.UnixEpoch));
        model.Clear();
        foreach (var (id, name) in before)
            model[id] = name;
        await HoldsAsync(world, model);
    }

    static async Task HoldsAsync(TableWorld world, Dictionary<int, string> model)
    {
        var records = await world.RecordsAsync("t");
        Assert.Equal(
            model.Select(one => $"{one.Key}={one.Value}").Order(),
            records.Select(one => $"{one.GetProperty("id").GetRawText()}={one.GetProperty("name").GetString()}").Order());
        Assert.Equal(model.Count, (await world.Store.TablesAsync(world.User)).Sum(one => one.Records));
    }

    /// <summary>Attempts, most of them cut off: by a disk that fails, or because they were asked to stop.</summary>
    static async Task<JobOutcome> UntilEndedAsync(TableWorld world, Random random, JobId job, byte[] content, string options)
    {
        for (var attempt = 1; ; attempt++)
        {
            var left = attempt > 6 ? int.MaxValue : random.Next(1, 12);
            using var stop = new CancellationTokenSource();
            var isDisk = random.Next(2) == 0;
            world.Store.AtCommit = () =>
            {
                if (--left > 0)
                    return;
                if (isDisk)
                    throw new StoreFailedException("The disk is away.", isUncertain: false);
                stop.Cancel();
            };
            try
            {
                return await world.UntilStoppedAsync(job, attempt, "t.csv", content, options, stop.Token);
            }
            catch (Exception cut) when (cut is StoreFailedException or OperationCanceledException)
            {
                Assert.True(attempt <= 6, "The last attempt was let through.");
            }
            finally
            {
                world.Store.AtCommit = null;
            }
        }
    }

    sealed record Drawn(string Text, ImportCounts Counts, Dictionary<int, string> Records, Dictionary<int, string> Before);

    static Drawn Draw(Random random, DuplicateRule rule, Dictionary<int, string> stored)
    {
        var text = new StringBuilder("id,name\n");
        var own = new Dictionary<int, string>();
        var counts = ImportCounts.None;
        for (var rows = random.Next(1, 80); rows > 0; rows--)
        {
            counts = counts with { Total = counts.Total + 1 };
            var (id, name) = (random.Next(60), $"n{random.Next(1000)}");
            switch (random.Next(12))
            {
                case 0:
                    text.Append(",,,\n".AsSpan(0, random.Next(2, 4))).Append(text[^1] == '\n' ? "" : "\n");
                    counts = counts with { Blank = counts.Blank + 1 };
                    continue;
                case 1:
                    text.Append(random.Next(4) switch
                    {
                        0 => $"x{id},{name}\n", 1 => $"{id},\n", 2 => $"{id},{name},more\n", _ => $"{id},a name too long\n",
                    });
                    counts = counts with { Rejected = counts.Rejected + 1 };
                    continue;
            }

            text.Append(id).Append(',').Append(name).Append('\n');
            if (!own.ContainsKey(id) && !stored.ContainsKey(id))
                counts = counts with { Inserted = counts.Inserted + 1 };
            else if (rule == DuplicateRule.Skip)
                counts = counts with { Duplicates = counts.Duplicates + 1 };
            else if (rule == DuplicateRule.Reject)
                counts = counts with { Rejected = counts.Rejected + 1 };
            else
                counts = counts with { Updated = counts.Updated + 1 };
            if (rule == DuplicateRule.Update || (!own.ContainsKey(id) && !stored.ContainsKey(id)))
                own[id] = name;
        }

        return new(text.ToString(), counts, own, new(stored));
    }
}
