//! The parts of a form of files that are no files.

use axum::extract::multipart::Field as Part;
use hubbub_protocol::{ClientId, Field, MAX_TEXT_BYTES, MessageId, Refusal};

use super::form_body::UnparsedBytes;
use super::upload_form::FILE_PART;
use crate::web::http::problem::Problem;

/// The parts of a form that describe the message with its files.
#[derive(Debug, Default)]
pub(super) struct TextParts {
    pub(super) text: Option<String>,
    pub(super) client_id: Option<ClientId>,
    pub(super) reply_to: Option<MessageId>,
    post: bool,
}

impl TextParts {
    /// Whether the files are posted at once.
    pub(super) const fn is_post(&self) -> bool {
        self.post || self.text.is_some()
    }

    /// Reads a part. `has_files` is whether a file stands before it.
    ///
    /// # Errors
    /// If the part is not known or not valid.
    pub(super) async fn read(
        &mut self,
        part: Part<'_>,
        has_files: bool,
        unparsed: &UnparsedBytes,
    ) -> Result<(), Problem> {
        match part.name() {
            Some("text") => self.text = Some(value(part, Field::Text, unparsed).await?),
            Some("client_id") if has_files => {
                return Err(Refusal::invalid(Field::ClientId, "client_id must stand before the files").into());
            }
            Some("client_id") => {
                let id = value(part, Field::ClientId, unparsed).await?;
                let rule = |_| Refusal::invalid(Field::ClientId, "client_id must be a UUID");
                self.client_id = Some(id.trim().parse().map_err(rule)?);
            }
            Some("reply_to") => {
                let id = value(part, Field::ReplyTo, unparsed).await?;
                let rule = |_| Refusal::invalid(Field::ReplyTo, "reply_to must be an integer");
                self.reply_to = Some(MessageId(id.trim().parse().map_err(rule)?));
            }
            Some("post") => {
                self.post = match value(part, Field::Body, unparsed).await?.trim() {
                    "true" | "1" | "on" => true,
                    "false" | "0" | "" => false,
                    _ => return Err(Refusal::invalid(Field::Body, "post must be true or false").into()),
                }
            }
            _ => {
                let rule =
                    format!("the parts of the form must be {FILE_PART}, text, post, client_id or reply_to");
                return Err(Refusal::invalid(Field::Body, rule).into());
            }
        }
        Ok(())
    }
}

/// Reads the text of a part.
async fn value(mut part: Part<'_>, field: Field, unparsed: &UnparsedBytes) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|error| Problem::malformed_body(&error.body_text()))? {
        unparsed.taken();
        if bytes.len() + piece.len() > MAX_TEXT_BYTES {
            return Err(Refusal::too_long(field, MAX_TEXT_BYTES, "bytes").into());
        }
        bytes.extend_from_slice(&piece);
    }
    let rule = |_| Refusal::invalid(field, format!("{} must be valid UTF-8", field.as_str()));
    Ok(String::from_utf8(bytes).map_err(rule)?)
}
