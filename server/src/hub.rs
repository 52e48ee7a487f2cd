//! Where rooms and connections meet: finds a room's task, and starts it when somebody comes.

pub(crate) mod connection_task;
mod delivery;
mod outbox;
mod room_task;
pub(crate) mod transport;
mod users;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hubbub_chat::{
    AppendOutcome, ConnectionId, MemberRecord, NameRegistry, ReadProgress, ReadUpdate, RoomCommand,
    RoomRecord, Roster, Store, StoreError,
};
use hubbub_protocol::{Appearance, CloseReason, Mine, Person, ReadMark, RoomName, User, UserId};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::{Clock, wall_time};
use crate::limits::Limits;
use crate::sqlite::{SessionId, SqliteStore};
pub(crate) use room_task::AutoJoin;
use room_task::{ReadOrigin, RoomInput, RoomTask};
use users::Users;

/// Everything the running server shares.
#[derive(Clone, Debug)]
pub(crate) struct Hub {
    inner: Arc<HubState>,
}

#[derive(Debug)]
struct HubState {
    /// What every connection is told of the program.
    version: &'static str,
    store: SqliteStore,
    limits: Limits,
    clock: Clock,
    tasks: TaskTracker,
    stopping: CancellationToken,
    connections: AtomicU64,
    /// Held while a room is read and started, so that no two tasks of one room begin with their own idea of it.
    endpoint: tokio::sync::Mutex<()>,
    // They are held only for a look-up or a change, never across an await.
    rooms: Mutex<HashMap<RoomName, mpsc::Sender<RoomInput>>>,
    names: Mutex<NameRegistry>,
    users: Mutex<Users>,
}

/// The people of a room right now.
#[derive(Debug, Default)]
pub(crate) struct RoomSnapshot {
    pub(crate) people: Vec<Person>,
    pub(crate) count: u32,
    pub(crate) members: u32,
    pub(crate) marks: Vec<ReadMark>,
}

impl RoomSnapshot {
    /// The members of a room that nobody is in.
    pub(crate) fn nobody(members: Vec<MemberRecord>) -> Self {
        let people = Roster::new(members);
        let (members, marks) = (people.members(), people.marks());
        Self { people: people.list(), count: 0, members, marks }
    }
}

impl Hub {
    pub(crate) fn new(
        version: &'static str,
        store: SqliteStore,
        limits: Limits,
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
            endpoint: tokio::sync::Mutex::default(),
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

    /// How much each may do in a short time.
    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    pub(crate) fn clock(&self) -> Clock {
        self.inner.clock
    }

    /// Cancelled when the server stops.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.inner.stopping
    }

    /// The tasks that a stop waits for.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.inner.tasks
    }

    /// The names of those who are there.
    pub(crate) fn names(&self) -> MutexGuard<'_, NameRegistry> {
        self.inner.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_connection(&self) -> ConnectionId {
        ConnectionId(self.inner.connections.fetch_add(1, Ordering::Relaxed))
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<RoomName, mpsc::Sender<RoomInput>>> {
        self.inner.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something in a room without a connection to it, as forms and REST do, and tells what the store made
    /// of it. Makes the room if there is none. The room judges as it does for sockets, and tells everyone who is there.
    ///
    /// # Errors
    /// When storage fails.
    pub(crate) async fn execute(
        &self,
        room: &RoomName,
        by: User,
        command: RoomCommand,
        auto_join: AutoJoin,
    ) -> Result<AppendOutcome, StoreError> {
        let (answer, answered) = oneshot::channel();
        let share_reads = match command {
            RoomCommand::Join { .. } => Some(self.store().appearance(by.id).await?.share_reads),
            _ if auto_join == AutoJoin::Join => Some(self.store().appearance(by.id).await?.share_reads),
            _ => None,
        };
        self.send(room, RoomInput::Execute { by, command, auto_join, share_reads, answer }).await?;
        answered.await.map_err(|_| stopped())?
    }

    /// Remembers how somebody wants to appear, and tells all their connections and rooms.
    ///
    /// # Errors
    /// When storage fails.
    pub(crate) async fn appear(&self, user: UserId, appearance: Appearance) -> Result<(), StoreError> {
        self.store().set_appearance(user, appearance).await?;
        self.notify_user(user, &Mine::Appearance(appearance));
        // Of somebody who is not connected, only this tells the rooms.
        for mine in self.store().my_rooms(user).await? {
            let share_reads = appearance.share_reads;
            self.notify(&mine.room.name, RoomInput::ShareReads { user, share_reads }).await;
        }
        Ok(())
    }

    /// Remembers what somebody has read, and tells who may see it. None if they are no member.
    ///
    /// # Errors
    /// When storage fails.
    pub(crate) async fn mark_read(
        &self,
        room: &RoomName,
        user: UserId,
        mark: ReadUpdate,
    ) -> Result<Option<ReadProgress>, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.send(room, RoomInput::Read { by: ReadOrigin::Caller(answer), user, mark }).await?;
        answered.await.map_err(|_| stopped())?
    }

    /// The people of a room, where it has a task. Nobody is in one that has none.
    pub(crate) async fn room_snapshot(&self, room: &RoomName) -> Option<RoomSnapshot> {
        let mailbox = self.rooms().get(room).cloned()?;
        let (answer, answered) = oneshot::channel();
        mailbox.send(RoomInput::Snapshot { answer }).await.ok()?;
        answered.await.ok()
    }

    /// Tells all connections of a user something about themselves.
    pub(crate) fn notify_user(&self, user: UserId, mine: &Mine) {
        self.users().tell(user, mine);
    }

    /// Closes the connections of a session that has ended. Those of `keep` come back by another one.
    pub(crate) fn end_session(&self, session: SessionId, keep: Option<UserId>) {
        self.users().end_session(session, keep);
    }

    /// Closes all connections of a user who is no more.
    pub(crate) fn end_user(&self, user: UserId) {
        self.users().close(user, CloseReason::SignedOut);
    }

    /// Closes all connections of a user who is somebody else now, in name: they come back as that.
    pub(crate) fn force_reconnect(&self, user: UserId) {
        self.users().close(user, CloseReason::Restart);
    }

    /// Tells a room how somebody is called now.
    pub(crate) async fn rename(&self, room: &RoomName, user: &User) {
        self.notify(room, RoomInput::Rename(user.clone())).await;
    }

    /// The sessions of a user that have an open connection.
    pub(crate) fn connected_sessions(&self, user: UserId) -> HashSet<SessionId> {
        self.users().sessions_of(user)
    }

    fn users(&self) -> MutexGuard<'_, Users> {
        self.inner.users.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands `input` to the room's task, which is started if there is none.
    async fn send(&self, room: &RoomName, input: RoomInput) -> Result<(), StoreError> {
        let mut input = input;
        loop {
            // One that is closed belongs to a task that broke; the next one takes its place.
            let running = self.rooms().get(room).filter(|mailbox| !mailbox.is_closed()).cloned();
            let mailbox = match running {
                Some(mailbox) => mailbox,
                // Boxed, because it is large and rare, and every idle connection would hold its place.
                None => Box::pin(self.open(room)).await?,
            };
            match mailbox.send(input).await {
                Ok(()) => return Ok(()),
                // It ended, being empty, between the look-up and the sending. The next one takes it.
                Err(mpsc::error::SendError(unsent)) => input = unsent,
            }
        }
    }

    /// Tells a room that is running; one that is not has nothing to be told.
    async fn notify(&self, room: &RoomName, input: RoomInput) {
        let running = self.rooms().get(room).cloned();
        if let Some(mailbox) = running {
            drop(mailbox.send(input).await);
        }
    }

    async fn open(&self, room: &RoomName) -> Result<mpsc::Sender<RoomInput>, StoreError> {
        let endpoint = self.inner.endpoint.lock().await;
        // Somebody else may have been quicker.
        let running = self.rooms().get(room).filter(|mailbox| !mailbox.is_closed()).cloned();
        if let Some(running) = running {
            return Ok(running);
        }
        let record = self.store().open_room(room, wall_time()).await?;
        let members = self.store().members(record.id).await?;
        let mailbox = self.start(record, members);
        drop(endpoint);
        Ok(mailbox)
    }

    fn start(&self, record: RoomRecord, members: Vec<MemberRecord>) -> mpsc::Sender<RoomInput> {
        let name = record.name.clone();
        let (mailbox, task) = RoomTask::new(self.clone(), record, members);
        self.tasks().spawn(task.run());
        self.rooms().insert(name, mailbox.clone());
        mailbox
    }

    /// Forgets the room's task if nothing waits for it; whoever holds its mailbox finds it closed.
    fn unload(&self, room: &RoomName, queue: &mut mpsc::Receiver<RoomInput>) -> bool {
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
