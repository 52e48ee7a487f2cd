//! Reads the frames of the server. This code is a lazy part, because the page is interactive before the first frame
//! arrives: the browser loads it while the socket is being opened.

use hubbub_client::{Client, Millis};

use super::json;
use crate::lazy_part::lazy_part;

/// Decodes the text of a frame and passes it to the client. A pointer, because the code is in the lazy part.
pub(crate) type Receive = fn(&mut Client, &str, Millis);

lazy_part! {
    file frames, preload _preload;
    pub(crate) fn receiver() -> Receive { receive }
}

/// Passes the text of a frame to the client.
fn receive(client: &mut Client, text: &str, now: Millis) {
    match json::read(text) {
        Some(frame) => client.on_frame(frame, now),
        None => client.on_unreadable_frame(now),
    }
}
