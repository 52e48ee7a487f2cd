-- Who came without a session, on one of the older wires: nobody can come back as them. They leave their rooms when
-- their connection ends; whom a crash left behind, the next start makes leave.
ALTER TABLE users ADD COLUMN passing INTEGER NOT NULL DEFAULT 0;

CREATE INDEX passing_users ON users (id) WHERE passing = 1;
