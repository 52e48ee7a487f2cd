//! Random numbers from the browser.

use hubbub_protocol::ClientId;
use leptos::prelude::window;

/// Creates a `client_id` for a message.
pub(crate) fn client_id() -> ClientId {
    ClientId::from_random_bytes(bytes())
}

/// Creates a seed for values that must only differ between clients.
pub(crate) fn seed() -> u64 {
    u64::from_le_bytes(bytes())
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // All browsers with WebAssembly provide this function; it fails only for more than 65,536 bytes.
    if let Ok(crypto) = window().crypto() {
        _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}
