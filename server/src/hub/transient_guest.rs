//! Transient guests: anonymous clients of legacy protocols. They get a row in `users` but no session, so they cannot
//! reconnect as the same user, and they leave when their connection ends.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hubbub_chat::text::user_name;
use hubbub_chat::{
    PendingEvent, RequestOrigin, Room, RoomChange, RoomCommand, RoomRequest, Store, StoreError,
};
use hubbub_protocol::{Refusal, RoomId, RoomName, User, UserName};
use tokio::sync::OnceCell;

use super::{Hub, name_choice};
use crate::clock::wall_time;
use crate::sqlite::SqliteStore;

/// Maximum number of memberships that are ended in one transaction at start.
const MEMBERSHIPS_AT_ONCE: u32 = 1_000;

/// The transient guests that several connections share, by their key.
#[derive(Clone, Debug, Default)]
pub(crate) struct TransientGuests {
    // Held only for a look-up or a change, never across an await.
    sharing: Arc<Mutex<HashMap<SharedGuestKey, Arc<SharedGuest>>>>,
}

/// The user name and the room that the script of the web form sends. Connections with the same key are one user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SharedGuestKey {
    pub(crate) room: RoomName,
    pub(crate) user: String,
}

/// One user on several connections.
#[derive(Debug, Default)]
struct SharedGuest {
    /// The user. The first connection creates the user, while other connections wait.
    user: OnceCell<User>,
}

/// Lets a connection act as a transient guest; held until the connection ends.
#[derive(Debug)]
pub(crate) enum TransientGuest {
    /// The guest has only this connection.
    Exclusive,
    /// The guest may have further connections.
    Shared(GuestShare),
}

/// The share of one connection in a user.
#[derive(Debug)]
pub(crate) struct GuestShare {
    guests: TransientGuests,
    key: SharedGuestKey,
    shared: Option<Arc<SharedGuest>>,
}

impl TransientGuests {
    /// Returns the user with this key: an existing one, or a new guest with the requested name.
    ///
    /// # Errors
    /// If storage fails.
    pub(crate) async fn join(
        &self,
        hub: &Hub,
        key: SharedGuestKey,
        requested: Option<&UserName>,
    ) -> Result<(User, TransientGuest), StoreError> {
        let shared = Arc::clone(self.sharing().entry(key.clone()).or_default());
        let share = GuestShare { guests: self.clone(), key, shared: Some(Arc::clone(&shared)) };
        // The block owns its `Arc` and drops it at the end. After a failure, `share` is then the last owner outside the
        // map and removes the key.
        let user =
            async move { shared.user.get_or_try_init(|| guest(hub, requested)).await.cloned() }.await?;
        Ok((user, TransientGuest::Shared(share)))
    }

    fn sharing(&self) -> MutexGuard<'_, HashMap<SharedGuestKey, Arc<SharedGuest>>> {
        self.sharing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TransientGuest {
    /// Whether the guest may still choose a name. With a shared guest, it would rename other connections too.
    pub(crate) const fn may_rename(&self) -> bool {
        matches!(self, Self::Exclusive)
    }

    /// Ends the share of this connection, and returns whether the user leaves with it.
    pub(crate) fn release(self) -> bool {
        match self {
            Self::Exclusive => true,
            Self::Shared(mut share) => share.leave(),
        }
    }
}

impl GuestShare {
    /// Ends the share of this connection. Returns whether it was the guest's last connection.
    fn leave(&mut self) -> bool {
        let Some(shared) = self.shared.take() else { return false };
        let mut sharing = self.guests.sharing();
        // Two owners are this share and the map; while the map is locked, no further owner can be added.
        let last = Arc::strong_count(&shared) <= 2;
        if last {
            sharing.remove(&self.key);
        }
        drop(shared);
        last
    }
}

impl Drop for GuestShare {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Creates a guest with the requested name, with a number if it looks like another user's; without a request, with a
/// generated name.
///
/// # Errors
/// If storage fails.
pub(crate) async fn guest(hub: &Hub, requested: Option<&UserName>) -> Result<User, StoreError> {
    let generated = UserName::generated(rand::random());
    let requested = requested.unwrap_or(&generated);
    // Most names are free. The store compares the name with those of absent users when it creates the guest, which saves
    // a read before it.
    let user = match name_choice::reserve_among_present(hub, requested) {
        true => hub.store().create_transient_guest(requested.clone(), wall_time()).await?,
        false => None,
    };
    let user = match user {
        Some(user) => user,
        None => {
            let name = hub.choose_name(requested, None).await?;
            let user = hub.store().create_transient_guest(name, wall_time()).await?;
            user.ok_or_else(|| StoreError("another user received the chosen name meanwhile".to_owned()))?
        }
    };
    hub.names().reserve(&user.name, Some(user.id), hub.clock().now());
    Ok(user)
}

/// Renames a connected guest, with a number if the name looks like another user's.
///
/// # Errors
/// A refusal if the name is invalid or storage fails.
pub(crate) async fn rename(hub: &Hub, user: &User, requested: &UserName) -> Result<User, Refusal> {
    let requested = user_name(requested.as_str())?;
    let unavailable = |_| Refusal::unavailable();
    let name = hub.choose_name(&requested, Some(user.id)).await.map_err(unavailable)?;
    hub.store().rename_transient_guest(user.id, name.clone()).await.map_err(unavailable)?;
    hub.names().connect(&name, user.id);
    hub.names().disconnect(&user.name, user.id);
    Ok(User { id: user.id, name })
}

/// Ends the memberships of transient guests that remain after a crash. Each room decides the leaves as if it ran, but no
/// room runs yet, so the events go directly to the store.
///
/// # Errors
/// If storage fails.
pub(crate) async fn sweep(store: &SqliteStore) -> Result<(), StoreError> {
    loop {
        let mut guests_by_room: BTreeMap<RoomId, Vec<User>> = BTreeMap::new();
        for (room, guest) in store.transient_memberships(MEMBERSHIPS_AT_ONCE).await? {
            guests_by_room.entry(room).or_default().push(guest);
        }
        let mut leaves = Vec::new();
        for (id, guests) in guests_by_room {
            let Some(name) = store.room_name(id).await? else { continue };
            let room = Room::new(store.open_room(&name, wall_time()).await?, store.members(id).await?);
            leaves.extend(guests.into_iter().filter_map(|guest| decide_leave(&room, guest)));
        }
        if leaves.is_empty() {
            return Ok(());
        }
        store.append(leaves).await?;
    }
}

/// Returns the event of a guest who leaves; `None` if the room needs none.
fn decide_leave(room: &Room, by: User) -> Option<PendingEvent> {
    let command = RoomCommand::Change(RoomChange::Leave);
    room.decide(&RoomRequest { origin: RequestOrigin::Caller, by, command }, wall_time()).ok().flatten()
}
