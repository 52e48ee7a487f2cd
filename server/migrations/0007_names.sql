-- How names are compared; the program computes it (see `sqlite/names.rs`), for older rows at its next start.

-- The name without what makes no difference: case, width, composition, invisible characters. Accounts of older
-- versions may share one.
ALTER TABLE users ADD COLUMN name_key TEXT;
CREATE INDEX accounts_by_name_key ON users (name_key) WHERE account_name IS NOT NULL;
CREATE INDEX users_without_name_key ON users (id) WHERE name_key IS NULL AND passing = 0;

-- What a name looks like: names that share one can be taken for each other. Not unique, because older versions let
-- such names in.
CREATE TABLE name_looks (
    look    TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (look, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX looks_of_user ON name_looks (user_id);
