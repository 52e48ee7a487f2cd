//! Guests who only pass: who comes on an older wire and brings no identity. They have no session, so nobody can come
//! back as them; when their connection ends they leave.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hubbub_chat::text::user_name;
use hubbub_chat::{PendingEvent, RoomCommand, Store, StoreError};
use hubbub_protocol::{Refusal, RoomName, User, UserName};
use tokio::sync::OnceCell;

use super::name_choice;
use crate::clock::wall_time;
use crate::hub::Hub;
use crate::sqlite::SqliteStore;

/// Memberships ended in one transaction on start.
const MEMBERSHIPS_AT_ONCE: u32 = 1_000;

/// Those who are present under a key that several connections share.
#[derive(Clone, Debug, Default)]
pub(crate) struct PassingGuests {
    // Held for a look-up or a change, never across an await.
    sharing: Arc<Mutex<HashMap<Key, Arc<Shared>>>>,
}

/// What the web form's script calls its user, and the room it is in: several connections that name the same are one
/// person.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) room: RoomName,
    pub(crate) user: String,
}

/// One person on several connections.
#[derive(Debug, Default)]
struct Shared {
    /// Made by the first connection, while the others wait.
    user: OnceCell<User>,
}

/// Held by the connection of such a guest.
#[derive(Debug)]
pub(crate) enum Passing {
    /// Whose only connection it is.
    Alone,
    /// Who may have further ones.
    Sharing(Place),
}

/// A connection's share of a person.
#[derive(Debug)]
pub(crate) struct Place {
    guests: PassingGuests,
    key: Key,
    shared: Option<Arc<Shared>>,
}

impl PassingGuests {
    /// The person of that key: whoever is present under it, else a new guest called `wish`.
    ///
    /// # Errors
    /// When storage fails.
    pub(crate) async fn come(
        &self,
        hub: &Hub,
        key: Key,
        wish: Option<&UserName>,
    ) -> Result<(User, Passing), StoreError> {
        let shared = Arc::clone(self.sharing().entry(key.clone()).or_default());
        let place = Place { guests: self.clone(), key, shared: Some(Arc::clone(&shared)) };
        // The block owns its share: after a failure the place must be the last one, or the key would stay for ever.
        let user = async move { shared.user.get_or_try_init(|| guest(hub, wish)).await.cloned() }.await?;
        Ok((user, Passing::Sharing(place)))
    }

    fn sharing(&self) -> MutexGuard<'_, HashMap<Key, Arc<Shared>>> {
        self.sharing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Passing {
    /// Whether the guest may still choose a name, which is nobody else's business.
    pub(crate) const fn may_rename(&self) -> bool {
        matches!(self, Self::Alone)
    }

    /// The connection ends. Whether the person is gone with it.
    pub(crate) fn ends(self) -> bool {
        match self {
            Self::Alone => true,
            Self::Sharing(mut place) => place.give_back(),
        }
    }
}

impl Place {
    /// Whether it was the last one.
    fn give_back(&mut self) -> bool {
        let Some(shared) = self.shared.take() else { return false };
        let mut sharing = self.guests.sharing();
        // This one and the table's own: there are no others, and while the table is locked none can come.
        let last = Arc::strong_count(&shared) <= 2;
        if last {
            sharing.remove(&self.key);
        }
        drop(shared);
        last
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// A new guest of that name, with a number if it could be taken for another's; without a wish, of a generated one.
///
/// # Errors
/// When storage fails.
pub(crate) async fn guest(hub: &Hub, wish: Option<&UserName>) -> Result<User, StoreError> {
    let generated = UserName::generated(rand::random());
    let name = name_choice::choose(hub, wish.unwrap_or(&generated), None).await?;
    let user = hub.store().create_passing(name, wall_time()).await?;
    hub.names().reserve(&user.name, Some(user.id), hub.clock().now());
    Ok(user)
}

/// Gives a present guest another name, with a number if it could be taken for another's.
///
/// # Errors
/// A refusal, when the name cannot be one or storage fails.
pub(crate) async fn rename(hub: &Hub, user: &User, wish: &UserName) -> Result<User, Refusal> {
    let wish = user_name(wish.as_str())?;
    let unavailable = |_| Refusal::unavailable();
    let name = name_choice::choose(hub, &wish, Some(user.id)).await.map_err(unavailable)?;
    hub.store().rename_passing(user.id, name.clone()).await.map_err(unavailable)?;
    hub.names().connect(&name, user.id);
    hub.names().disconnect(&user.name, user.id);
    Ok(User { id: user.id, name })
}

/// Lets those leave whom a crash has left behind.
///
/// # Errors
/// When storage fails.
pub(crate) async fn sweep(store: &SqliteStore) -> Result<(), StoreError> {
    loop {
        let left_behind = store.passing_memberships(MEMBERSHIPS_AT_ONCE).await?;
        if left_behind.is_empty() {
            return Ok(());
        }
        let leave = |(room, by)| PendingEvent {
            room,
            by,
            at: wall_time(),
            command: RoomCommand::Leave { silent: false },
        };
        store.append(left_behind.into_iter().map(leave).collect()).await?;
    }
}
