-- A job that waits in its lane enters the line by an update of its row alone, and neighbours in the line share pages of
-- the index: in the order of users each of them would dirty a page of its own.

DROP INDEX job_open;
DROP INDEX job_held;

-- The unique slot: of one user and kind, each place is filled once. Null places (held, finished, or no limit) are not
-- in it.
CREATE UNIQUE INDEX job_place ON job (user_key, kind_key, place) WHERE place IS NOT NULL;

-- Unfinished jobs in the order of sequences: the way to the queue at start-up.
CREATE INDEX job_unfinished ON job (is_open) WHERE is_open = 1;
