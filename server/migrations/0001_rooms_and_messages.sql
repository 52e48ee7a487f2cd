-- Names this database. Positions of another database mean nothing here, and clients forget theirs when
-- the epoch changes.
CREATE TABLE server (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO server VALUES ('epoch', lower(hex(randomblob(16))));

CREATE TABLE users (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL             -- RFC 3339, UTC, milliseconds; so everywhere
) STRICT;

-- One browser. Its cookie holds a random token; here is only the token's SHA-256, so that a stolen copy
-- of this file opens no session.
CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL
) STRICT;

-- Who a browser may act as. The first is who it is when nobody says otherwise; a second window that types
-- another name gets another.
CREATE TABLE session_users (
    session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (session_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rooms (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE messages (
    id         INTEGER PRIMARY KEY,
    room_id    INTEGER NOT NULL REFERENCES rooms (id),
    seq        INTEGER NOT NULL,         -- the position in the room: 1, 2, 3 ... without gaps
    created_at TEXT NOT NULL,
    author_id  INTEGER NOT NULL REFERENCES users (id),
    author     TEXT NOT NULL,            -- the author's name at that time
    text       TEXT NOT NULL,
    client_id  TEXT NOT NULL,            -- the author's own name for the message, a UUID
    UNIQUE (room_id, seq),
    UNIQUE (author_id, client_id)        -- what makes sending again harmless
) STRICT;
