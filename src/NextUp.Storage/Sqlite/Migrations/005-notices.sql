-- Who wants to be told what, and the outbox: what is still to be told. The numbers in channel, state, type and events
-- are those of the enums in NextUp.Actors/Notices. Times are unix microseconds.

CREATE TABLE notice_subscription (
    subscription_key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    user_key INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    target TEXT NOT NULL,
    events INTEGER NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT,
    label TEXT,
    secret TEXT NOT NULL,
    former_secret TEXT,
    former_secret_until INTEGER,
    created_at INTEGER NOT NULL,
    delivered_at INTEGER,
    failing_since INTEGER
);

CREATE UNIQUE INDEX notice_subscription_target ON notice_subscription (user_key, channel, target);

-- notice_key is the order of the events. attempts counts those of the present round (a replay begins a new one),
-- attempts_ever all of them, which number the rows of notice_attempt.
CREATE TABLE notice (
    notice_key INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    subscription_key INTEGER NOT NULL,
    type INTEGER NOT NULL,
    at INTEGER NOT NULL,
    seq INTEGER,
    job_id BLOB,
    kind TEXT,
    file_name TEXT,
    attempt INTEGER,
    reason TEXT,
    summary TEXT,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    attempts_ever INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    holds INTEGER NOT NULL,
    since INTEGER NOT NULL
);

CREATE INDEX notice_of_subscription ON notice (subscription_key, notice_key);

CREATE INDEX notice_waiting ON notice (subscription_key, notice_key) WHERE state = 0;

-- What somebody asked for (a trial, a confirmation) does not wait behind what happened to jobs.
CREATE INDEX notice_asked ON notice (subscription_key, notice_key) WHERE state = 0 AND type >= 100;

CREATE INDEX notice_of_job ON notice (seq) WHERE seq IS NOT NULL;

CREATE INDEX notice_over ON notice (at) WHERE state <> 0;

CREATE TABLE notice_attempt (
    notice_key INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER,
    answer TEXT NOT NULL,
    took INTEGER NOT NULL,
    PRIMARY KEY (notice_key, number)
) WITHOUT ROWID;
