//! The browser's randomness.

use hubbub_protocol::ClientId;
use leptos::prelude::window;

/// A fresh name for a message.
pub(crate) fn client_id() -> ClientId {
    ClientId::from_random_bytes(bytes())
}

/// A seed for what only has to differ between clients.
pub(crate) fn seed() -> u64 {
    u64::from_le_bytes(bytes())
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Every browser that runs WebAssembly has it, and it fails only for more than 65,536 bytes.
    if let Ok(crypto) = window().crypto() {
        _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}
