-- The installation's own secrets, which every server of it must have: what signs tokens, cookies and page cursors. Who can
-- read this database can read everything anyway.
CREATE TABLE server_key (
    name TEXT COLLATE "C" PRIMARY KEY,
    content BYTEA NOT NULL
);
