using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Client.Cleanup;
using NextUp.Client.Documents;
using NextUp.Client.Exams;
using NextUp.Client.Notices;
using NextUp.Client.Operations;
using NextUp.Client.Settings;
using NextUp.Client.Steering;
using NextUp.Client.Wire;
using NextUp.Processors.Bibtex.Catalogue;

namespace NextUp.Server.Commands;

/// <summary>What <c>submit --json</c> and <c>watch --json</c> print.</summary>
sealed record SubmitAnswers(IReadOnlyList<FileAnswer> Results);

/// <summary>What became of one file or job.</summary>
/// <param name="File">As it was given on the command line, or the job's file name.</param>
/// <param name="Job">The job as last seen; null when the file was refused.</param>
/// <param name="Problem">Why the file was refused, or why the result could not be fetched.</param>
/// <param name="Saved">The full path of the saved result, where one was saved.</param>
sealed record FileAnswer(string File, JobView? Job, Problem? Problem, string? Saved);

/// <summary>What <c>status --json</c> prints without an id.</summary>
sealed record StatusAnswer(MeView Me, QueueView Queue);

/// <summary>What <c>list --json</c> prints.</summary>
/// <param name="More">Whether there are more jobs than <c>--limit</c> let through.</param>
sealed record ListAnswer(IReadOnlyList<JobView> Jobs, bool More);

/// <summary>What <c>token --json</c> prints.</summary>
sealed record TokenAnswer(string User, string Role, bool IsAdministrator, DateTimeOffset ExpiresAt, string Token);

/// <summary>What <c>catalogue info --json</c> prints.</summary>
sealed record CatalogueAnswer(string Path, long Works, long Bytes);

/// <summary>What <c>backup --json</c> prints.</summary>
/// <param name="Lost">Files that jobs name and that the data folder lacks.</param>
sealed record BackupAnswer(
    string Path, IReadOnlyList<BackupDatabase> Databases, int Files, long FileBytes, IReadOnlyList<string> Lost);

/// <summary>One of them.</summary>
sealed record BackupDatabase(string Name, long Bytes);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(SubmitAnswers))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(ListAnswer))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(CatalogueAnswer))]
[JsonSerializable(typeof(BackupAnswer))]
[JsonSerializable(typeof(CleanupView))]
[JsonSerializable(typeof(CaredJobView))]
[JsonSerializable(typeof(CaredJobPage))]
[JsonSerializable(typeof(CaredJobDetail))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(SettingsView))]
[JsonSerializable(typeof(ReloadView))]
[JsonSerializable(typeof(SteeringView))]
[JsonSerializable(typeof(CatalogueImportCounts))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(NewKeyView))]
[JsonSerializable(typeof(KeyPage))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(WorkersView))]
[JsonSerializable(typeof(NoticeSubscriptionList))]
[JsonSerializable(typeof(NoticeSubscriptionView))]
[JsonSerializable(typeof(NoticeDeliveryView))]
[JsonSerializable(typeof(DocumentPage))]
[JsonSerializable(typeof(DocumentView))]
[JsonSerializable(typeof(SearchView))]
[JsonSerializable(typeof(PaperPageView))]
[JsonSerializable(typeof(PaperView))]
[JsonSerializable(typeof(string))]
sealed partial class AnswerJson : JsonSerializerContext
{
    /// <summary>Letters outside ASCII as they are: it goes to a terminal or a program, never into a page.</summary>
    public static AnswerJson Answers => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
