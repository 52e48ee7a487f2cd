//! Holds what all connections share: the running rooms, the connected users, the store and the limits. Starts the task
//! of a room when the room is first used.

mod broadcast_batch;
pub(crate) mod connection_task;
mod delivery;
mod idle_socket;
mod name_choice;
mod outbox;
pub(crate) mod peer_files;
mod recipients;
mod room_snapshot;
mod room_task;
pub(crate) mod transient_guest;
pub(crate) mod transport;
mod users;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hubbub_chat::{
    ConnectionId, MemberRecord, NameRegistry, ReadUpdate, RequestOrigin, RoomChange, RoomCommand, RoomRecord,
    RoomRequest, Store, StoreError, WriteOutcome,
};
use hubbub_protocol::{Appearance, CloseReason, Code, Refusal, RoomName, User, UserEvent, UserId, UserName};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::{Clock, wall_time};
use crate::limits::RateLimits;
use crate::sqlite::{SessionId, SqliteStore};
pub(crate) use room_snapshot::RoomSnapshot;
use room_task::{ReplyTo, RoomInput, RoomMailbox, RoomTask};
use users::Users;

/// State that all tasks of the running server share. Cloning is cheap and shares the state.
#[derive(Clone, Debug)]
pub(crate) struct Hub {
    inner: Arc<HubState>,
}

#[derive(Debug)]
struct HubState {
    /// Server version, which `hello` sends to each connection.
    version: &'static str,
    store: SqliteStore,
    limits: RateLimits,
    clock: Clock,
    tasks: TaskTracker,
    stopping: CancellationToken,
    connections: AtomicU64,
    /// The lock is held while a room is loaded and its task is started, so that a room never has two tasks with
    /// different states.
    opening: tokio::sync::Mutex<()>,
    // The three locks below are held only for a look-up or a change, never across an await.
    rooms: Mutex<HashMap<RoomName, RoomMailbox>>,
    names: Mutex<NameRegistry>,
    users: Mutex<Users>,
}

impl Hub {
    pub(crate) fn new(
        version: &'static str,
        store: SqliteStore,
        limits: RateLimits,
        tasks: TaskTracker,
        stopping: CancellationToken,
    ) -> Self {
        let inner = HubState {
            version,
            store,
            limits,
            clock: Clock::start(),
            tasks,
            stopping,
            connections: AtomicU64::new(0),
            opening: tokio::sync::Mutex::default(),
            rooms: Mutex::default(),
            names: Mutex::default(),
            users: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    pub(crate) fn version(&self) -> &'static str {
        self.inner.version
    }

    pub(crate) fn store(&self) -> &SqliteStore {
        &self.inner.store
    }

    /// Rate limits and quotas per user and address.
    pub(crate) fn limits(&self) -> &RateLimits {
        &self.inner.limits
    }

    pub(crate) fn clock(&self) -> Clock {
        self.inner.clock
    }

    /// Returns the token that is cancelled when the server stops.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.inner.stopping
    }

    /// Returns the tracker of all tasks that must end before the server stops.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.inner.tasks
    }

    /// Returns the names of the connected users.
    pub(crate) fn names(&self) -> MutexGuard<'_, NameRegistry> {
        self.inner.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the requested name, with a number if it looks like the name of another user. The name is reserved for
    /// this user until the user connects.
    ///
    /// # Errors
    /// If storage fails.
    pub(crate) async fn choose_name(
        &self,
        requested: &UserName,
        user: Option<UserId>,
    ) -> Result<UserName, StoreError> {
        name_choice::choose(self, requested, user).await
    }

    /// Whether a user may have exactly this name. If so, it is reserved for this user until the user connects.
    ///
    /// # Errors
    /// If storage fails.
    pub(crate) async fn reserve_name(
        &self,
        name: &UserName,
        user: Option<UserId>,
    ) -> Result<bool, StoreError> {
        name_choice::reserve(self, name, user).await
    }

    fn next_connection(&self) -> ConnectionId {
        ConnectionId(self.inner.connections.fetch_add(1, Ordering::Relaxed))
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<RoomName, RoomMailbox>> {
        self.inner.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes a room for a caller without a connection in it, such as a form or the REST API, and returns the result
    /// of the store. Creates the room if it does not exist. The room decides the change as it does for sockets, and
    /// sends the event to all connections in the room.
    ///
    /// # Errors
    /// If storage fails.
    pub(crate) async fn change(
        &self,
        room: &RoomName,
        by: User,
        change: RoomChange,
    ) -> Result<WriteOutcome, StoreError> {
        self.execute(room, by, RoomCommand::Change(change)).await
    }

    /// Stores a read position for a caller without a connection in the room.
    ///
    /// # Errors
    /// If storage fails.
    pub(crate) async fn set_read_position(
        &self,
        room: &RoomName,
        by: User,
        update: ReadUpdate,
    ) -> Result<WriteOutcome, StoreError> {
        self.execute(room, by, RoomCommand::Read(update)).await
    }

    /// Executes a command that the store answers. Other commands have no result, so callers cannot send them here.
    async fn execute(
        &self,
        room: &RoomName,
        by: User,
        command: RoomCommand,
    ) -> Result<WriteOutcome, StoreError> {
        let (answer, answered) = oneshot::channel();
        let request = RoomRequest { origin: RequestOrigin::Caller, by, command };
        match self.request(room, request, ReplyTo::Caller(answer)).await? {
            Ok(()) => answered.await.map_err(|_| stopped())?,
            Err(refusal) => Ok(WriteOutcome::Refused(refusal)),
        }
    }

    /// Makes a user a member without a connection.
    ///
    /// # Errors
    /// If storage fails.
    pub(crate) async fn join(&self, room: &RoomName, by: User) -> Result<WriteOutcome, StoreError> {
        let share_reads = self.store().appearance(by.id).await?.share_reads;
        self.change(room, by, RoomChange::Join { share_reads }).await
    }

    /// Changes a room, and makes a user a member first who is not one.
    ///
    /// # Errors
    /// If storage fails.
    pub(crate) async fn change_as_member(
        &self,
        room: &RoomName,
        by: User,
        change: RoomChange,
    ) -> Result<WriteOutcome, StoreError> {
        match self.change(room, by.clone(), change.clone()).await? {
            WriteOutcome::Refused(Refusal { code: Code::NotJoined, .. }) => {}
            outcome => return Ok(outcome),
        }
        match self.join(room, by.clone()).await? {
            WriteOutcome::Refused(refusal) => Ok(WriteOutcome::Refused(refusal)),
            _ => self.change(room, by, change).await,
        }
    }

    /// Stores the appearance of a user and sends it to the user's connections and rooms.
    ///
    /// # Errors
    /// If storage fails.
    pub(crate) async fn appear(&self, user: &User, appearance: Appearance) -> Result<(), StoreError> {
        self.store().set_appearance(user.id, appearance).await?;
        self.notify_user(user.id, &UserEvent::Appearance(appearance));
        // If the user is not connected, no connection task reports the change to the rooms: only this loop does.
        for mine in self.store().my_rooms(user.id).await? {
            self.update(&mine.room.name, user, RoomCommand::ShareReads(appearance.share_reads)).await;
        }
        Ok(())
    }

    /// Returns the room name in a request: one that the rule for names accepts, or that of a stored room, which an
    /// older rule accepted.
    ///
    /// # Errors
    /// If storage fails.
    pub(crate) async fn room_name(&self, typed: &str) -> Result<Result<RoomName, Refusal>, StoreError> {
        let refusal = match RoomName::parse(typed) {
            Ok(name) => return Ok(Ok(name)),
            Err(refusal) => refusal,
        };
        let stored = RoomName::from_stored(typed);
        let found = self.store().find_room(&stored).await?;
        Ok(found.map(|_| stored).ok_or(refusal))
    }

    /// Returns members and presence of a room, or `None` if the room has no task and therefore no connection.
    pub(crate) async fn room_snapshot(&self, room: &RoomName) -> Option<RoomSnapshot> {
        let mailbox = self.rooms().get(room).cloned()?;
        let (answer, answered) = oneshot::channel();
        mailbox.send(Box::new(RoomInput::Snapshot(answer))).await.ok()?;
        answered.await.ok()
    }

    /// Sends an update about a user to all connections of that user.
    pub(crate) fn notify_user(&self, user: UserId, event: &UserEvent) {
        self.users().notify(user, event);
    }

    /// Closes the connections of a session that has ended. The close code asks clients of the user `keep` to reconnect,
    /// because that user has another session.
    pub(crate) fn end_session(&self, session: SessionId, keep: Option<UserId>) {
        self.users().end_session(session, keep);
    }

    /// Closes all connections of a user who was deleted.
    pub(crate) fn end_user(&self, user: UserId) {
        self.users().close(user, CloseReason::SignedOut);
    }

    /// Closes all connections of a user whose name has changed; the clients reconnect and receive the new name.
    pub(crate) fn force_reconnect(&self, user: UserId) {
        self.users().close(user, CloseReason::Restart);
    }

    /// Sends the new name of a user to a room.
    pub(crate) async fn rename(&self, room: &RoomName, user: &User) {
        self.update(room, user, RoomCommand::Rename).await;
    }

    /// Sends a command that concerns only a running room.
    async fn update(&self, room: &RoomName, user: &User, command: RoomCommand) {
        let request = RoomRequest { origin: RequestOrigin::Caller, by: user.clone(), command };
        // A room that is not running has no connections to inform.
        _ = self.request(room, request, ReplyTo::Origin).await;
    }

    /// Returns the sessions of a user that have an open connection.
    pub(crate) fn connected_sessions(&self, user: UserId) -> HashSet<SessionId> {
        self.users().sessions_of(user)
    }

    fn users(&self) -> MutexGuard<'_, Users> {
        self.inner.users.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request to the room's task, and starts the task if the request needs it. A request that only a member may
    /// make does not create a room.
    ///
    /// # Errors
    /// If storage fails; inside, a refusal of a request to resume in a room that does not exist.
    async fn request(
        &self,
        room: &RoomName,
        request: RoomRequest,
        reply_to: ReplyTo,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let is_for_running_room = request.command.is_for_running_room();
        let resumes = matches!(request.command, RoomCommand::Enter { resume: true, .. });
        let input = Box::new(RoomInput::Request(request, reply_to));
        if is_for_running_room {
            self.notify(room, input).await;
            return Ok(Ok(()));
        }
        if resumes && !self.rooms().contains_key(room) {
            // The future is boxed, because it is large and rarely needed; inline, it would occupy that memory in every
            // idle connection.
            let found = Box::pin(self.store().find_room(room)).await?;
            if found.is_none() {
                return Ok(Err(Refusal::not_joined(room.as_str())));
            }
        }
        self.send(room, input).await.map(Ok)
    }

    /// Sends `input` to the room's task, and starts the task if it is not running.
    async fn send(&self, room: &RoomName, input: Box<RoomInput>) -> Result<(), StoreError> {
        let mut input = input;
        loop {
            // A closed mailbox belongs to a task that panicked; a new task replaces it.
            let running = self.rooms().get(room).filter(|mailbox| !mailbox.is_closed()).cloned();
            let mailbox = match running {
                Some(mailbox) => mailbox,
                // The future is boxed, because it is large and rarely needed; inline, it would occupy that memory in
                // every idle connection.
                None => Box::pin(self.open(room)).await?,
            };
            match mailbox.send(input).await {
                Ok(()) => return Ok(()),
                // The room was empty and its task ended between the look-up and the sending. The loop starts a new
                // task.
                Err(mpsc::error::SendError(unsent)) => input = unsent,
            }
        }
    }

    /// Sends `input` to the room's task if it is running. A room without a task has no connections to inform.
    async fn notify(&self, room: &RoomName, input: Box<RoomInput>) {
        let running = self.rooms().get(room).cloned();
        if let Some(mailbox) = running {
            // An error means that the task has ended meanwhile.
            _ = mailbox.send(input).await;
        }
    }

    async fn open(&self, room: &RoomName) -> Result<RoomMailbox, StoreError> {
        let opening = self.inner.opening.lock().await;
        // Another caller may have started the task while this caller waited for the lock.
        let running = self.rooms().get(room).filter(|mailbox| !mailbox.is_closed()).cloned();
        if let Some(running) = running {
            return Ok(running);
        }
        let record = self.store().open_room(room, wall_time()).await?;
        let members = self.store().members(record.id).await?;
        let mailbox = self.start(record, members);
        drop(opening);
        Ok(mailbox)
    }

    fn start(&self, record: RoomRecord, members: Vec<MemberRecord>) -> RoomMailbox {
        let name = record.name.clone();
        let (mailbox, task) = RoomTask::new(self.clone(), record, members);
        self.tasks().spawn(task.run());
        self.rooms().insert(name, mailbox.clone());
        mailbox
    }

    /// Removes the room's task from the hub if its queue is empty, and returns whether it did. Senders that still hold
    /// the mailbox find it closed.
    fn unload(&self, room: &RoomName, queue: &mut mpsc::Receiver<Box<RoomInput>>) -> bool {
        let mut rooms = self.rooms();
        if !queue.is_empty() {
            return false;
        }
        queue.close();
        rooms.remove(room);
        true
    }
}

fn stopped() -> StoreError {
    StoreError("the room has stopped".to_owned())
}
