//! Decoding of client frames, with refusals that name the field.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::ClientFrame;
use crate::{Field, Refusal, RequestId, read_json};

impl ClientFrame {
    /// Decodes a frame of a client.
    ///
    /// # Errors
    /// The refusal to send, and the id of the request if it could be read.
    pub fn decode(json: &str) -> Result<Self, (Option<RequestId>, Refusal)> {
        read_json(json, Field::Frame).map_err(|refusal| (request_id(json), refusal))
    }
}

/// Returns the request id of a frame whose command could not be read.
fn request_id(json: &str) -> Option<RequestId> {
    #[derive(Deserialize)]
    struct Numbered {
        id: RequestId,
        #[serde(default, rename = "do")]
        _command: Option<IgnoredAny>,
    }
    serde_json::from_str::<Numbered>(json).ok().map(|frame| frame.id)
}
