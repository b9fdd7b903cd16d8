-- Sign-ins that were ended before they ran out. The highest number is never deleted, so no number is given twice.
CREATE TABLE sign_out (
    sign_in TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    until INTEGER NOT NULL
) WITHOUT ROWID;
