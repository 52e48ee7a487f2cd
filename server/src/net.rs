//! From a listening socket to requests and WebSockets.

pub(crate) mod handshake;
pub(crate) mod listener;
pub(crate) mod origin;
pub(crate) mod proxy;
pub(crate) mod timed_body;
pub(crate) mod timed_stream;
