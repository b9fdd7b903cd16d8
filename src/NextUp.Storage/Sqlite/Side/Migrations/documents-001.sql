-- A document and what became of its newest job. state: 0 open, 1 completed, 2 failed, 3 cancelled.
-- version is the one that is searched; 0 is none. before is the job that was the newest one before this one.
CREATE TABLE document (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content_type TEXT NOT NULL,
    job BLOB NOT NULL UNIQUE,
    before BLOB,
    state INTEGER NOT NULL,
    error TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    processed_at INTEGER
);
CREATE INDEX document_user ON document (user, seq);
CREATE INDEX document_sha256 ON document (user, sha256);
CREATE INDEX document_open ON document (seq) WHERE state = 0;

-- What an attempt made of a document. state: 0 being taken, 1 whole and aside, 2 visible, 3 to be erased.
CREATE TABLE version (
    document INTEGER NOT NULL,
    number INTEGER NOT NULL,
    state INTEGER NOT NULL,
    job BLOB NOT NULL,
    attempt INTEGER NOT NULL,
    model TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    pages INTEGER,
    language TEXT,
    warnings TEXT NOT NULL,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE INDEX version_state ON version (state) WHERE state <> 2;
CREATE INDEX version_job ON version (job);

-- scale is the bits of a 32-bit float; the vector's numbers are its bytes, signed, times that. Model and dimension stand
-- with each vector, so that none is ever taken for one of another space.
CREATE TABLE chunk (
    document INTEGER NOT NULL,
    version INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    page_from INTEGER,
    page_to INTEGER,
    char_from INTEGER NOT NULL,
    char_to INTEGER NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    model TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    scale INTEGER NOT NULL,
    vector BLOB NOT NULL
);
CREATE UNIQUE INDEX chunk_place ON chunk (document, version, ordinal);

-- Kept counts. revision grows whenever what the user can search changes.
CREATE TABLE holding (
    user TEXT PRIMARY KEY,
    documents INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    revision INTEGER NOT NULL
) WITHOUT ROWID;
