//! The way of a snapshot from the server to the browser.

use leptos::server::SharedValue;
use leptos::server::codee::{Decoder, Encoder};

use crate::snapshot::Snapshot;

/// Writes the snapshot into the document on the server, and reads it from there while the browser takes the document
/// over; `initial` runs in the browser only if it cannot be read. It must be the first value of the page that is
/// shared, because both sides number these values in their order.
pub(crate) fn share(initial: impl FnOnce() -> Snapshot) -> Snapshot {
    SharedValue::<_, SnapshotCodec>::new_with_encoding(initial).into_inner()
}

/// JSON, written by `serde_json` and read by the browser's own parser: the codecs of `codee` would bring the parser of
/// `serde_json` into the program (`docs/decisions/0031-json-in-the-browser.md`).
struct SnapshotCodec;

impl Encoder<Snapshot> for SnapshotCodec {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(snapshot: &Snapshot) -> Result<String, serde_json::Error> {
        serde_json::to_string(snapshot)
    }
}

/// The text holds no snapshot of this version.
#[derive(Debug)]
struct Unreadable;

impl Decoder<Snapshot> for SnapshotCodec {
    type Error = Unreadable;
    type Encoded = str;

    #[cfg(feature = "hydrate")]
    fn decode(json: &str) -> Result<Snapshot, Unreadable> {
        crate::browser::json::read(json).ok_or(Unreadable)
    }

    #[cfg(not(feature = "hydrate"))]
    fn decode(_: &str) -> Result<Snapshot, Unreadable> {
        Err(Unreadable)
    }
}
