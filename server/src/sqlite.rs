//! Storage in one SQLite file, with one writer and several readers.

mod accounts;
mod append;
mod attachments;
mod changes;
mod check;
mod database;
mod fault;
mod file_identity;
mod file_queries;
mod files;
mod folder;
mod folder_lock;
mod health;
mod history;
mod inspection;
mod installation;
mod lineage;
mod lookup;
mod members;
mod migrations;
mod names;
mod open;
mod readers;
mod room_files;
mod rows;
mod sessions;
mod storage_key;
mod transient_guests;
mod write_request;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;

use hubbub_chat::{
    History, MemberRecord, PageAnchor, PendingEvent, ReadProgress, ReadUpdate, RoomRecord, Store, StoreError,
    StoreResult, WriteOutcome,
};
use hubbub_protocol::{
    Appearance, Browsed, Epoch, Event, Message, MessageId, MyRoom, PublicRoom, RoomId, RoomName, Seq,
    Timestamp, User, UserId, UserName, Version,
};
use tokio::sync::{mpsc, oneshot};

use crate::clock::wall_time;
pub(crate) use accounts::{AccountChange, AccountChangeResult, AccountRecord, NewSession, SessionSummary};
pub(crate) use files::{FileChange, FileFacts, FileRecord, NewFile, StorageUsage};
pub(crate) use folder::{SIGNING_KEY_FILE, STAGING_FOLDER, STORAGE_FOLDER};
use health::Health;
use history::HistoryKind;
pub(crate) use inspection::{InspectedFile, Inspection, inspect};
pub(crate) use lookup::FoundRoom;
pub use open::OpenError;
use readers::Readers;
pub(crate) use room_files::FileKind;
pub(crate) use sessions::{NewGuest, SessionId, SessionRecord};
pub(crate) use storage_key::StorageKey;
use transient_guests::NewTransientGuest;
use write_request::WriteRequest;

/// The database of one data folder.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    readers: Arc<Readers>,
    requests: mpsc::Sender<WriteRequest>,
    health: Health,
    epoch: Epoch,
}

impl SqliteStore {
    /// Returns the epoch, which identifies the history of this database.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch.clone()
    }

    /// Returns at most `limit` rooms, ordered by their newest message.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn active_rooms(&self, limit: u32) -> Result<Vec<PublicRoom>, StoreError> {
        members::active_rooms(&self.readers.pool(), limit).await.map_err(|error| self.readers.failed(error))
    }

    /// Commits a test write to the disk, then reads the list of rooms and the room with the newest message.
    ///
    /// # Errors
    /// If the database accepts no writes, cannot be read, or is damaged. The error is one line.
    pub async fn check(&self) -> Result<(), StoreError> {
        if let Some(damage) = self.health.damage() {
            return Err(StoreError(format!("the database is damaged: {damage}")));
        }
        self.ask(|reply| WriteRequest::Probe { reply }).await?;
        let pool = self.readers.pool();
        let failed = |error| self.readers.failed(error);
        let rooms = lookup::rooms(&pool, UserId(0), "", None, 1);
        rooms.await.map_err(failed)?;
        if let Some(room) = lookup::last_active_room(&pool).await.map_err(failed)? {
            history::history(&pool, room, PageAnchor::Newest, 1, HistoryKind::All).await.map_err(failed)?;
            members::of_room(&pool, room).await.map_err(failed)?;
        }
        self.health.reading_works();
        Ok(())
    }

    /// Creates a guest, in a new session or an existing one.
    pub(crate) async fn create_guest(&self, guest: NewGuest) -> Result<(User, SessionId), StoreError> {
        self.ask(|reply| WriteRequest::CreateGuest { guest, reply }).await
    }

    /// Returns the session with this token hash.
    pub(crate) async fn session(&self, token_hash: &str) -> Result<Option<SessionRecord>, StoreError> {
        sessions::by_token(&self.readers.pool(), token_hash, wall_time())
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Returns the session with this id.
    pub(crate) async fn session_by_id(&self, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        sessions::by_id(&self.readers.pool(), id, wall_time())
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Executes a change to accounts and sessions.
    pub(crate) async fn change_account(
        &self,
        change: AccountChange,
    ) -> Result<AccountChangeResult, StoreError> {
        self.ask(|reply| WriteRequest::Account { change, reply }).await
    }

    /// Returns the account with this name.
    pub(crate) async fn account(&self, typed: &str) -> Result<Option<AccountRecord>, StoreError> {
        accounts::by_name(&self.readers.pool(), typed).await.map_err(|error| self.readers.failed(error))
    }

    /// Returns all users that have an account.
    pub(crate) async fn accounts(&self) -> Result<Vec<User>, StoreError> {
        accounts::all(&self.readers.pool()).await.map_err(|error| self.readers.failed(error))
    }

    /// Returns the sessions of an account, the most recently used first.
    pub(crate) async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionSummary>, StoreError> {
        accounts::sessions_of(&self.readers.pool(), user, wall_time())
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Returns the room with this id, as `user` sees it.
    pub(crate) async fn room(&self, room: RoomId, user: UserId) -> Result<Option<FoundRoom>, StoreError> {
        lookup::room(&self.readers.pool(), room, user).await.map_err(|error| self.readers.failed(error))
    }

    /// Returns at most `limit` public rooms by name, as `user` sees them, and whether there are more.
    pub(crate) async fn rooms(
        &self,
        user: UserId,
        query: &str,
        after: Option<&RoomName>,
        limit: u32,
    ) -> Result<(Vec<FoundRoom>, bool), StoreError> {
        lookup::rooms(&self.readers.pool(), user, query, after, limit)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Returns the message with this id, and its room.
    pub(crate) async fn message(&self, message: MessageId) -> Result<Option<(RoomId, Message)>, StoreError> {
        lookup::message(&self.readers.pool(), message).await.map_err(|error| self.readers.failed(error))
    }

    /// Returns at most `limit` messages of a room, without notices.
    pub(crate) async fn messages(
        &self,
        room: RoomId,
        anchor: PageAnchor,
        limit: u32,
    ) -> Result<History, StoreError> {
        history::history(&self.readers.pool(), room, anchor, limit, HistoryKind::Messages)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Returns the read position of a member, or `None` if the user is not a member.
    pub(crate) async fn progress(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<ReadProgress>, StoreError> {
        members::progress(&self.readers.pool(), room, user).await.map_err(|error| self.readers.failed(error))
    }

    /// Creates a transient guest, which has no session. Returns `None` if the name looks like that of another user,
    /// online or not ([`SqliteStore::held_looks`]).
    pub(crate) async fn create_transient_guest(
        &self,
        name: UserName,
        at: Timestamp,
    ) -> Result<Option<User>, StoreError> {
        let guest = NewTransientGuest { name, at };
        self.ask(|reply| WriteRequest::CreateTransientGuest { guest, reply }).await
    }

    /// Renames a transient guest.
    pub(crate) async fn rename_transient_guest(
        &self,
        user: UserId,
        name: UserName,
    ) -> Result<(), StoreError> {
        self.ask(|reply| WriteRequest::RenameTransientGuest { user, name, reply }).await
    }

    /// Returns at most `limit` memberships of transient guests.
    pub(crate) async fn transient_memberships(&self, limit: u32) -> Result<Vec<(RoomId, User)>, StoreError> {
        transient_guests::memberships(&self.readers.pool(), limit)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Returns the last message of a room up to a position.
    pub(crate) async fn message_up_to(&self, room: RoomId, seq: Seq) -> Result<Option<Message>, StoreError> {
        lookup::message_up_to(&self.readers.pool(), room, seq)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Returns the name of a room.
    pub(crate) async fn room_name(&self, room: RoomId) -> Result<Option<RoomName>, StoreError> {
        lookup::room_name(&self.readers.pool(), room).await.map_err(|error| self.readers.failed(error))
    }

    /// Returns those of the name skeletons `looks` that belong to users other than `user`, online or not.
    pub(crate) async fn held_looks(
        &self,
        looks: &[&str],
        user: Option<UserId>,
        now: Timestamp,
    ) -> Result<HashSet<String>, StoreError> {
        let held = names::held(&self.readers.pool(), looks, user, now).await;
        held.map_err(|error| self.readers.failed(error))
    }

    /// Returns groups of accounts whose names look alike.
    pub(crate) async fn accounts_alike(&self) -> Result<Vec<Vec<String>>, StoreError> {
        names::alike(&self.readers.pool()).await.map_err(|error| self.readers.failed(error))
    }

    /// Returns since when a user is a member of a room, as text; `None` if the user is no member.
    pub(crate) async fn member_since(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<String>, StoreError> {
        members::since(&self.readers.pool(), room, user).await.map_err(|error| self.readers.failed(error))
    }

    /// Returns the id of this installation: eight hexadecimal digits.
    pub(crate) async fn installation(&self) -> Result<String, StoreError> {
        installation::id(&self.readers.pool()).await.map_err(|error| self.readers.failed(error))
    }

    /// Sends a request to the writer and waits for its answer.
    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> WriteRequest,
    ) -> Result<T, StoreError> {
        // If a batch fails, its requests are dropped without an answer.
        let failed =
            || StoreError(self.health.write_failure().unwrap_or_else(|| "the writer has stopped".to_owned()));
        let (reply, answered) = oneshot::channel();
        self.requests.send(request(reply)).await.map_err(|_| failed())?;
        answered.await.map_err(|_| failed())?
    }
}

impl Store for SqliteStore {
    async fn open_room(&self, name: &RoomName, at: Timestamp) -> StoreResult<RoomRecord> {
        if let Some(room) = self.find_room(name).await? {
            return Ok(room);
        }
        self.ask(|reply| WriteRequest::OpenRoom { name: name.clone(), at, reply }).await
    }

    async fn find_room(&self, name: &RoomName) -> StoreResult<Option<RoomRecord>> {
        sqlx::query(concat!(
            "SELECT id, topic, lost_after, lost_up_to, ",
            rows::head!("rooms.id"),
            " AS head FROM rooms WHERE name = ?1"
        ))
        .bind(name.as_str())
        .fetch_optional(&self.readers.pool())
        .await
        .and_then(|row| row.map(|row| rows::room(&row, name.clone())).transpose())
        .map_err(|error| self.readers.failed(error))
    }

    async fn members(&self, room: RoomId) -> StoreResult<Vec<MemberRecord>> {
        members::of_room(&self.readers.pool(), room).await.map_err(|error| self.readers.failed(error))
    }

    fn append(
        &self,
        pending_events: Vec<PendingEvent>,
    ) -> impl Future<Output = StoreResult<Vec<WriteOutcome>>> + Send {
        self.ask(|reply| WriteRequest::Append { pending_events, reply })
    }

    async fn mark(&self, room: RoomId, user: UserId, mark: ReadUpdate) -> StoreResult<Option<ReadProgress>> {
        self.ask(|reply| WriteRequest::Read { room, user, mark, reply }).await?;
        // A reader counts the unread messages, so that counting does not delay the writer.
        members::progress(&self.readers.pool(), room, user).await.map_err(|error| self.readers.failed(error))
    }

    async fn events_after(&self, room: RoomId, after: Seq, limit: u32) -> StoreResult<Vec<Event>> {
        history::events_after(&self.readers.pool(), room, after, limit)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    async fn history(&self, room: RoomId, anchor: PageAnchor, limit: u32) -> StoreResult<History> {
        history::history(&self.readers.pool(), room, anchor, limit, HistoryKind::All)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    async fn edits(&self, room: RoomId, message: MessageId) -> StoreResult<Option<(UserId, Vec<Version>)>> {
        members::edits(&self.readers.pool(), room, message.0)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    async fn my_rooms(&self, user: UserId) -> StoreResult<Vec<MyRoom>> {
        members::rooms_of(&self.readers.pool(), user).await.map_err(|error| self.readers.failed(error))
    }

    async fn browse(
        &self,
        user: UserId,
        query: &str,
        after: Option<&RoomName>,
        limit: u32,
    ) -> StoreResult<Browsed> {
        let (rooms, more) = self.rooms(user, query, after, limit).await?;
        Ok(Browsed { rooms: rooms.into_iter().map(PublicRoom::from).collect(), more })
    }

    async fn appearance(&self, user: UserId) -> StoreResult<Appearance> {
        members::appearance(&self.readers.pool(), user).await.map_err(|error| self.readers.failed(error))
    }

    async fn set_appearance(&self, user: UserId, appearance: Appearance) -> StoreResult<()> {
        self.ask(|reply| WriteRequest::SetAppearance { user, appearance, reply }).await
    }
}
