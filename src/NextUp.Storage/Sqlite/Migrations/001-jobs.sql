-- The layout follows one thought: a commit is as dear as the pages it dirties. Whatever a change touches therefore lies
-- with the job, in the order of sequences, so that the changes of one commit, which concern jobs of about the same age,
-- meet in a few pages. A job's events are kept in its own row for that reason (see EventTrail.cs), not in a table by
-- user, where each would dirty a page of its own. Times are unix microseconds.

-- One row: the queue's fence, the highest sequence ever given and the kept counts; written once per commit.
CREATE TABLE store_state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    epoch INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    held INTEGER NOT NULL,
    processing INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    entered_through INTEGER NOT NULL
);

INSERT INTO store_state VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

-- Completed jobs by minute since 1970, for the count of the last hour.
CREATE TABLE completed_minute (
    minute INTEGER PRIMARY KEY,
    jobs INTEGER NOT NULL
);

CREATE TABLE kind (
    kind_key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- event_floor: the user's event numbers up to it are given, although the jobs that had them may be deleted.
CREATE TABLE user (
    user_key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    event_floor INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE job (
    seq INTEGER PRIMARY KEY,
    user_key INTEGER NOT NULL,
    kind_key INTEGER NOT NULL,
    place INTEGER,
    is_open INTEGER NOT NULL,
    is_held INTEGER NOT NULL,
    state INTEGER NOT NULL,
    -- The number of the user's event that accepted the job. A user's jobs in this order are in the order of sequences.
    born INTEGER NOT NULL,
    -- The smallest born of the user's jobs that were open when this one was accepted, itself included.
    lane_born INTEGER NOT NULL,
    id BLOB NOT NULL,
    accepted_at INTEGER NOT NULL,
    line_at INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    deadline INTEGER,
    not_before INTEGER,
    file_name TEXT NOT NULL,
    file_size INTEGER NOT NULL,
    options TEXT,
    submission_key TEXT,
    progress_done INTEGER NOT NULL,
    progress_total INTEGER,
    progress_failed INTEGER NOT NULL,
    progress_percent INTEGER NOT NULL,
    progress_step TEXT NOT NULL,
    log_lines INTEGER NOT NULL,
    has_checkpoints INTEGER NOT NULL,
    error TEXT,
    summary TEXT,
    events BLOB NOT NULL,
    -- Attempts that failed or were lost.
    failures INTEGER NOT NULL DEFAULT 0
);

CREATE UNIQUE INDEX job_id ON job (id);

-- The unique slot: of one user and kind, each place is filled once. Null places (held, or no limit) never collide.
-- It holds unfinished jobs only, so it is also the way to a user's lane and to the queue at start-up.
CREATE UNIQUE INDEX job_open ON job (user_key, kind_key, place) WHERE is_open = 1;

CREATE INDEX job_held ON job (user_key, kind_key) WHERE is_held = 1;

-- A user's jobs. Those up to entered_through are in here, and perhaps some of the later ones (see RecentJobs.cs).
CREATE TABLE job_user (
    user_key INTEGER NOT NULL,
    born INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (user_key, born)
) WITHOUT ROWID;

CREATE TABLE submission (
    user_key INTEGER NOT NULL,
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (user_key, key)
) WITHOUT ROWID;

-- file_key is seq * 8 + role. A small file is here whole; a large one is in the files folder under the name in path.
CREATE TABLE file (
    file_key INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    path TEXT,
    content BLOB
);

CREATE INDEX file_path ON file (path) WHERE path IS NOT NULL;

CREATE TABLE log_line (
    seq INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (seq, number)
) WITHOUT ROWID;

CREATE TABLE checkpoint (
    seq INTEGER NOT NULL,
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (seq, name)
) WITHOUT ROWID;
