//! The real program, over real sockets.

mod accounts;
mod api;
mod attempts;
mod bounds;
mod clients;
mod clock;
mod cookies;
#[cfg(target_os = "linux")]
mod descriptors;
mod fan_out;
mod files;
mod foreign_values;
mod frame_floods;
mod hosts;
mod http;
mod kill;
mod limits;
mod log;
#[cfg(target_os = "linux")]
mod memory;
mod message_lifecycle;
mod names;
mod native_wire;
mod page_responses;
mod protocols;
mod public_texts;
mod reconnect;
mod restored;
mod rfc6455;
mod slow_peers;
mod startup;
mod storage;
mod store;
mod stored;
mod stored_names;
mod support;
mod terminal;
mod tokens;
mod unicode;
mod web;
mod wires;
