-- Whose a visitor's jobs became at sign-in: the account's user_key. From then on the visitor takes no new job.
ALTER TABLE user ADD COLUMN adopted_by INTEGER;

-- 1 while the user may have jobs in places beyond the limit.
ALTER TABLE user ADD COLUMN has_surplus INTEGER NOT NULL DEFAULT 0;

-- The keyed hash of the network address that a visitor submitted from; gone when the job ends or becomes an account's.
ALTER TABLE job ADD COLUMN origin INTEGER;

-- Keys that accounts made for programs; the secret itself is not here, only its hash. Times are unix microseconds.
CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    role INTEGER NOT NULL,
    scopes INTEGER NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER
) WITHOUT ROWID;

CREATE INDEX api_key_user ON api_key (user);

-- What operators and administrators did; id is a version 7 UUID, in the order of time. Rows are only ever added, and
-- their outcome filled in.
CREATE TABLE audit (
    id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    address TEXT NOT NULL,
    note TEXT
) WITHOUT ROWID;
