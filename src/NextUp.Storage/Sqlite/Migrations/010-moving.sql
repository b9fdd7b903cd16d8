-- 1 while finished jobs of an adopted visitor are still on their way to the account.
ALTER TABLE user ADD COLUMN is_moving INTEGER NOT NULL DEFAULT 0;

CREATE INDEX user_moving ON user (user_key) WHERE is_moving = 1;
