//! A store in memory, for tests and as the reference for persistent stores.

mod room_log;

use std::collections::{BTreeMap, HashMap};
use std::future::{Future, ready};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hubbub_protocol::{
    Appearance, Attachment, Browsed, ClientId, Event, FileId, FileName, MessageId, MyRoom, PublicRoom,
    ReadState, Room, RoomId, RoomName, Seq, Timestamp, Topic, UserId, Version,
};

use crate::{
    AuthorizationContext, Decision, History, MemberRecord, PageAnchor, PendingEvent, ReadProgress,
    ReadUpdate, RoomChange, RoomRecord, Store, StoreResult, WriteOutcome,
};
use room_log::{LogMember, RoomLog};

/// Rooms and messages in memory. Each call completes before it returns.
#[derive(Debug, Default)]
pub struct MemoryStore {
    // The lock is never held across an await: each method finishes before it returns a ready future.
    inner: Mutex<MemoryTables>,
}

#[derive(Debug, Default)]
struct MemoryTables {
    names: BTreeMap<RoomName, RoomId>,
    rooms: BTreeMap<RoomId, RoomLog>,
    by_client_id: HashMap<(UserId, ClientId), (RoomId, MessageId, RoomChange)>,
    appearances: HashMap<UserId, Appearance>,
    files: BTreeMap<FileId, StoredUpload>,
    last_message: i64,
}

/// A complete upload.
#[derive(Debug)]
struct StoredUpload {
    room: RoomId,
    owner: UserId,
    file: Attachment,
    is_posted: bool,
}

impl MemoryStore {
    /// Stores a complete upload of a user for a room and returns it with the id of its file.
    pub fn add_file(&self, room: RoomId, owner: UserId, name: FileName) -> Attachment {
        let mut inner = self.inner();
        let id = FileId(i64::try_from(inner.files.len()).unwrap_or(i64::MAX).saturating_add(1));
        let content_type = "text/plain".to_owned();
        let file = Attachment { id, name, size: 1, content_type, width: None, height: None, preview: None };
        inner.files.insert(id, StoredUpload { room, owner, file: file.clone(), is_posted: false });
        file
    }

    fn inner(&self) -> MutexGuard<'_, MemoryTables> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MemoryTables {
    fn record(&self, id: RoomId, name: &RoomName) -> RoomRecord {
        let room = self.rooms.get(&id);
        let head = room.map_or(Seq(0), RoomLog::head);
        RoomRecord {
            id,
            name: name.clone(),
            topic: room.map_or_else(Topic::default, |room| room.topic.clone()),
            head,
            lost: None,
        }
    }

    fn store(&mut self, pending: PendingEvent) -> WriteOutcome {
        if let RoomChange::Post { client_id, .. } = &pending.change {
            let known = self.by_client_id.get(&(pending.by.id, *client_id));
            if let Some((room, message, change)) = known {
                let message = self.rooms.get(room).and_then(|log| log.message(*message));
                return match message.filter(|_| *room == pending.room && *change == pending.change) {
                    Some(message) => WriteOutcome::Repeat(message),
                    None => WriteOutcome::Refused(hubbub_protocol::Refusal::client_id_taken()),
                };
            }
        }
        let context = self.context(&pending);
        match pending.authorize(&context) {
            Decision::Unchanged(seq) => return WriteOutcome::Unchanged(seq),
            Decision::Refuse(refusal) => return WriteOutcome::Refused(refusal),
            Decision::Store => {}
        }
        for id in pending.files() {
            if let Some(upload) = self.files.get_mut(id) {
                upload.is_posted = true;
            }
        }
        let room = self.rooms.entry(pending.room).or_default();
        if let RoomChange::Post { client_id, .. } = &pending.change {
            self.last_message += 1;
            let known = (pending.room, MessageId(self.last_message), pending.change.clone());
            self.by_client_id.insert((pending.by.id, *client_id), known);
        }
        room.apply(pending, MessageId(self.last_message), context.files)
    }

    fn context(&self, pending: &PendingEvent) -> AuthorizationContext {
        let room = self.rooms.get(&pending.room);
        let member = |room: &RoomLog| room.members.contains_key(&pending.by.id);
        let target = room.zip(pending.target()).and_then(|(room, id)| room.message(id));
        AuthorizationContext {
            edits: target.as_ref().zip(room).map_or(0, |(message, room)| room.former(message.id).len()),
            target,
            member: room.is_some_and(member),
            memberships: self.rooms.values().filter(|room| member(room)).count(),
            topic: room.map_or_else(Topic::default, |room| room.topic.clone()),
            files: pending.files().iter().filter_map(|id| self.postable(*id, pending)).collect(),
        }
    }

    fn postable(&self, id: FileId, pending: &PendingEvent) -> Option<Attachment> {
        let upload = self.files.get(&id)?;
        let fits = upload.room == pending.room && upload.owner == pending.by.id && !upload.is_posted;
        fits.then(|| upload.file.clone())
    }

    fn room_of(&self, id: RoomId, name: &RoomName) -> Room {
        let RoomRecord { topic, .. } = self.record(id, name);
        Room { id, name: name.clone(), topic }
    }
}

impl Store for MemoryStore {
    fn open_room(
        &self,
        name: &RoomName,
        _at: Timestamp,
    ) -> impl Future<Output = StoreResult<RoomRecord>> + Send {
        let mut inner = self.inner();
        let next = RoomId(i64::try_from(inner.names.len()).unwrap_or(i64::MAX).saturating_add(1));
        let id = *inner.names.entry(name.clone()).or_insert(next);
        ready(Ok(inner.record(id, name)))
    }

    fn find_room(&self, name: &RoomName) -> impl Future<Output = StoreResult<Option<RoomRecord>>> + Send {
        let inner = self.inner();
        ready(Ok(inner.names.get(name).map(|id| inner.record(*id, name))))
    }

    fn members(&self, room: RoomId) -> impl Future<Output = StoreResult<Vec<MemberRecord>>> + Send {
        let inner = self.inner();
        let members = inner.rooms.get(&room).into_iter().flat_map(|room| room.members.values());
        let record = |member: &LogMember| MemberRecord {
            user: member.user.clone(),
            read: member.read,
            share_reads: inner.appearances.get(&member.user.id).copied().unwrap_or_default().share_reads,
        };
        ready(Ok(members.map(record).collect()))
    }

    fn append(
        &self,
        pending_events: Vec<PendingEvent>,
    ) -> impl Future<Output = StoreResult<Vec<WriteOutcome>>> + Send {
        let mut inner = self.inner();
        ready(Ok(pending_events.into_iter().map(|pending| inner.store(pending)).collect()))
    }

    fn mark(
        &self,
        room: RoomId,
        user: UserId,
        mark: ReadUpdate,
    ) -> impl Future<Output = StoreResult<Option<ReadProgress>>> + Send {
        let mut inner = self.inner();
        ready(Ok(inner.rooms.get_mut(&room).and_then(|room| room.mark(user, mark))))
    }

    fn events_after(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<Event>>> + Send {
        let inner = self.inner();
        let room = inner.rooms.get(&room).into_iter();
        ready(Ok(room.flat_map(|room| room.events_after(after)).take(limit as usize).collect()))
    }

    fn history(
        &self,
        room: RoomId,
        anchor: PageAnchor,
        limit: u32,
    ) -> impl Future<Output = StoreResult<History>> + Send {
        let inner = self.inner();
        let nothing = History { events: Vec::new(), older: false, newer: false, head: Seq(0) };
        ready(Ok(inner.rooms.get(&room).map_or(nothing, |room| room.history(anchor, limit as usize))))
    }

    fn edits(
        &self,
        room: RoomId,
        message: MessageId,
    ) -> impl Future<Output = StoreResult<Option<(UserId, Vec<Version>)>>> + Send {
        let inner = self.inner();
        let room = inner.rooms.get(&room);
        let found =
            room.and_then(|room| Some((room.message(message)?.author.id, room.former(message).to_vec())));
        ready(Ok(found))
    }

    fn my_rooms(&self, user: UserId) -> impl Future<Output = StoreResult<Vec<MyRoom>>> + Send {
        let inner = self.inner();
        let mine = inner.names.iter().filter_map(|(name, id)| {
            let room = inner.rooms.get(id)?;
            let ReadProgress { read, unread, head } = room.progress(user)?;
            let read = ReadState { room: name.clone(), seq: read, unread, head };
            let active_at = room.last_post().max(room.members.get(&user).map(|member| member.since))?;
            Some(MyRoom { room: inner.room_of(*id, name), read, active_at })
        });
        ready(Ok(mine.collect()))
    }

    fn browse(
        &self,
        user: UserId,
        query: &str,
        after: Option<&RoomName>,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Browsed>> + Send {
        let inner = self.inner();
        let query = query.to_lowercase();
        let fits = |name: &RoomName| {
            name.as_str().to_lowercase().contains(&query) && after.is_none_or(|after| name > after)
        };
        let mut found = inner.names.iter().filter(|(name, _)| fits(name)).map(|(name, id)| {
            let members = inner.rooms.get(id).map(|room| &room.members);
            PublicRoom {
                room: inner.room_of(*id, name),
                members: members.map_or(0, |members| u32::try_from(members.len()).unwrap_or(u32::MAX)),
                joined: members.is_some_and(|members| members.contains_key(&user)),
            }
        });
        let rooms = found.by_ref().take(limit as usize).collect();
        let more = found.next().is_some();
        ready(Ok(Browsed { rooms, more }))
    }

    fn appearance(&self, user: UserId) -> impl Future<Output = StoreResult<Appearance>> + Send {
        ready(Ok(self.inner().appearances.get(&user).copied().unwrap_or_default()))
    }

    fn set_appearance(
        &self,
        user: UserId,
        appearance: Appearance,
    ) -> impl Future<Output = StoreResult<()>> + Send {
        self.inner().appearances.insert(user, appearance);
        ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn passes_the_conformance_suite() {
        let store = super::MemoryStore::default();
        let upload = async |room, owner, name| store.add_file(room, owner, name);
        pollster::block_on(crate::store_conformance::check(&store, upload));
    }
}
