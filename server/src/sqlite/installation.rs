//! What the database knows about the server that it belongs to.

use sqlx::SqlitePool;

/// The id of the installation, made with the database: eight hexadecimal digits.
pub(super) async fn id(readers: &SqlitePool) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("SELECT value FROM server WHERE key = 'installation'").fetch_one(readers).await
}
