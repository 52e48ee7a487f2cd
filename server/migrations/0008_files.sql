-- Attachments of messages, and uploads that may become attachments. The content is outside the database, under
-- `storage_key`.
CREATE TABLE files (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id     INTEGER NOT NULL REFERENCES users (id),
    room_id      INTEGER NOT NULL REFERENCES rooms (id),
    upload_id    TEXT NOT NULL,          -- id that the owner's client gave to the upload, a UUID
    message_id   INTEGER REFERENCES messages (id),   -- NULL until a message has the file
    position     INTEGER,                -- place in the message, 0 first
    storage_key  TEXT NOT NULL UNIQUE,   -- name of the stored object: 32 random hexadecimal digits
    name         TEXT NOT NULL,
    size         INTEGER NOT NULL,       -- bytes of the whole file
    received     INTEGER NOT NULL DEFAULT 0,   -- bytes that are stored
    content_type TEXT NOT NULL DEFAULT '',     -- found from the content
    sha256       TEXT,                   -- of the content, 64 hexadecimal digits
    width        INTEGER,                -- in pixels, as the picture is shown
    height       INTEGER,
    preview      TEXT,                   -- data URL without `data:`
    created_at   TEXT NOT NULL,
    completed_at TEXT,                   -- time when all facts about the content were known; only then may it be posted
    deleted_at   TEXT,                   -- the object is removed soon afterwards, then the row
    UNIQUE (owner_id, upload_id)
) STRICT;

CREATE INDEX files_of_message ON files (message_id, position) WHERE message_id IS NOT NULL;
CREATE INDEX files_of_room ON files (room_id, id) WHERE message_id IS NOT NULL;
CREATE INDEX files_without_message ON files (created_at) WHERE message_id IS NULL;
-- Answers how much space the files of a user take.
CREATE INDEX files_in_use ON files (owner_id, size, message_id) WHERE deleted_at IS NULL;
CREATE INDEX deleted_files ON files (deleted_at) WHERE deleted_at IS NOT NULL;

-- Number of attachments, so that a message without attachments needs no look-up.
ALTER TABLE messages ADD COLUMN files INTEGER NOT NULL DEFAULT 0;
-- Ids of the attachments that an edit removed: a JSON array.
ALTER TABLE events ADD COLUMN removed_files TEXT;
