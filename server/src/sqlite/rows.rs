//! Rows to values.

use hubbub_chat::StoreError;
use hubbub_protocol::{Message, MessageId, MessageText, Seq, User, UserId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// A row of `messages`.
pub(super) fn message(row: &SqliteRow) -> Result<Message, sqlx::Error> {
    Ok(Message {
        id: MessageId(row.try_get("id")?),
        seq: Seq(row.try_get("seq")?),
        author: user(row, "author_id", "author")?,
        client_id: parsed(row, "client_id", |text| text.parse().map_err(|_| "not a UUID".to_owned()))?,
        text: parsed(row, "text", |text| MessageText::parse(text).map_err(|refusal| refusal.message))?,
        at: parsed(row, "created_at", |text| text.parse().map_err(|_| "not a time".to_owned()))?,
    })
}

/// A user's id and name from two columns.
pub(super) fn user(row: &SqliteRow, id: &str, name: &str) -> Result<User, sqlx::Error> {
    let id = UserId(row.try_get(id)?);
    Ok(User { id, name: super::stored_name(id, row.try_get(name)?) })
}

/// Logs what went wrong, once, where it is known, and tells the rest only that it did.
#[expect(clippy::needless_pass_by_value, reason = "it is the end of the error's way, and used with map_err")]
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    tracing::error!(%error, "storage failed");
    StoreError(error.to_string())
}

fn parsed<T>(
    row: &SqliteRow,
    column: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<T, sqlx::Error> {
    parse(row.try_get(column)?)
        .map_err(|why| sqlx::Error::ColumnDecode { index: column.to_owned(), source: why.into() })
}
