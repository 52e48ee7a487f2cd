//! Helpers that start the program, sign users in and use sockets.

pub(crate) mod api;
pub(crate) mod chat;
pub(crate) mod driver;
pub(crate) mod files;
pub(crate) mod old_database;
pub(crate) mod page;
pub(crate) mod peer;
pub(crate) mod program;
pub(crate) mod pty;
pub(crate) mod raw;
pub(crate) mod schema;
pub(crate) mod socket;

pub(crate) use api::Api;
pub(crate) use old_database::old_database;
pub(crate) use peer::Peer;
pub(crate) use program::{Guest, Program};
pub(crate) use socket::Socket;

/// Time after which a test fails. It is long, because machines may be busy; no test waits for it to pass.
pub(crate) const TEST_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(20);
