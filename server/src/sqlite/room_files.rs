//! The files of a room by kind.

use hubbub_protocol::rest::RoomFile;
use hubbub_protocol::{FileId, MessageId, RoomId, Seq};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqlitePool};

use super::rows::{self, AttachmentRow, attachment_json};

/// The kinds of files that a list may be limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    All,
    /// Pictures that browsers show.
    Images,
    /// Audio and video.
    Media,
    /// All others.
    Documents,
}

impl FileKind {
    /// Parses the name of a kind.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "all" => Self::All,
            "images" => Self::Images,
            "media" => Self::Media,
            "documents" => Self::Documents,
            _ => return None,
        })
    }

    /// Returns the kind as the query below compares it; `None` for all kinds.
    const fn column(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Images => Some("images"),
            Self::Media => Some("media"),
            Self::Documents => Some("documents"),
        }
    }
}

/// Returns at most `limit` files before the file `before`, newest first, and whether there are more.
pub(super) async fn list(
    readers: &SqlitePool,
    room: RoomId,
    kind: FileKind,
    before: Option<FileId>,
    limit: u32,
) -> Result<(Vec<RoomFile>, bool), sqlx::Error> {
    let query = sqlx::query(concat!(
        "SELECT ",
        attachment_json!(),
        " AS attachment, messages.id AS message_id, messages.seq, messages.author_id, messages.author,
                messages.created_at
         FROM files JOIN messages ON messages.id = files.message_id
         WHERE files.room_id = ?1 AND files.message_id IS NOT NULL AND files.deleted_at IS NULL
           AND files.id < ?2
           AND (?3 IS NULL OR ?3 = CASE
                WHEN files.content_type LIKE 'image/%' AND files.content_type <> 'image/svg+xml' THEN 'images'
                WHEN files.content_type LIKE 'audio/%' OR files.content_type LIKE 'video/%' THEN 'media'
                ELSE 'documents' END)
         ORDER BY files.id DESC LIMIT ?4"
    ));
    let query = query.bind(room.0).bind(before.map_or(i64::MAX, |file| file.0)).bind(kind.column());
    let found = query.bind(i64::from(limit) + 1).fetch_all(readers).await?;
    let mut files = found.iter().map(file).collect::<Result<Vec<_>, _>>()?;
    let more = rows::truncate(&mut files, limit);
    Ok((files, more))
}

fn file(row: &SqliteRow) -> Result<RoomFile, sqlx::Error> {
    let attachment: String = row.try_get("attachment")?;
    Ok(RoomFile {
        file: rows::decode::<AttachmentRow<'_>>(&attachment)?.into(),
        message_id: MessageId(row.try_get("message_id")?),
        seq: Seq(row.try_get("seq")?),
        author: rows::user(row, "author_id", "author")?,
        at: rows::time(row, "created_at")?,
    })
}
