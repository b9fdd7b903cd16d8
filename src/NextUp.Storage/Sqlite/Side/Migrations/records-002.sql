-- A name that needs no quotes in PostgreSQL, where the same statements run.
ALTER TABLE user_table RENAME COLUMN user TO owner;
ALTER TABLE import RENAME COLUMN user TO owner;
ALTER TABLE profile RENAME COLUMN user TO owner;
ALTER TABLE remembered RENAME COLUMN user TO owner;
