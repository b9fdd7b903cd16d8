using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Sqlite.Documents;
using Session = NextUp.Storage.Sqlite.Documents.DocumentDatabase.Session;

namespace NextUp.Storage.Sqlite.Papers;

/// <summary>Exam papers on SQLite, in a file of their own beside the queue's. Each method is one transaction.</summary>
/// <remarks>
/// A job's pictures are stored once, under the job: what makes a result visible is the one row that names the job, and the
/// pictures of the job before it go in the same transaction.
/// </remarks>
public sealed class SqlitePaperStore : IPaperStore, IDisposable
{
    const string FileName = "papers.db";

    const string Columns = "seq, id, user, name, job, version, summary, pages, created_at, updated_at";

    static readonly string[] s_migrations = ["papers-001.sql"];

    readonly DocumentDatabase database;

    SqlitePaperStore(DocumentDatabase database) => this.database = database;

    /// <summary>Called where a transaction is about to be committed; what it throws fails it. For tests.</summary>
    internal Action? AtCommit
    {
        set => database.AtCommit = value;
    }

    /// <summary>Opens the store in a data folder that the caller owns.</summary>
    /// <exception cref="StoreFailedException">It cannot be written, or the database is damaged or newer.</exception>
    public static SqlitePaperStore Open(string folder) => new(DocumentDatabase.Open(folder, FileName, s_migrations));

    public Task<bool> TakeAsync(PaperTake paper, IEnumerable<PaperPage> pages) => database.WriteAsync(session =>
    {
        var row = session.Of("SELECT attempt FROM aside WHERE job = ?").With(paper.Job.Value);
        var taken = row.Step() ? row.Int(0) : 0;
        row.Reset();
        if (taken >= paper.Attempt)
            return taken == paper.Attempt;

        Drop(session, paper.Job);
        var count = 0;
        foreach (var page in pages)
        {
            session.Of("INSERT INTO page (job, number, content_type, image) VALUES (?, ?, ?, ?)")
                .With(paper.Job.Value).With(page.Number).With(page.ContentType).With(page.Image).Run();
            count++;
        }

        session.Of(
            "INSERT INTO aside (job, job_sequence, attempt, user, id, name, pages, extraction, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .With(paper.Job.Value).With(paper.Sequence.Value).With(paper.Attempt).With(paper.User.Value).With(paper.Paper.Value)
            .With(paper.Name).With(count).With(paper.Extraction).With(paper.At).Run();
        return true;
    });

    public Task SettleAsync(JobId job, int? completedAttempt) => database.WriteAsync(session =>
    {
        var row = session.Of("SELECT attempt, user, id, job_sequence FROM aside WHERE job = ?").With(job.Value);
        var aside = row.Step() ? (Attempt: row.Int(0), User: row.Text(1), Id: row.Text(2), Sequence: row.Long(3)) : default;
        row.Reset();
        if (aside == default)
            return false;
        var before = session.Of("SELECT seq, job, job_sequence FROM paper WHERE user = ? AND id = ?").With(aside.User).With(aside.Id);
        var old = before.Step() ? (Paper: before.Long(0), Job: before.Id(1), Sequence: before.Long(2)) : default;
        before.Reset();
        if (aside.Attempt != completedAttempt || old.Sequence > aside.Sequence)
        {
            Drop(session, job);
            return false;
        }

        if (old == default)
        {
            session.Of(
                "INSERT INTO paper (user, id, name, job, job_sequence, version, pages, extraction, manual, created_at, updated_at) "
                + "SELECT user, id, name, job, job_sequence, 1, pages, extraction, x'', at, at FROM aside WHERE job = ?")
                .With(job.Value).Run();
        }
        else
        {
            session.Of(
                "UPDATE paper SET (name, job, job_sequence, version, summary, pages, extraction, updated_at) = "
                + "(SELECT name, job, job_sequence, paper.version + 1, NULL, pages, extraction, at FROM aside WHERE job = ?) WHERE seq = ?")
                .With(job.Value).With(old.Paper).Run();
            if (old.Job != job.Value)
                session.Of("DELETE FROM page WHERE job = ?").With(old.Job).Run();
        }

        session.Of("DELETE FROM aside WHERE job = ?").With(job.Value).Run();
        return true;
    });

    public Task<IReadOnlyList<JobId>> UnsettledAsync(JobId? after, int limit) =>
        database.ReadAsync<IReadOnlyList<JobId>>(session => List(
            session.Of("SELECT job FROM aside WHERE job > ? ORDER BY job LIMIT ?").With(after?.Value ?? Guid.Empty).With(limit),
            row => new JobId(row.Id(0))));

    public Task<IReadOnlyList<PaperRecord>> ListAsync(UserId user, long? before, int limit) =>
        database.ReadAsync<IReadOnlyList<PaperRecord>>(session => List(
            session.Of($"SELECT {Columns} FROM paper WHERE user = ? AND seq < ? ORDER BY seq DESC LIMIT ?")
                .With(user.Value).With(before ?? long.MaxValue).With(limit),
            Record));

    public Task<StoredPaper?> FindAsync(UserId user, PaperId paper) => database.ReadAsync(session =>
    {
        var row = session.Of($"SELECT {Columns}, extraction, manual FROM paper WHERE user = ? AND id = ?")
            .With(user.Value).With(paper.Value);
        var found = row.Step() ? new StoredPaper(Record(row), row.Bytes(10).ToArray(), row.Bytes(11).ToArray()) : null;
        row.Reset();
        return found;
    });

    public Task<PaperPage?> PageAsync(UserId user, PaperId paper, int number) => database.ReadAsync(session =>
    {
        var row = session.Of(
            "SELECT page.number, content_type, image FROM paper JOIN page ON page.job = paper.job "
            + "WHERE user = ? AND id = ? AND page.number = ?").With(user.Value).With(paper.Value).With(number);
        var found = row.Step() ? new PaperPage(row.Int(0), row.Text(1), row.Bytes(2).ToArray()) : null;
        row.Reset();
        return found;
    });

    public Task<bool> ChangeAsync(UserId user, PaperId paper, int version, byte[] manual, string summary, DateTimeOffset at) =>
        database.WriteAsync(session => session.Of(
            "UPDATE paper SET manual = ?, summary = ?, version = version + 1, updated_at = ? WHERE user = ? AND id = ? AND version = ?")
            .With(manual).With(summary).With(at).With(user.Value).With(paper.Value).With(version).Run() == 1);

    public Task<bool> DeleteAsync(UserId user, PaperId paper) => database.WriteAsync(session =>
    {
        session.Of("DELETE FROM page WHERE job = (SELECT job FROM paper WHERE user = ? AND id = ?)")
            .With(user.Value).With(paper.Value).Run();
        return session.Of("DELETE FROM paper WHERE user = ? AND id = ?").With(user.Value).With(paper.Value).Run() == 1;
    });

    public Task PutSyllabusAsync(SyllabusRecord syllabus) => database.WriteAsync(session => session.Of(
        "INSERT OR REPLACE INTO syllabus (user, id, name, chapters, content, created_at) VALUES (?, ?, ?, ?, ?, ?)")
        .With(syllabus.User.Value).With(syllabus.Id.Value).With(syllabus.Name).With(syllabus.Chapters).With(syllabus.Content)
        .With(syllabus.CreatedAt).Run());

    public Task<SyllabusRecord?> FindSyllabusAsync(UserId user, PaperId syllabus) => database.ReadAsync(session => List(
        session.Of("SELECT id, user, name, chapters, content, created_at FROM syllabus WHERE user = ? AND id = ?")
            .With(user.Value).With(syllabus.Value),
        Syllabus).FirstOrDefault());

    public Task<IReadOnlyList<SyllabusRecord>> SyllabusesAsync(UserId user, int limit) =>
        database.ReadAsync<IReadOnlyList<SyllabusRecord>>(session => List(
            session.Of("SELECT id, user, name, chapters, content, created_at FROM syllabus WHERE user = ? ORDER BY name, id LIMIT ?")
                .With(user.Value).With(limit),
            Syllabus));

    public Task<bool> DeleteSyllabusAsync(UserId user, PaperId syllabus) => database.WriteAsync(session =>
        session.Of("DELETE FROM syllabus WHERE user = ? AND id = ?").With(user.Value).With(syllabus.Value).Run() == 1);

    public void Dispose() => database.Dispose();

    static void Drop(Session session, JobId job)
    {
        session.Of("DELETE FROM page WHERE job = ?").With(job.Value).Run();
        session.Of("DELETE FROM aside WHERE job = ?").With(job.Value).Run();
    }

    static PaperRecord Record(Statement row) => new(
        row.Long(0), new(row.Text(1)), new(row.Text(2)), row.Text(3), new(row.Id(4)), row.Int(5), row.TextOrNull(6), row.Int(7),
        row.Time(8), row.Time(9));

    static SyllabusRecord Syllabus(Statement row) => new(
        new(row.Text(0)), new(row.Text(1)), row.Text(2), row.Int(3), row.Bytes(4).ToArray(), row.Time(5));

    static List<T> List<T>(Statement rows, Func<Statement, T> read)
    {
        List<T> list = [];
        while (rows.Step())
            list.Add(read(rows));
        rows.Reset();
        return list;
    }
}
