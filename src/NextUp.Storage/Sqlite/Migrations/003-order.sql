-- What moves a job in the line: the level it asked for, and the microseconds taken off its arrival in line_at.
ALTER TABLE job ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN head_start INTEGER NOT NULL DEFAULT 0;

-- What operators said of everything (scope 0, no name), a kind (1) or a user (2): the last word on each, who, and when.
CREATE TABLE pause (
    scope INTEGER NOT NULL,
    name TEXT NOT NULL,
    is_paused INTEGER NOT NULL,
    reason TEXT,
    said_by TEXT NOT NULL,
    said_at INTEGER NOT NULL,
    PRIMARY KEY (scope, name)
) WITHOUT ROWID;

-- How many jobs may run at once; null is what the settings say.
CREATE TABLE capacity (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    slots INTEGER,
    said_by TEXT NOT NULL,
    said_at INTEGER NOT NULL
);

INSERT INTO capacity VALUES (1, NULL, '', 0);
