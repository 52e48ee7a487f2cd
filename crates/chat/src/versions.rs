//! The permission to read former texts of a message.

use hubbub_protocol::{Field, Refusal, UserId, Version};

/// Returns the former texts of a message for a member of its room, from the result of [`crate::Store::edits`].
/// Only the author may read them.
///
/// # Errors
/// A refusal if the message does not exist or has another author.
pub fn versions_for(reader: UserId, found: Option<(UserId, Vec<Version>)>) -> Result<Vec<Version>, Refusal> {
    match found {
        Some((author, versions)) if author == reader => Ok(versions),
        Some(_) => Err(Refusal::not_yours()),
        None => Err(Refusal::not_found(Field::MessageId)),
    }
}
