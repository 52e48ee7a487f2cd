//! The first frame of the native wire.

use hubbub_protocol::{
    Appearance, Hello, IDLE_TIMEOUT_SECONDS, MAX_FRAME_BYTES, MAX_TEXT_BYTES, MAX_TEXT_CHARS,
    PROTOCOL_VERSION, User,
};

use crate::hub::Hub;

/// Returns the greeting of the native wire.
pub(super) fn hello(hub: &Hub, user: &User, appearance: Appearance) -> Hello {
    let small = |limit: usize| u32::try_from(limit).unwrap_or(u32::MAX);
    Hello {
        protocol: PROTOCOL_VERSION,
        server: hub.version().to_owned(),
        epoch: hub.store().epoch(),
        user: user.clone(),
        appearance,
        idle_timeout_seconds: IDLE_TIMEOUT_SECONDS,
        max_frame_bytes: small(MAX_FRAME_BYTES),
        max_text_chars: small(MAX_TEXT_CHARS),
        max_text_bytes: small(MAX_TEXT_BYTES),
    }
}
