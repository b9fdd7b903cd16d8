using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>What every store of records must do.</summary>
public abstract class RecordStoreConformance
{
    protected static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static readonly UserId Ada = UserId.Account("ada");
    static readonly UserId Eve = UserId.Account("eve");
    static readonly UserId Guest = UserId.Visitor("guest");

    /// <summary>A fresh, empty store; the test disposes of it.</summary>
    protected abstract IRecordStore Open();

    /// <summary>The same records, opened anew; the store given is closed.</summary>
    protected abstract IRecordStore Reopen(IRecordStore store);

    protected abstract void Close(IRecordStore store);

    [Fact]
    public Task An_import_goes_on_behind_its_last_batch_also_after_a_restart() => WithAsync(async store =>
    {
        var job = NewJob();
        var first = await BegunAsync(store, job, 1);
        Assert.True(await store.AppendAsync(Batch(first, 1, 2, 3)));

        store = Reopen(store);
        var again = await BegunAsync(store, job, 2);
        Assert.Equal((3L, 2L), (again.Row, again.Counts.Inserted));
        Assert.Equal(first.Number, again.Number);
        Assert.True(await store.AppendAsync(Batch(again, 2, 4) with { Counts = Counts(3) }));
        await store.StoreAsync(job, Ada, Noon);
        Assert.Equal([2, 3, 4], (await store.RecordsAsync(Ada, "t", null, null, 10)).Select(one => one.Place.Row));
        return store;
    });

    [Fact]
    public Task A_lower_attempt_and_a_batch_that_was_stored_are_refused() => WithAsync(async store =>
    {
        var job = NewJob();
        var import = await BegunAsync(store, job, 1);
        await BegunAsync(store, job, 2);

        Assert.False(await store.AppendAsync(Batch(import, 1, 2)));
        Assert.IsType<ImportBeginAnswer.Over>(await store.BeginAsync(Sketch(job, 1)));
        Assert.True(await store.AppendAsync(Batch(import, 2, 2)));
        Assert.False(await store.AppendAsync(Batch(import, 2, 2)));
        await store.StoreAsync(job, Ada, Noon);
        Assert.False(await store.AppendAsync(Batch(import, 2, 3)));
        Assert.IsType<ImportBeginAnswer.Over>(await store.BeginAsync(Sketch(job, 3)));
        return store;
    });

    [Fact]
    public Task What_lies_aside_is_seen_by_nobody_and_keeps_others_out_of_its_table() => WithAsync(async store =>
    {
        var (job, other) = (NewJob(), NewJob());
        var import = await BegunAsync(store, job, 1);
        await store.AppendAsync(Batch(import, 1, 2));

        Assert.Empty(await store.RecordsAsync(Ada, "t", null, null, 10));
        Assert.Empty(await store.TablesAsync(Ada));
        Assert.Equal(job, Assert.IsType<ImportBeginAnswer.TableBusy>(await store.BeginAsync(Sketch(other, 1))).Other);
        Assert.IsType<ImportBeginAnswer.Begun>(await store.BeginAsync(Sketch(other, 1) with { Table = "u" }));
        Assert.Equal([job, other], (await store.AsideAsync()).Select(one => one.Job));
        Assert.IsType<UndoAnswer.TableBusy>(await store.DeleteTableAsync(Ada, "t"));
        await store.DropAsync(job, Noon);
        await store.StoreAsync(job, Ada, Noon);
        Assert.Empty(await store.RecordsAsync(Ada, "t", null, null, 10));
        Assert.Equal(ImportState.Dropped, (await store.FindImportAsync(Ada, job))!.State);
        return store;
    });

    [Fact]
    public Task A_dropped_import_may_begin_anew_and_keeps_its_errors_until_then() => WithAsync(async store =>
    {
        var job = NewJob();
        var import = await BegunAsync(store, job, 1);
        await store.AppendAsync(Batch(import, 1, 2) with { Rejected = [new(3, 3, "[]", "[]")], UpTo = 3 });
        await store.DropAsync(job, Noon);
        await PurgedAsync(store);

        Assert.Single(await store.RejectedAsync(Ada, job, 0, 10));
        var anew = await BegunAsync(store, job, 2);
        Assert.Equal((0L, ImportCounts.None), (anew.Row, anew.Counts));
        await PurgedAsync(store);
        Assert.Empty(await store.RejectedAsync(Ada, job, 0, 10));
        return store;
    });

    [Fact]
    public Task Marks_are_found_in_the_import_before_the_table_and_not_where_they_are_gone() => WithAsync(async store =>
    {
        var (one, two) = (NewJob(), NewJob());
        var first = await BegunAsync(store, one, 1);
        await store.AppendAsync(Batch(first, 1, 2));
        await store.StoreAsync(one, Ada, Noon);
        var second = await BegunAsync(store, two, 1);
        Assert.Equal(new RowPlace(first.Number, 2), (await store.FindMarksAsync(second.Number, [Mark(2), Mark(3)]))[Mark(2)]);
        Assert.Single(await store.FindMarksAsync(second.Number, [Mark(2), Mark(3)]));

        await store.AppendAsync(new(second.Number, 1, [new(7, "{}", [Mark(2)], new(first.Number, 2))], [], 7, Counts(1)));
        Assert.Equal(new RowPlace(second.Number, 7), (await store.FindMarksAsync(second.Number, [Mark(2)]))[Mark(2)]);
        await store.DropAsync(two, Noon);
        var third = await BegunAsync(store, NewJob(), 1);
        Assert.Equal(new RowPlace(first.Number, 2), (await store.FindMarksAsync(third.Number, [Mark(2)]))[Mark(2)]);
        return store;
    });

    [Fact]
    public Task Someone_elses_is_none() => WithAsync(async store =>
    {
        var job = NewJob();
        var import = await BegunAsync(store, job, 1);
        await store.AppendAsync(Batch(import, 1, 2) with { Rejected = [new(3, 3, "[]", "[]")], UpTo = 3 });
        await store.StoreAsync(job, Ada, Noon);
        await store.SaveProfileAsync(new(Guid.NewGuid(), Ada, "p", "{}", Noon), 10);
        await store.RememberAsync(Ada, "h", "{}", Noon, 10);

        Assert.Null(await store.FindImportAsync(Eve, job));
        Assert.Empty(await store.ImportsAsync(Eve, null, null, 10));
        Assert.Empty(await store.RejectedAsync(Eve, job, 0, 10));
        Assert.Empty(await store.RecordsAsync(Eve, "t", null, null, 10));
        Assert.Empty(await store.TablesAsync(Eve));
        Assert.Empty(await store.ProfilesAsync(Eve));
        Assert.Null(await store.RecallAsync(Eve, "h"));
        Assert.IsType<UndoAnswer.NotFound>(await store.UndoAsync(Eve, job, Noon));
        Assert.IsType<UndoAnswer.NotFound>(await store.DeleteTableAsync(Eve, "t"));
        return store;
    });

    [Fact]
    public Task What_a_visitor_has_becomes_the_accounts_under_names_that_are_free() => WithAsync(async store =>
    {
        var (mine, theirs) = (NewJob(), NewJob());
        await ImportedAsync(store, mine, Sketch(mine, 1), Ada);
        await ImportedAsync(store, theirs, Sketch(theirs, 1) with { User = Guest }, Guest);
        await store.SaveProfileAsync(new(Guid.NewGuid(), Ada, "p", "{}", Noon), 10);
        await store.SaveProfileAsync(new(Guid.NewGuid(), Guest, "p", "{}", Noon), 10);
        Assert.Equal([Guest], await store.VisitorsAsync());

        await store.AdoptAsync(Guest, Ada);
        await store.AdoptAsync(Guest, Ada);
        Assert.Equal(["t", "t 2"], (await store.TablesAsync(Ada)).Select(one => one.Name));
        Assert.Equal(["p", "p 2"], (await store.ProfilesAsync(Ada)).Select(one => one.Name));
        Assert.Equal("t 2", (await store.FindImportAsync(Ada, theirs))!.Table);
        Assert.Empty(await store.VisitorsAsync());
        return store;
    });

    [Fact]
    public Task An_import_is_stored_for_whoever_has_its_job_by_then() => WithAsync(async store =>
    {
        var job = NewJob();
        await ImportedAsync(store, job, Sketch(job, 1) with { User = Guest }, Ada);
        Assert.Equal("t", Assert.Single(await store.TablesAsync(Ada)).Name);
        Assert.Empty(await store.TablesAsync(Guest));
        return store;
    });

    [Fact]
    public Task Profiles_and_what_is_remembered_have_their_limits() => WithAsync(async store =>
    {
        var id = Guid.NewGuid();
        Assert.IsType<ProfileAnswer.Saved>(await store.SaveProfileAsync(new(id, Ada, "a", "{}", Noon), 1));
        Assert.IsType<ProfileAnswer.TooMany>(await store.SaveProfileAsync(new(Guid.NewGuid(), Ada, "b", "{}", Noon), 1));
        Assert.IsType<ProfileAnswer.NameTaken>(await store.SaveProfileAsync(new(Guid.NewGuid(), Ada, "a", "{}", Noon), 2));
        Assert.IsType<ProfileAnswer.Saved>(await store.SaveProfileAsync(new(id, Ada, "c", "{1}", Noon), 1));
        Assert.Equal("{1}", Assert.Single(await store.ProfilesAsync(Ada)).Content);
        Assert.False(await store.DeleteProfileAsync(Eve, id));
        Assert.True(await store.DeleteProfileAsync(Ada, id));

        for (var i = 0; i < 3; i++)
            await store.RememberAsync(Ada, $"h{i}", $"{i}", Noon.AddMinutes(i), 2);
        Assert.Null(await store.RecallAsync(Ada, "h0"));
        Assert.Equal("1", await store.RecallAsync(Ada, "h1"));
        Assert.Equal("2", await store.RecallAsync(Ada, "h2"));
        return store;
    });

    [Fact]
    public Task A_deleted_table_is_gone_with_all_its_imports() => WithAsync(async store =>
    {
        var job = NewJob();
        await ImportedAsync(store, job, Sketch(job, 1), Ada);
        Assert.IsType<UndoAnswer.Undone>(await store.DeleteTableAsync(Ada, "t"));
        Assert.Null(await store.FindImportAsync(Ada, job));
        Assert.Empty(await store.RecordsAsync(Ada, "t", null, null, 10));
        await PurgedAsync(store);
        var next = NewJob();
        await ImportedAsync(store, next, Sketch(next, 1), Ada);
        Assert.Equal(1, Assert.Single(await store.TablesAsync(Ada)).Records);
        return store;
    });

    static async Task PurgedAsync(IRecordStore store)
    {
        for (var rounds = 0; await store.PurgeAsync(1) > 0; rounds++)
            Assert.True(rounds < 1_000, "The purge comes to no end.");
    }

    static async Task ImportedAsync(IRecordStore store, JobId job, TableImport sketch, UserId owner)
    {
        var begun = Assert.IsType<ImportBeginAnswer.Begun>(await store.BeginAsync(sketch));
        Assert.True(await store.AppendAsync(Batch(begun.Import, 1, 2)));
        await store.StoreAsync(job, owner, Noon);
    }

    static async Task<TableImport> BegunAsync(IRecordStore store, JobId job, int attempt) =>
        Assert.IsType<ImportBeginAnswer.Begun>(await store.BeginAsync(Sketch(job, attempt))).Import;

    static JobId NewJob() => JobId.New(Noon);

    static ValueMark Mark(int value) => new((UInt128)value);

    static ImportCounts Counts(int inserted) => new(inserted, inserted, 0, 0, 0, 0);

    static RecordBatch Batch(TableImport import, int attempt, params int[] rows) => new(
        import.Number, attempt, [.. rows.Select(row => new RecordRow(row, $"{{\"row\":{row}}}", [Mark(row)], null))], [],
        rows[^1], Counts(rows.Length));

    static TableImport Sketch(JobId job, int attempt) => new()
    {
        Number = default, Job = job, User = Ada, Table = "t", FileName = "t.csv", State = ImportState.Aside, Attempt = attempt,
        BegunAt = Noon, Plan = "{}", Header = "[]", Stores = true,
    };

    async Task WithAsync(Func<IRecordStore, Task<IRecordStore>> test)
    {
        var store = Open();
        var last = store;
        try
        {
            last = await test(store);
        }
        finally
        {
            Close(last);
        }
    }
}
