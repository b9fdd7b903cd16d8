CREATE TABLE user_table (
    id INTEGER PRIMARY KEY,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    records INTEGER NOT NULL DEFAULT 0,
    imports INTEGER NOT NULL DEFAULT 0,
    changed_at INTEGER NOT NULL,
    UNIQUE (user, name)
) STRICT;

CREATE TABLE import (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    job BLOB NOT NULL UNIQUE,
    user TEXT NOT NULL,
    table_id INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    state INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    settled_at INTEGER,
    row_no INTEGER NOT NULL,
    total INTEGER NOT NULL,
    inserted INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    blank INTEGER NOT NULL,
    plan TEXT NOT NULL,
    header TEXT NOT NULL,
    stores INTEGER NOT NULL
) STRICT;
CREATE INDEX import_of_user ON import (user, number);
CREATE INDEX import_of_table ON import (table_id, state, number);
CREATE UNIQUE INDEX import_aside ON import (table_id) WHERE state = 0;

-- Dropped and undone imports whose rows are still to be deleted.
CREATE TABLE import_to_purge (number INTEGER PRIMARY KEY, table_id INTEGER NOT NULL) STRICT;

CREATE TABLE record (
    import INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    content TEXT NOT NULL,
    -- The import whose row took this one's place.
    superseded_by INTEGER,
    -- The row whose place this one takes.
    replaces_import INTEGER,
    replaces_row INTEGER,
    PRIMARY KEY (import, row_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_superseded ON record (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE INDEX record_replaces ON record (replaces_import, replaces_row) WHERE replaces_import IS NOT NULL;

-- Values that must be unique in a table, by their marks.
CREATE TABLE mark (
    table_id INTEGER NOT NULL,
    mark BLOB NOT NULL,
    import INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    PRIMARY KEY (table_id, mark, import)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejected (
    import INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    line INTEGER NOT NULL,
    cells TEXT NOT NULL,
    errors TEXT NOT NULL,
    PRIMARY KEY (import, row_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile (
    id BLOB PRIMARY KEY,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (user, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE remembered (
    user TEXT NOT NULL,
    header TEXT NOT NULL,
    content TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (user, header)
) STRICT, WITHOUT ROWID;
