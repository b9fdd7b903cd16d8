-- What the last completed job read of a paper, and what people changed of it, each as JSON. job_sequence orders the jobs.
CREATE TABLE paper (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    user TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    job BLOB NOT NULL,
    job_sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    summary TEXT,
    pages INTEGER NOT NULL,
    extraction BLOB NOT NULL,
    manual BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX paper_name ON paper (user, id);
CREATE INDEX paper_user ON paper (user, seq);

-- The pictures of the pages that belong to a job's result, be it visible or aside.
CREATE TABLE page (
    job BLOB NOT NULL,
    number INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    image BLOB NOT NULL,
    PRIMARY KEY (job, number)
) WITHOUT ROWID;

-- What an attempt made, until its job's end is settled.
CREATE TABLE aside (
    job BLOB PRIMARY KEY,
    job_sequence INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    user TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    pages INTEGER NOT NULL,
    extraction BLOB NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE syllabus (
    user TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    chapters INTEGER NOT NULL,
    content BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user, id)
) WITHOUT ROWID;
