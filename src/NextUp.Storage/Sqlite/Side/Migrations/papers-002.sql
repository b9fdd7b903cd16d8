-- A name that needs no quotes in PostgreSQL, where the same statements run.
ALTER TABLE paper RENAME COLUMN user TO owner;
ALTER TABLE aside RENAME COLUMN user TO owner;
ALTER TABLE syllabus RENAME COLUMN user TO owner;

-- The attempt in which the job completed, so that an earlier one which comes back late is known. 0 where it was not kept.
ALTER TABLE paper ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
