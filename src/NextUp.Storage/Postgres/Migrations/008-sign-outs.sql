-- Sign-ins that were ended before they ran out. The highest number is never deleted, so no number is given twice.
CREATE TABLE sign_out (
    sign_in TEXT COLLATE "C" PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    until BIGINT NOT NULL
);
