using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sqlite.Records;

/// <summary>Profiles, and what is remembered of files' headers.</summary>
public sealed partial class SqliteRecordStore
{
    public Task<IReadOnlyList<StoredProfile>> ProfilesAsync(UserId user) => AskAsync<IReadOnlyList<StoredProfile>>(records =>
        RecordConnection.All(
            records.Sql("SELECT id, name, content, changed_at FROM profile WHERE user = ? ORDER BY name").With(user.Value),
            row => new StoredProfile(row.Id(0), user, row.Text(1), row.Text(2), row.Time(3))));

    public Task<ProfileAnswer> SaveProfileAsync(StoredProfile profile, int perUserMax) => WriteAsync<ProfileAnswer>(records =>
    {
        var own = RecordConnection.All(
            records.Sql("SELECT id, name FROM profile WHERE user = ?").With(profile.User.Value),
            row => (Id: row.Id(0), Name: row.Text(1)));
        if (own.Exists(one => one.Name == profile.Name && one.Id != profile.Id))
            return new ProfileAnswer.NameTaken();
        if (!own.Exists(one => one.Id == profile.Id) && own.Count >= perUserMax)
            return new ProfileAnswer.TooMany();

        records.Sql(
            "INSERT INTO profile (id, user, name, content, changed_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            + "name = excluded.name, content = excluded.content, changed_at = excluded.changed_at WHERE user = excluded.user")
            .With(profile.Id).With(profile.User.Value).With(profile.Name).With(profile.Content).With(profile.ChangedAt).Run();
        return new ProfileAnswer.Saved();
    });

    public Task<bool> DeleteProfileAsync(UserId user, Guid id) => WriteAsync(records =>
        records.Sql("DELETE FROM profile WHERE user = ? AND id = ?").With(user.Value).With(id).Run() > 0);

    public Task<string?> RecallAsync(UserId user, string header) => AskAsync(records => RecordConnection.One(
        records.Sql("SELECT content FROM remembered WHERE user = ? AND header = ?").With(user.Value).With(header),
        row => row.Text(0)));

    public Task RememberAsync(UserId user, string header, string content, DateTimeOffset now, int perUserMax) =>
        WriteAsync(records =>
        {
            records.Sql("INSERT OR REPLACE INTO remembered (user, header, content, used_at) VALUES (?, ?, ?, ?)")
                .With(user.Value).With(header).With(content).With(now).Run();
            records.Sql(
                "DELETE FROM remembered WHERE user = ?1 AND header IN (SELECT header FROM remembered WHERE user = ?1 "
                + "ORDER BY used_at DESC LIMIT -1 OFFSET ?2)").With(user.Value).With(perUserMax).Run();
            return true;
        });
}
