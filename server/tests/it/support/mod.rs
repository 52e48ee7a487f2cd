//! How the stories start the program, sign people in and talk over sockets.

pub(crate) mod api;
pub(crate) mod chat;
pub(crate) mod driver;
pub(crate) mod peer;
pub(crate) mod program;
pub(crate) mod pty;
pub(crate) mod raw;
pub(crate) mod schema;
pub(crate) mod socket;

pub(crate) use api::Api;
pub(crate) use peer::Peer;
pub(crate) use program::{Guest, Program};
pub(crate) use socket::Socket;

/// How long anything may take before a test fails: long, because machines are busy; nothing waits for it.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
