using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sql.Papers;

/// <summary>Exam papers. Each method is one transaction.</summary>
/// <remarks>
/// A job's pictures are stored once, under the job: what makes a result visible is the one row that names the job, and the
/// pictures of the job before it go in the same transaction.
/// </remarks>
public sealed class SqlPaperStore : IPaperStore
{
    const string Columns = "seq, id, owner, name, job, version, summary, pages, created_at, updated_at";

    readonly SideDatabase database;

    internal SqlPaperStore(SideDatabase database) => this.database = database;

    /// <summary>Called where a transaction is about to be committed; what it throws fails it. For tests.</summary>
    internal Action? AtCommit
    {
        set => database.AtCommit = value;
    }

    public Task<bool> TakeAsync(PaperTake paper, IEnumerable<PaperPage> pages) => database.WriteAsync(session =>
    {
        session.Enter(paper.User);
        // What a job made is whole and visible when it has completed; an attempt that comes back late must not touch it.
        var taken = session.Of(
            "SELECT attempt FROM aside WHERE job = ?1 "
            + "UNION ALL SELECT attempt FROM paper WHERE owner = ?2 AND id = ?3 AND job = ?1")
            .With(paper.Job.Value).With(paper.User.Value).With(paper.Paper.Value).All(row => row.Int(0))
            .DefaultIfEmpty().Max();
        if (taken >= paper.Attempt)
            return taken == paper.Attempt;

        Drop(session, paper.Job);
        var count = 0;
        foreach (var page in pages)
        {
            // At once, so that one page is in memory at a time.
            session.Of("INSERT INTO page (job, number, content_type, image) VALUES (?, ?, ?, ?)")
                .With(paper.Job.Value).With(page.Number).With(page.ContentType).With(page.Image).Run();
            count++;
        }

        session.Of(
            "INSERT INTO aside (job, job_sequence, attempt, owner, id, name, pages, extraction, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .With(paper.Job.Value).With(paper.Sequence.Value).With(paper.Attempt).With(paper.User.Value).With(paper.Paper.Value)
            .With(paper.Name).With(count).With(paper.Extraction).With(paper.At).Later();
        return true;
    });

    public Task SettleAsync(JobId job, int? completedAttempt) => database.WriteAsync(session =>
    {
        if (session.Of("SELECT owner FROM aside WHERE job = ?").With(job.Value).First(row => row.Text(0)) is not { } owner)
            return false;
        session.Enter(new UserId(owner));
        var aside = session.Of("SELECT attempt, id, job_sequence FROM aside WHERE job = ?").With(job.Value)
            .First(row => (Attempt: row.Int(0), Id: row.Text(1), Sequence: row.Long(2)));
        if (aside == default)
            return false;
        var old = session.Of("SELECT seq, job, job_sequence FROM paper WHERE owner = ? AND id = ?").With(owner).With(aside.Id)
            .First(row => (Paper: row.Long(0), Job: row.Id(1), Sequence: row.Long(2)));
        if (aside.Attempt != completedAttempt || old.Sequence > aside.Sequence)
        {
            Drop(session, job);
            return false;
        }

        if (old == default)
        {
            session.Of(
                "INSERT INTO paper (owner, id, name, job, job_sequence, attempt, version, pages, extraction, manual, created_at, "
                + "updated_at) SELECT owner, id, name, job, job_sequence, attempt, 1, pages, extraction, ?, at, at FROM aside "
                + "WHERE job = ?")
                .With(ReadOnlySpan<byte>.Empty).With(job.Value).Later();
        }
        else
        {
            session.Of(
                "UPDATE paper SET (name, job, job_sequence, attempt, version, summary, pages, extraction, updated_at) = "
                + "(SELECT name, job, job_sequence, attempt, paper.version + 1, NULL, pages, extraction, at FROM aside "
                + "WHERE job = ?) WHERE seq = ?")
                .With(job.Value).With(old.Paper).Later();
            if (old.Job != job.Value)
                session.Of("DELETE FROM page WHERE job = ?").With(old.Job).Later();
        }

        session.Of("DELETE FROM aside WHERE job = ?").With(job.Value).Later();
        return true;
    });

    public Task<IReadOnlyList<JobId>> UnsettledAsync(JobId? after, int limit) =>
        database.ReadAsync<IReadOnlyList<JobId>>(session => SqlRows.All(
            session.Of("SELECT job FROM aside WHERE job > ? ORDER BY job LIMIT ?").With(after?.Value ?? Guid.Empty).With(limit),
            row => new JobId(row.Id(0))));

    public Task<IReadOnlyList<PaperRecord>> ListAsync(UserId user, long? before, int limit) =>
        database.ReadAsync<IReadOnlyList<PaperRecord>>(session => SqlRows.All(
            session.Of($"SELECT {Columns} FROM paper WHERE owner = ? AND seq < ? ORDER BY seq DESC LIMIT ?")
                .With(user.Value).With(before ?? long.MaxValue).With(limit),
            Record));

    public Task<StoredPaper?> FindAsync(UserId user, PaperId paper) => database.ReadAsync(session =>
        session.Of($"SELECT {Columns}, extraction, manual FROM paper WHERE owner = ? AND id = ?")
            .With(user.Value).With(paper.Value)
            .First(row => new StoredPaper(Record(row), row.Bytes(10).ToArray(), row.Bytes(11).ToArray())));

    public Task<PaperPage?> PageAsync(UserId user, PaperId paper, int number) => database.ReadAsync(session =>
        session.Of(
            "SELECT page.number, content_type, image FROM paper JOIN page ON page.job = paper.job "
            + "WHERE owner = ? AND id = ? AND page.number = ?").With(user.Value).With(paper.Value).With(number)
            .First(row => new PaperPage(row.Int(0), row.Text(1), row.Bytes(2).ToArray())));

    public Task<bool> ChangeAsync(UserId user, PaperId paper, int version, byte[] manual, string summary, DateTimeOffset at) =>
        database.WriteAsync(session => session.Of(
            "UPDATE paper SET manual = ?, summary = ?, version = version + 1, updated_at = ? WHERE owner = ? AND id = ? AND version = ?")
            .With(manual).With(summary).With(at).With(user.Value).With(paper.Value).With(version).Run() == 1);

    public Task<bool> DeleteAsync(UserId user, PaperId paper) => database.WriteAsync(session =>
    {
        session.Enter(user);
        session.Of("DELETE FROM page WHERE job = (SELECT job FROM paper WHERE owner = ? AND id = ?)")
            .With(user.Value).With(paper.Value).Later();
        return session.Of("DELETE FROM paper WHERE owner = ? AND id = ?").With(user.Value).With(paper.Value).Run() == 1;
    });

    public Task PutSyllabusAsync(SyllabusRecord syllabus) => database.WriteAsync(session => session.Of(
        "INSERT INTO syllabus (owner, id, name, chapters, content, created_at) VALUES (?, ?, ?, ?, ?, ?) "
        + "ON CONFLICT (owner, id) DO UPDATE SET name = excluded.name, chapters = excluded.chapters, content = excluded.content, "
        + "created_at = excluded.created_at")
        .With(syllabus.User.Value).With(syllabus.Id.Value).With(syllabus.Name).With(syllabus.Chapters).With(syllabus.Content)
        .With(syllabus.CreatedAt).Run());

    public Task<SyllabusRecord?> FindSyllabusAsync(UserId user, PaperId syllabus) => database.ReadAsync(session =>
        session.Of("SELECT id, owner, name, chapters, content, created_at FROM syllabus WHERE owner = ? AND id = ?")
            .With(user.Value).With(syllabus.Value).First(Syllabus));

    public Task<IReadOnlyList<SyllabusRecord>> SyllabusesAsync(UserId user, int limit) =>
        database.ReadAsync<IReadOnlyList<SyllabusRecord>>(session => SqlRows.All(
            session.Of("SELECT id, owner, name, chapters, content, created_at FROM syllabus WHERE owner = ? ORDER BY name, id LIMIT ?")
                .With(user.Value).With(limit),
            Syllabus));

    public Task<bool> DeleteSyllabusAsync(UserId user, PaperId syllabus) => database.WriteAsync(session =>
        session.Of("DELETE FROM syllabus WHERE owner = ? AND id = ?").With(user.Value).With(syllabus.Value).Run() == 1);

    static void Drop(SqlSession session, JobId job)
    {
        session.Of("DELETE FROM page WHERE job = ?").With(job.Value).Later();
        session.Of("DELETE FROM aside WHERE job = ?").With(job.Value).Later();
    }

    static PaperRecord Record(SqlStatement row) => new(
        row.Long(0), new(row.Text(1)), new(row.Text(2)), row.Text(3), new(row.Id(4)), row.Int(5), row.TextOrNull(6), row.Int(7),
        row.Time(8), row.Time(9));

    static SyllabusRecord Syllabus(SqlStatement row) => new(
        new(row.Text(0)), new(row.Text(1)), row.Text(2), row.Int(3), row.Bytes(4).ToArray(), row.Time(5));
}
