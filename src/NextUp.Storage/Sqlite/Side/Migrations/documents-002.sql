-- A name that needs no quotes in PostgreSQL, where the same statements run.
ALTER TABLE document RENAME COLUMN user TO owner;
ALTER TABLE holding RENAME COLUMN user TO owner;
