-- Lost attempts, when the first attempt began (written with the second), and when the job was set aside: three columns
-- that the life of a job without faults never writes.
ALTER TABLE job ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN first_started_at INTEGER;
ALTER TABLE job ADD COLUMN set_aside_at INTEGER;

CREATE INDEX job_set_aside ON job (set_aside_at) WHERE set_aside_at IS NOT NULL;

-- Jobs that came back after their end. Later jobs of their user do not know of them (job.lane_born), so whoever goes along
-- a user's open jobs, or their events, looks here as well; reopened of the user says whether there is anything to see.
CREATE TABLE reopened (
    user_key INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (user_key, seq)
) WITHOUT ROWID;

ALTER TABLE user ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0;
