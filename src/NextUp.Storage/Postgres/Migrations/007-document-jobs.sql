-- Every job over a document. is_orphan: 1 where the document was deleted and the job's files are still to go.
CREATE TABLE document_job (
    job UUID PRIMARY KEY,
    document BIGINT NOT NULL,
    is_orphan BIGINT NOT NULL
);
CREATE INDEX document_job_document ON document_job (document);
CREATE INDEX document_job_orphan ON document_job (job) WHERE is_orphan = 1;
INSERT INTO document_job
    SELECT id, seq, 0 FROM document UNION SELECT job, seq, 0 FROM document
    UNION SELECT before, seq, 0 FROM document WHERE before IS NOT NULL
    UNION SELECT v.job, d.seq, 0 FROM version v JOIN document d ON d.seq = v.document
    ON CONFLICT (job) DO NOTHING;
