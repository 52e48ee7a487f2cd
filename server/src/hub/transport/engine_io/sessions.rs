//! The registry of polling sessions, in which HTTP requests find their session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Mailbox;

/// The open sessions by their id. The connection limits also bound this map, because each session holds a connection
/// permit.
#[derive(Clone, Default)]
pub(crate) struct EngineIoSessions {
    // Held only for a look-up or a change, never across an await.
    open: Arc<Mutex<HashMap<String, Mailbox>>>,
}

/// Keeps a session in the registry until it is dropped.
pub(crate) struct SessionRegistration {
    sessions: EngineIoSessions,
    sid: String,
}

/// Returns a new session id of 128 random bits. It must be unguessable, because a client that knows it can act for the
/// session.
pub(crate) fn new_sid() -> String {
    format!("{:032x}", rand::random::<u128>())
}

impl EngineIoSessions {
    pub(crate) fn register(&self, sid: String, mailbox: Mailbox) -> SessionRegistration {
        self.open().insert(sid.clone(), mailbox);
        SessionRegistration { sessions: self.clone(), sid }
    }

    pub(crate) fn find(&self, sid: &str) -> Option<Mailbox> {
        self.open().get(sid).cloned()
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Mailbox>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SessionRegistration {
    fn drop(&mut self) {
        let mailbox = self.sessions.open().remove(&self.sid);
        // This code also runs if the session's task panicked, so that no request waits for a session that has ended.
        if let Some(mailbox) = mailbox {
            mailbox.close();
        }
    }
}

impl std::fmt::Debug for EngineIoSessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").field("open", &self.open().len()).finish()
    }
}
