//! Accepts connections and turns them into requests and WebSockets.

pub(crate) mod client_address;
pub(crate) mod close_code_filter;
pub(crate) mod cookie;
mod forwarded;
pub(crate) mod handshake;
pub(crate) mod held_body;
pub(crate) mod host;
pub(crate) mod listener;
pub(crate) mod origin;
pub(crate) mod proxy;
pub(crate) mod timed_body;
pub(crate) mod timed_stream;
