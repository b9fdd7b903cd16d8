-- Figures of all jobs, kept so that no question has to count jobs. What a transaction counts is one row of the journal,
-- a page at the table's end; when enough has gathered, the journal is folded into the tables below, whose pages lie far
-- apart, and emptied (see Statistics/StatisticsJournal.cs). A question adds the journal to what it finds in them.
-- Hours and days are counted from 1970 (UTC); the blobs are written by JobFigures and LoadChunk.
CREATE TABLE statistic_journal (
    id INTEGER PRIMARY KEY,
    entries INTEGER NOT NULL,
    content BLOB NOT NULL
);

CREATE TABLE figures_total (
    kind_key INTEGER PRIMARY KEY,
    figures BLOB NOT NULL
);

CREATE TABLE figures_hour (
    hour INTEGER NOT NULL,
    kind_key INTEGER NOT NULL,
    figures BLOB NOT NULL,
    PRIMARY KEY (hour, kind_key)
) WITHOUT ROWID;

CREATE TABLE figures_day (
    day INTEGER NOT NULL,
    kind_key INTEGER NOT NULL,
    figures BLOB NOT NULL,
    PRIMARY KEY (day, kind_key)
) WITHOUT ROWID;

-- jobs: ids of the newest ones, 16 bytes each, newest first. last_at in unix seconds.
CREATE TABLE failure_day (
    day INTEGER NOT NULL,
    kind_key INTEGER NOT NULL,
    cause TEXT NOT NULL,
    failed INTEGER NOT NULL,
    retried INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    jobs BLOB NOT NULL,
    PRIMARY KEY (day, kind_key, cause)
) WITHOUT ROWID;

-- load_key is day * 2^32 + user_key / 256: the users of a chunk share a row.
CREATE TABLE load_day (
    load_key INTEGER PRIMARY KEY,
    loads BLOB NOT NULL
);

-- The trace that the submission was part of, a W3C traceparent.
ALTER TABLE job ADD COLUMN trace TEXT;
