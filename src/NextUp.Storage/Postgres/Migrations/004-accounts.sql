-- Keys that accounts made for programs (the secret itself is not here, only its hash), and what operators and
-- administrators did.

CREATE TABLE api_key (
    id TEXT COLLATE "C" PRIMARY KEY,
    "user" TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    role BIGINT NOT NULL,
    scopes BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT
);

CREATE INDEX api_key_user ON api_key ("user");

CREATE TABLE audit (
    id UUID PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome BIGINT NOT NULL,
    address TEXT NOT NULL,
    note TEXT
);
