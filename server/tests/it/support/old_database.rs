//! A database as an older version of the program has left it.

use std::path::Path;

use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

/// Creates `folder/chat.db` with the tables of migration `version`, and returns a connection to fill them.
pub(crate) async fn old_database(folder: &Path, version: i64) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("chat.db")).create_if_missing(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let migrations = Migrator::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")).await.unwrap();
    migrations.run_direct(Some(version), &mut database, false).await.unwrap();
    database
}
