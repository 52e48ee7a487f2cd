//! Data about the server to which the database belongs.

use sqlx::SqlitePool;

/// Returns the id of the installation, created with the database: eight hexadecimal digits.
pub(super) async fn id(readers: &SqlitePool) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("SELECT value FROM server WHERE key = 'installation'").fetch_one(readers).await
}
