namespace NextUp.EndToEndTests.Api;

/// <summary>What each endpoint may show to whom; one that is added without a line here fails.</summary>
public sealed partial class PrivacyTests
{
    /// <summary>What an endpoint answers the owner, and everyone else.</summary>
    enum Rule
    {
        /// <summary>The same for everyone, with nothing of anyone in it.</summary>
        Open,

        /// <summary>Something of the caller's own, and counts.</summary>
        OwnThings,

        /// <summary>A thing of the job in the path: to others the job does not exist.</summary>
        OwnJob,

        /// <summary>Takes an upload; shows nothing stored.</summary>
        Upload,

        /// <summary>A stream that does not end; the live feed has tests of its own.</summary>
        Stream,

        /// <summary>Opens and closes a sign-in; looks at no identity and shows nothing but the caller's own.</summary>
        Session,

        /// <summary>What belongs to an account; visitors and API keys are refused.</summary>
        Account,

        /// <summary>For workers; everyone else is refused.</summary>
        Worker,

        /// <summary>For operators and administrators; everyone else is refused.</summary>
        Operator,

        /// <summary>Changes something of the caller's own that is no job; API keys are refused.</summary>
        OwnChange,

        /// <summary>A subscription in the path: to others it does not exist.</summary>
        OwnSubscription,

        /// <summary>A link out of a mail, which speaks for itself: who calls does not matter.</summary>
        Link,

        /// <summary>For administrators; everyone else is refused.</summary>
        Administrator,

        /// <summary>A document in the path: to others it does not exist.</summary>
        OwnDocument,

        /// <summary>An import in the path, by its job: to others it does not exist (TableTests).</summary>
        OwnImport,

        /// <summary>A profile or table in the path: to others it does not exist.</summary>
        OwnTable,

        /// <summary>Takes an upload of an account; shows nothing stored.</summary>
        AccountUpload,
    }

    static readonly Dictionary<string, Rule> s_rules = new()
    {
        ["POST /api/v1/jobs"] = Rule.Upload,
        ["GET /api/v1/jobs"] = Rule.OwnThings,
        ["POST /api/v1/preview"] = Rule.Upload,
        ["GET /api/v1/jobs/{id}"] = Rule.OwnJob,
        ["POST /api/v1/jobs/{id}/cancel"] = Rule.OwnJob,
        ["POST /api/v1/jobs/{id}/again"] = Rule.OwnJob,
        ["POST /api/v1/jobs/{id}/retry"] = Rule.OwnJob,
        ["GET /api/v1/jobs/{id}/result"] = Rule.OwnJob,
        ["GET /api/v1/jobs/{id}/original"] = Rule.OwnJob,
        ["GET /api/v1/jobs/{id}/report"] = Rule.OwnJob,
        ["GET /api/v1/jobs/{id}/diff"] = Rule.OwnJob,
        ["GET /api/v1/jobs/{id}/log"] = Rule.OwnJob,
        ["GET /api/v1/documents"] = Rule.OwnThings,
        ["GET /api/v1/documents/search"] = Rule.OwnThings,
        ["GET /api/v1/documents/{id}"] = Rule.OwnDocument,
        ["GET /api/v1/documents/{id}/chunks"] = Rule.OwnDocument,
        ["GET /api/v1/documents/{id}/export"] = Rule.OwnDocument,
        ["POST /api/v1/documents/{id}/reprocess"] = Rule.OwnDocument,
        ["DELETE /api/v1/documents/{id}"] = Rule.OwnDocument,
        ["POST /api/documents/upload"] = Rule.AccountUpload,
        ["GET /api/documents/{id}/status"] = Rule.OwnDocument,
        ["GET /ws"] = Rule.Open,
        ["GET /documents"] = Rule.Open,
        ["GET /tables"] = Rule.Open,
        ["POST /api/v1/tables/preview"] = Rule.Upload,
        ["GET /api/v1/tables"] = Rule.OwnThings,
        ["DELETE /api/v1/tables/{table}"] = Rule.OwnTable,
        ["GET /api/v1/tables/imports"] = Rule.OwnThings,
        ["GET /api/v1/tables/imports/{id}"] = Rule.OwnImport,
        ["POST /api/v1/tables/imports/{id}/undo"] = Rule.OwnImport,
        ["GET /api/v1/tables/imports/{id}/errors"] = Rule.OwnImport,
        ["GET /api/v1/tables/imports/{id}/rejected"] = Rule.OwnImport,
        ["GET /api/v1/tables/records"] = Rule.OwnThings,
        ["GET /api/v1/tables/records/export"] = Rule.OwnThings,
        ["GET /api/v1/tables/profiles"] = Rule.OwnThings,
        ["POST /api/v1/tables/profiles"] = Rule.OwnChange,
        ["GET /api/v1/tables/profiles/{id}"] = Rule.OwnTable,
        ["PUT /api/v1/tables/profiles/{id}"] = Rule.OwnTable,
        ["DELETE /api/v1/tables/profiles/{id}"] = Rule.OwnTable,
        ["GET /api/v1/tables/profiles/{id}/template"] = Rule.OwnTable,
        ["GET /api/v1/kinds"] = Rule.OwnThings,
        ["GET /api/v1/queue"] = Rule.OwnThings,
        ["GET /api/v1/me"] = Rule.OwnThings,
        ["GET /api/v1/events"] = Rule.Stream,
        ["POST /api/v1/me/session"] = Rule.Session,
        ["DELETE /api/v1/me/session"] = Rule.Session,
        ["POST /sign-out"] = Rule.Session,
        ["GET /sign-in"] = Rule.Open,
        ["GET /signed-in"] = Rule.Open,
        ["POST /api/v1/keys"] = Rule.Account,
        ["GET /api/v1/keys"] = Rule.Account,
        ["DELETE /api/v1/keys/{key}"] = Rule.Account,
        ["GET /api/v1/operations/keys"] = Rule.Administrator,
        ["DELETE /api/v1/operations/keys/{key}"] = Rule.Administrator,
        ["GET /api/v1/operations/audit"] = Rule.Administrator,
        ["GET /api/v1/operations/config"] = Rule.Administrator,
        ["POST /api/v1/operations/config/reload"] = Rule.Administrator,
        ["GET /api/v1/operations/estimates"] = Rule.Operator,
        ["GET /api/v1/operations/steering"] = Rule.Operator,
        ["POST /api/v1/operations/pause"] = Rule.Operator,
        ["POST /api/v1/operations/resume"] = Rule.Operator,
        ["POST /api/v1/operations/slots"] = Rule.Operator,
        ["GET /api/v1/notices"] = Rule.OwnThings,
        ["POST /api/v1/notices"] = Rule.OwnChange,
        ["GET /api/v1/notices/push-key"] = Rule.OwnThings,
        ["GET /api/v1/notices/{id}"] = Rule.OwnSubscription,
        ["PATCH /api/v1/notices/{id}"] = Rule.OwnSubscription,
        ["DELETE /api/v1/notices/{id}"] = Rule.OwnSubscription,
        ["POST /api/v1/notices/{id}/rotate-secret"] = Rule.OwnSubscription,
        ["POST /api/v1/notices/{id}/test"] = Rule.OwnSubscription,
        ["GET /api/v1/notices/{id}/deliveries"] = Rule.OwnSubscription,
        ["GET /api/v1/notices/{id}/deliveries/{delivery}"] = Rule.OwnSubscription,
        ["POST /api/v1/notices/{id}/deliveries/{delivery}/replay"] = Rule.OwnSubscription,
        ["GET /notices/confirm/{token}"] = Rule.Link,
        ["POST /notices/confirm/{token}"] = Rule.Link,
        ["GET /notices/unsubscribe/{token}"] = Rule.Link,
        ["POST /notices/unsubscribe/{token}"] = Rule.Link,
        ["POST /api/v1/work/lease"] = Rule.Worker,
        ["POST /api/v1/work/heartbeat"] = Rule.Worker,
        ["POST /api/v1/work/complete"] = Rule.Worker,
        ["POST /api/v1/work/{id}/heartbeat"] = Rule.Worker,
        ["GET /api/v1/work/{id}/input"] = Rule.Worker,
        ["GET /api/v1/work/{id}/checkpoints/{name}"] = Rule.Worker,
        ["PUT /api/v1/work/{id}/checkpoints/{name}"] = Rule.Worker,
        ["POST /api/v1/work/{id}/complete"] = Rule.Worker,
        ["POST /api/v1/work/{id}/fail"] = Rule.Worker,
        ["POST /scholar/api/bibtex/upload"] = Rule.Upload,
        ["GET /scholar/api/bibtex/job/{id}/status"] = Rule.OwnJob,
        ["GET /scholar/api/bibtex/job/{id}/papers"] = Rule.OwnJob,
        ["POST /scholar/api/bibtex/job/{id}/cancel"] = Rule.OwnJob,
        ["GET /scholar/api/bibtex/job/{id}/download"] = Rule.OwnJob,
        ["GET /scholar/api/bibtex/job/{id}/download-original"] = Rule.OwnJob,
        ["GET /scholar/api/bibtex/job/{id}/diff"] = Rule.OwnJob,
        ["POST /scholar/api/bibtex/preview"] = Rule.Upload,
        ["GET /scholar/api/bibtex/recent"] = Rule.OwnThings,
        ["GET /scholar/api/bibtex/resource-status"] = Rule.OwnThings,
        ["POST /api/v1/exams"] = Rule.Administrator,
        ["GET /api/v1/exams"] = Rule.Administrator,
        ["GET /api/v1/exams/{id}"] = Rule.Administrator,
        ["DELETE /api/v1/exams/{id}"] = Rule.Administrator,
        ["GET /api/v1/exams/{id}/pages/{number}"] = Rule.Administrator,
        ["GET /api/v1/exams/{id}/export"] = Rule.Administrator,
        ["POST /api/v1/exams/{id}/again"] = Rule.Administrator,
        ["PATCH /api/v1/exams/{id}/questions/{key}"] = Rule.Administrator,
        ["POST /api/v1/exams/{id}/questions/{key}/merge"] = Rule.Administrator,
        ["POST /api/v1/exams/{id}/questions/{key}/split"] = Rule.Administrator,
        ["POST /api/v1/exams/{id}/questions/{key}/remove"] = Rule.Administrator,
        ["POST /api/v1/exams/{id}/questions/{key}/restore"] = Rule.Administrator,
        ["PUT /api/v1/exams/{id}/questions/{key}/tags"] = Rule.Administrator,
        ["POST /api/v1/exams/{id}/retag"] = Rule.Administrator,
        ["GET /api/v1/exams/syllabuses"] = Rule.Administrator,
        ["PUT /api/v1/exams/syllabuses/{id}"] = Rule.Administrator,
        ["GET /api/v1/exams/syllabuses/{id}"] = Rule.Administrator,
        ["DELETE /api/v1/exams/syllabuses/{id}"] = Rule.Administrator,
        ["POST /functions/v1/create-exam-paper-job"] = Rule.Administrator,
        ["POST /functions/v1/process-background-jobs"] = Rule.Administrator,
        ["GET /functions/v1/processing-jobs"] = Rule.Administrator,
        ["GET /functions/v1/processing-jobs/{id}"] = Rule.Administrator,
        ["POST /api/v1/cleanup"] = Rule.Administrator,
        ["GET /api/v1/statistics"] = Rule.OwnThings,
        ["GET /api/v1/operations/overview"] = Rule.Operator,
        ["GET /api/v1/operations/health"] = Rule.Operator,
        ["GET /api/v1/operations/workers"] = Rule.Operator,
        ["GET /api/v1/operations/statistics"] = Rule.Operator,
        ["GET /api/v1/operations/failures"] = Rule.Operator,
        ["GET /api/v1/operations/users"] = Rule.Operator,
        ["GET /api/v1/operations/sweeps"] = Rule.Operator,
        ["GET /api/v1/operations/jobs"] = Rule.Operator,
        ["GET /api/v1/operations/jobs/{id}"] = Rule.Operator,
        ["POST /api/v1/operations/jobs/{id}/retry"] = Rule.Operator,
        ["POST /api/v1/operations/jobs/{id}/cancel"] = Rule.Operator,
        ["POST /api/v1/operations/jobs/{id}/set-aside"] = Rule.Operator,
        ["POST /api/v1/operations/jobs/{id}/discard"] = Rule.Operator,
        ["GET /metrics"] = Rule.Open,
        ["GET /health/live"] = Rule.Open,
        ["GET /health/ready"] = Rule.Open,
        ["GET /openapi/{documentName}.json"] = Rule.Open,
        ["GET /"] = Rule.Open,
        ["GET /jobs"] = Rule.Open,
        ["GET /exams"] = Rule.Open,
        ["GET /operations"] = Rule.Open,
        ["GET /jobs/{**rest}"] = Rule.Open,
        ["GET /you"] = Rule.Open,
    };
}
