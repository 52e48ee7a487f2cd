//! Reading what a client sent, with a refusal that names the field.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::ClientFrame;
use crate::{Field, Refusal, RequestId, read_json};

impl ClientFrame {
    /// Reads a frame from a client.
    ///
    /// # Errors
    /// The refusal to send back, and the request it answers where that could be read.
    pub fn decode(json: &str) -> Result<Self, (Option<RequestId>, Refusal)> {
        read_json(json, Field::Frame).map_err(|refusal| (request_id(json), refusal))
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
