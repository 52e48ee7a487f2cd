//! Frames of the wires, in both directions.

/// A frame from a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboundFrame<'a> {
    /// A text frame.
    Text(&'a str),
    /// A binary frame, which no legacy protocol uses.
    Binary,
    /// A named event with a JSON payload, and optionally the id of the acknowledgement that the client
    /// expects.
    Event {
        /// Event name.
        name: &'a str,
        /// JSON payload.
        json: &'a str,
        /// Id to repeat in the acknowledgement.
        acknowledge: Option<u64>,
        /// Whether the frame has one binary attachment, which the driver keeps until the next frame.
        has_attachment: bool,
    },
}

/// A frame to a client. `T` holds its text: a driver that sends one frame to many clients shares the buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame<T = String> {
    /// A text frame.
    Text(T),
    /// A named event with a JSON payload.
    Event {
        /// Event name.
        name: &'static str,
        /// JSON payload.
        json: T,
    },
    /// The acknowledgement of an event.
    Acknowledgement {
        /// Id that the client sent with the event.
        of: u64,
        /// JSON payload.
        json: T,
    },
}

/// Encodes a value as JSON. Serialization fails only for maps with keys that are not strings, and frames have
/// no maps.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Encodes a value as a text frame of JSON.
pub(crate) fn text<T: serde::Serialize>(value: &T) -> Frame {
    Frame::Text(json(value))
}
