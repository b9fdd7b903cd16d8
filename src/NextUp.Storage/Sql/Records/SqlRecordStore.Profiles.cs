using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sql.Records;

/// <summary>Profiles, and what is remembered of files' headers.</summary>
public sealed partial class SqlRecordStore
{
    public Task<IReadOnlyList<StoredProfile>> ProfilesAsync(UserId user) => database.ReadAsync<IReadOnlyList<StoredProfile>>(session =>
        SqlRows.All(
            session.Of("SELECT id, name, content, changed_at FROM profile WHERE owner = ? ORDER BY name").With(user.Value),
            row => new StoredProfile(row.Id(0), user, row.Text(1), row.Text(2), row.Time(3))));

    public Task<ProfileAnswer> SaveProfileAsync(StoredProfile profile, int perUserMax) => database.WriteAsync<ProfileAnswer>(session =>
    {
        session.Enter(profile.User);
        var own = SqlRows.All(
            session.Of("SELECT id, name FROM profile WHERE owner = ?").With(profile.User.Value),
            row => (Id: row.Id(0), Name: row.Text(1)));
        if (own.Exists(one => one.Name == profile.Name && one.Id != profile.Id))
            return new ProfileAnswer.NameTaken();
        if (!own.Exists(one => one.Id == profile.Id) && own.Count >= perUserMax)
            return new ProfileAnswer.TooMany();

        session.Of(
            "INSERT INTO profile (id, owner, name, content, changed_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            + "name = excluded.name, content = excluded.content, changed_at = excluded.changed_at WHERE profile.owner = excluded.owner")
            .With(profile.Id).With(profile.User.Value).With(profile.Name).With(profile.Content).With(profile.ChangedAt).Later();
        return new ProfileAnswer.Saved();
    });

    public Task<bool> DeleteProfileAsync(UserId user, Guid id) => database.WriteAsync(session =>
        session.Of("DELETE FROM profile WHERE owner = ? AND id = ?").With(user.Value).With(id).Run() > 0);

    public Task<string?> RecallAsync(UserId user, string header) => database.ReadAsync(session => SqlRows.First(
        session.Of("SELECT content FROM remembered WHERE owner = ? AND header = ?").With(user.Value).With(header),
        row => row.Text(0)));

    public Task RememberAsync(UserId user, string header, string content, DateTimeOffset now, int perUserMax) =>
        database.WriteAsync(session =>
        {
            session.Enter(user);
            session.Of("DELETE FROM remembered WHERE owner = ? AND header = ?").With(user.Value).With(header).Later();
            session.Of("INSERT INTO remembered (owner, header, content, used_at) VALUES (?, ?, ?, ?)")
                .With(user.Value).With(header).With(content).With(now).Later();
            session.Of(
                "DELETE FROM remembered WHERE owner = ?1 AND header IN (SELECT header FROM remembered WHERE owner = ?1 "
                + "ORDER BY used_at DESC LIMIT 1000000 OFFSET ?2)").With(user.Value).With(perUserMax).Later();
            return true;
        });
}
