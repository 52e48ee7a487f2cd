-- What changes after a message was posted, and who belongs where.

ALTER TABLE rooms ADD COLUMN topic TEXT NOT NULL DEFAULT '';

-- How a user appears to others.
ALTER TABLE users ADD COLUMN status TEXT NOT NULL DEFAULT 'online';
ALTER TABLE users ADD COLUMN share_reads INTEGER NOT NULL DEFAULT 1;

-- A message as it is now. `version` is the position of the last event that changed it; a message that was taken
-- back has an empty text and a `deleted_at`.
ALTER TABLE messages ADD COLUMN version    INTEGER;
ALTER TABLE messages ADD COLUMN edited_at  TEXT;
ALTER TABLE messages ADD COLUMN deleted_at TEXT;
ALTER TABLE messages ADD COLUMN reply_to   INTEGER REFERENCES messages (id);

-- Every event that is not a post. Together with the posts in `messages`, the positions of a room have no gap.
CREATE TABLE events (
    room_id    INTEGER NOT NULL REFERENCES rooms (id),
    seq        INTEGER NOT NULL,
    kind       TEXT NOT NULL,            -- edited, deleted, reacted, unreacted, joined, left, described
    created_at TEXT NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    user       TEXT NOT NULL,            -- the user's name at that time
    message_id INTEGER REFERENCES messages (id),
    text       TEXT,                     -- the new text, the emoji or the topic
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;

-- The lines of a room that are no messages; a page of history looks for them.
CREATE INDEX notices ON events (room_id, seq) WHERE kind IN ('joined', 'left', 'described');
CREATE INDEX events_of_message ON events (message_id) WHERE message_id IS NOT NULL;

-- What a message said before it was edited, for its author.
CREATE TABLE edits (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    number     INTEGER NOT NULL,         -- 1, 2, 3 ...
    text       TEXT NOT NULL,
    since      TEXT NOT NULL,
    PRIMARY KEY (message_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE reactions (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    emoji      TEXT NOT NULL,
    since      INTEGER NOT NULL,         -- the position since which somebody has had this emoji there
    seq        INTEGER NOT NULL,         -- the position since which this user has
    user_id    INTEGER NOT NULL REFERENCES users (id),
    user       TEXT NOT NULL,
    PRIMARY KEY (message_id, emoji, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    room_id  INTEGER NOT NULL REFERENCES rooms (id),
    user_id  INTEGER NOT NULL REFERENCES users (id),
    since    TEXT NOT NULL,
    read_seq INTEGER NOT NULL,           -- the last position read
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX rooms_of_member ON members (user_id, room_id);

-- Whoever has spoken in a room belongs to it.
INSERT INTO members (room_id, user_id, since, read_seq)
SELECT room_id, author_id, min(created_at),
       (SELECT max(seq) FROM messages AS newest WHERE newest.room_id = messages.room_id)
FROM messages GROUP BY room_id, author_id;
