-- Accounts, and sessions that are listed and ended.

-- An account is a user with a password: an Argon2id hash (PHC string). `account_name` is the name in lower case,
-- which no other account has.
ALTER TABLE users ADD COLUMN password     TEXT;
ALTER TABLE users ADD COLUMN account_name TEXT;
ALTER TABLE users ADD COLUMN removed_at   TEXT;
CREATE UNIQUE INDEX account_names ON users (account_name) WHERE account_name IS NOT NULL;

-- Sessions anew, because their numbers must never be given twice: a signed token names its session by number,
-- and must not come back to life with the next one.
CREATE TABLE new_sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    seen_at    TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    device     TEXT NOT NULL DEFAULT ''  -- what the browser or program calls itself
) STRICT;
INSERT INTO new_sessions (id, token_hash, created_at, seen_at, expires_at)
SELECT id, token_hash, created_at, created_at, strftime('%Y-%m-%dT%H:%M:%fZ', created_at, '+365 days') FROM sessions;

-- Who a session may act as: a browser's guests, or one account.
CREATE TABLE new_session_users (
    session_id INTEGER NOT NULL REFERENCES new_sessions (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (session_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_session_users SELECT session_id, user_id FROM session_users;

DROP TABLE session_users;
DROP TABLE sessions;
ALTER TABLE new_sessions RENAME TO sessions;
ALTER TABLE new_session_users RENAME TO session_users;
CREATE INDEX sessions_of_user ON session_users (user_id);
