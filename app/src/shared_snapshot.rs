//! Transfers the snapshot from the server to the browser.

use leptos::server::SharedValue;
use leptos::server::codee::{Decoder, Encoder};

use crate::snapshot::Snapshot;

/// On the server, writes the snapshot into the document; in the browser, reads it during hydration. `initial`
/// runs in the browser only if the snapshot cannot be read. Must be the first shared value of the page,
/// because both sides number shared values in order.
pub(crate) fn share(initial: impl FnOnce() -> Snapshot) -> Snapshot {
    SharedValue::<_, SnapshotCodec>::new_with_encoding(initial).into_inner()
}

/// Encodes with `serde_json` and decodes with the browser's JSON parser: the codecs of `codee` would add the
/// parser of `serde_json` to the program (`docs/decisions/0031-json-in-the-browser.md`).
struct SnapshotCodec;

impl Encoder<Snapshot> for SnapshotCodec {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(snapshot: &Snapshot) -> Result<String, serde_json::Error> {
        serde_json::to_string(snapshot)
    }
}

/// The text is not a snapshot of this version.
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
