using System.Net;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Server.Settings;
using NextUp.Server.Users.Visitors;
using NextUp.Storage.Sqlite;

namespace NextUp.UnitTests.Server;

public sealed class VisitorPlacesTests : IDisposable
{
    const long Office = 7;
    static readonly JobKind Kind = new("bibtex");
    readonly SqliteStore _store = SqliteStore.OpenInMemory();
    int _jobs;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task As_many_visitors_of_an_address_as_the_limit_have_unfinished_jobs_and_no_more()
    {
        var places = new VisitorPlaces(_store, visitorsMax: 2);
        await SubmitAsync(places, "a");
        var last = await SubmitAsync(places, "b");

        Assert.False(await places.EnterAsync(UserId.Visitor("c"), Office, Kind));
        Assert.True(await places.EnterAsync(UserId.Visitor("a"), Office, Kind));
        Assert.True(await places.EnterAsync(UserId.Visitor("c"), Office + 1, Kind));
        Assert.True(await places.EnterAsync(UserId.Visitor("c"), Office, new JobKind("exams")));

        await _store.CommitAsync(new([new Change.End(
            last.Sequence, null, JobState.Cancelled, DateTimeOffset.UnixEpoch, null, null, [])]));
        Assert.True(await places.EnterAsync(UserId.Visitor("c"), Office, Kind));
    }

    [Fact]
    public async Task A_restart_counts_what_is_stored_and_not_what_became_an_accounts()
    {
        var before = new VisitorPlaces(_store, visitorsMax: 2);
        await SubmitAsync(before, "a");
        var moved = await SubmitAsync(before, "b");
        await _store.CommitAsync(new([new Change.Adopt(
            moved.User, UserId.Account("ann"), DateTimeOffset.UnixEpoch, [new(moved.Sequence, IsHeld: false, null)])]));
        var places = new VisitorPlaces(_store, visitorsMax: 2);
        await places.LoadAsync();

        Assert.True(await places.EnterAsync(UserId.Visitor("c"), Office, Kind));
        Assert.False(await places.EnterAsync(UserId.Visitor("d"), Office, Kind));
    }

    [Fact]
    public void An_address_is_one_IPv4_address_or_the_first_64_bits_of_IPv6()
    {
        using var folder = new TemporaryFolder();
        using var addresses = new Addresses(folder.Path, new IdentitySettings());
        long Of(string text) => addresses.Hash(IPAddress.Parse(text));

        Assert.NotEqual(Of("192.0.2.1"), Of("192.0.2.2"));
        Assert.Equal(Of("192.0.2.1"), Of("::ffff:192.0.2.1"));
        Assert.Equal(Of("2001:db8:0:1::1"), Of("2001:db8:0:1:ffff::2"));
        Assert.NotEqual(Of("2001:db8:0:1::1"), Of("2001:db8:0:2::1"));
    }

    [Fact]
    public void So_many_new_visitors_and_uploads_in_a_minute_and_no_more()
    {
        using var folder = new TemporaryFolder();
        using var addresses = new Addresses(
            folder.Path, new IdentitySettings { NewVisitorsPerMinute = 2, VisitorUploadsPerMinute = 1 });

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => addresses.TakeVisitor(Office)));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => addresses.TakeUpload(Office)));
        Assert.True(addresses.TakeVisitor(Office + 1));
    }

    [Fact]
    public void A_changed_limit_holds_at_once_and_an_unchanged_one_counts_on()
    {
        using var folder = new TemporaryFolder();
        var settings = new IdentitySettings { NewVisitorsPerMinute = 1, VisitorUploadsPerMinute = 1 };
        using var addresses = new Addresses(folder.Path, settings);
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => addresses.TakeVisitor(Office)));
        Assert.True(addresses.TakeUpload(Office));

        addresses.Configure(settings with { NewVisitorsPerMinute = 2 });

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => addresses.TakeVisitor(Office)));
        Assert.False(addresses.TakeUpload(Office));
    }

    async Task<JobRecord> SubmitAsync(VisitorPlaces places, string visitor)
    {
        var user = UserId.Visitor(visitor);
        Assert.True(await places.EnterAsync(user, Office, Kind));
        var sequence = new JobSequence(++_jobs);
        var job = new JobRecord
        {
            Sequence = sequence, Id = JobId.New(DateTimeOffset.UnixEpoch), User = user, Kind = Kind, State = JobState.Pending,
            AcceptedAt = DateTimeOffset.UnixEpoch, LineKey = new LineKey(_jobs, sequence), FileName = "a.bib", FileSize = 1,
            Origin = Office,
        };
        await _store.CommitAsync(new([new Change.Accept(job, null, [])]));
        places.Leave(user, Office, Kind);
        return job;
    }
}
