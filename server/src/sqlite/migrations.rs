//! The migrations of the database, from the folder `server/migrations`.
//!
//! They are listed here and not by `sqlx::migrate!`, because the macros of sqlx compile SQLite and sqlx a second time, for the
//! compiler.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Version, description and statements of each migration. A released migration never changes: its checksum is stored in each
/// database.
const MIGRATIONS: [(i64, &str, &str); 8] = [
    (1, "rooms and messages", include_str!("../../migrations/0001_rooms_and_messages.sql")),
    (2, "life of a room", include_str!("../../migrations/0002_life_of_a_room.sql")),
    (3, "accounts", include_str!("../../migrations/0003_accounts.sql")),
    (4, "passing guests", include_str!("../../migrations/0004_passing_guests.sql")),
    (5, "lost positions", include_str!("../../migrations/0005_lost_positions.sql")),
    (6, "installation", include_str!("../../migrations/0006_installation.sql")),
    (7, "names", include_str!("../../migrations/0007_names.sql")),
    (8, "files", include_str!("../../migrations/0008_files.sql")),
];

/// Returns the migrator that brings a database of any version to the newest one.
pub(super) fn migrator() -> Migrator {
    let migrations = MIGRATIONS.map(|(version, description, statements)| {
        Migration::new(version, description.into(), MigrationType::Simple, statements.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.into())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use sqlx::migrate::Migrator;

    use super::migrator;

    #[tokio::test]
    async fn lists_every_file_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let files = Migrator::new(folder).await.unwrap();
        let entries = |migrator: &Migrator| -> Vec<_> {
            let entry =
                |it: &sqlx::migrate::Migration| (it.version, it.description.clone(), it.checksum.clone());
            migrator.iter().map(entry).collect()
        };
        assert_eq!(entries(&migrator()), entries(&files));
    }
}
