-- What the estimate learned of each kind, in the estimate's own form (LearnedContent.cs). One small row a kind, written
-- at most once a minute with whatever the queue writes then.
CREATE TABLE learned (
    kind TEXT PRIMARY KEY,
    content BLOB NOT NULL
) WITHOUT ROWID;
