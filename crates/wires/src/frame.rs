//! What travels on a wire.

/// Something a peer has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboundFrame<'a> {
    /// A text frame.
    Text(&'a str),
    /// A binary frame, which no wire of ours has.
    Binary,
    /// A named event with its payload as JSON, and whether the peer waits for an acknowledgement.
    Event {
        /// Its name.
        name: &'a str,
        /// Its payload.
        json: &'a str,
        /// Comes back with the acknowledgement.
        acknowledge: Option<u64>,
    },
}

/// Something for a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A text frame.
    Text(String),
    /// A named event with its payload as JSON.
    Event {
        /// Its name.
        name: &'static str,
        /// Its payload.
        json: String,
    },
    /// What a peer waits for that wanted an acknowledgement.
    Acknowledgement {
        /// Which one.
        of: u64,
        /// The payload.
        json: String,
    },
}

/// Serialising fails only for maps with keys that are not strings, and frames have no maps.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A value as a text frame of JSON.
pub(crate) fn text<T: serde::Serialize>(value: &T) -> Frame {
    Frame::Text(json(value))
}
