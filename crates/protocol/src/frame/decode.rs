//! Reading what a client sent, with a refusal that names the field.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::ClientFrame;
use crate::{Field, Refusal, RequestId};

impl ClientFrame {
    /// Reads a frame from a client.
    ///
    /// # Errors
    /// The refusal to send back, and the request it answers where that could be read.
    pub fn decode(json: &str) -> Result<Self, (Option<RequestId>, Refusal)> {
        let mut reader = serde_json::Deserializer::from_str(json);
        let frame = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| (request_id(json), refusal(error.path(), error.inner())))?;
        reader.end().map_err(|error| (None, Refusal::not_understood(format!("not JSON: {error}"))))?;
        Ok(frame)
    }
}

/// The request id of a frame whose command could not be read.
fn request_id(json: &str) -> Option<RequestId> {
    #[derive(Deserialize)]
    struct Numbered {
        id: RequestId,
        #[serde(default, rename = "do")]
        _command: Option<IgnoredAny>,
    }
    serde_json::from_str::<Numbered>(json).ok().map(|frame| frame.id)
}

fn refusal(path: &serde_path_to_error::Path, error: &serde_json::Error) -> Refusal {
    let message = error.to_string();
    if error.classify() != Category::Data {
        return Refusal::not_understood(format!("not JSON: {message}"));
    }
    let mut fields = path.iter().filter_map(|segment| match segment {
        serde_path_to_error::Segment::Map { key } => Field::from_wire(key),
        _ => None,
    });
    let last = fields.next_back();
    // The command itself stands right in `do`; a value of its own set stands deeper.
    if message.starts_with("unknown variant") && matches!(last, None | Some(Field::Do)) {
        return Refusal::unknown_command(message);
    }
    if let Some(name) = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        return Field::from_wire(name)
            .map_or_else(|| Refusal::not_understood(message.clone()), Refusal::missing);
    }
    match last {
        Some(field) => Refusal::invalid(field, format!("{}: {message}", field.as_str())),
        None => Refusal::not_understood(message),
    }
}
