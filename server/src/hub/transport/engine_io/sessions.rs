//! The sessions that go by polling: only their requests have to find them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Mailbox;

/// The open sessions by their id. As many as the limits on connections allow, because each holds a place there.
#[derive(Clone, Default)]
pub(crate) struct Sessions {
    // Held for a look or a change, never across an await.
    open: Arc<Mutex<HashMap<String, Mailbox>>>,
}

/// Keeps a session findable until it is dropped.
pub(crate) struct Registration {
    sessions: Sessions,
    sid: String,
}

/// A new id, which nobody can guess: whoever knows it can speak for the session.
pub(crate) fn new_sid() -> String {
    format!("{:032x}", rand::random::<u128>())
}

impl Sessions {
    pub(crate) fn register(&self, sid: String, mailbox: Mailbox) -> Registration {
        self.open().insert(sid.clone(), mailbox);
        Registration { sessions: self.clone(), sid }
    }

    pub(crate) fn find(&self, sid: &str) -> Option<Mailbox> {
        self.open().get(sid).cloned()
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Mailbox>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mailbox = self.sessions.open().remove(&self.sid);
        // Also if the session's task broke: no request waits for a session that is gone.
        if let Some(mailbox) = mailbox {
            mailbox.close();
        }
    }
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").field("open", &self.open().len()).finish()
    }
}
