//! A store that forgets everything with the process: for tests, and the reference for the other one.

use std::collections::HashMap;
use std::future::{Future, ready};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hubbub_protocol::{ClientId, Event, Message, MessageId, RoomId, RoomName, Seq, Timestamp, UserId};

use crate::{Draft, History, RoomRecord, Store, StoreError, Stored};

/// Rooms and messages in memory. Each call is done when it returns.
#[derive(Debug, Default)]
pub struct MemoryStore {
    // Never held across an await: every method finishes its work before it returns a ready future.
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    rooms: HashMap<RoomName, RoomId>,
    messages: HashMap<RoomId, Vec<Message>>,
    by_client_id: HashMap<(UserId, ClientId), (RoomId, Message)>,
    last_message: i64,
}

impl MemoryStore {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn room(&self, room: RoomId) -> &[Message] {
        self.messages.get(&room).map_or(&[], Vec::as_slice)
    }

    fn record(&self, id: RoomId, name: &RoomName) -> RoomRecord {
        let head = self.room(id).last().map_or(Seq(0), |message| message.seq);
        RoomRecord { id, name: name.clone(), head }
    }

    fn store(&mut self, draft: Draft) -> Stored {
        let key = (draft.author.id, draft.client_id);
        if let Some((room, message)) = self.by_client_id.get(&key) {
            let same = *room == draft.room && message.text == draft.text;
            return if same { Stored::Repeat(message.clone()) } else { Stored::Taken };
        }
        self.last_message += 1;
        let messages = self.messages.entry(draft.room).or_default();
        let message = Message {
            id: MessageId(self.last_message),
            seq: messages.last().map_or(Seq(0), |message| message.seq).next(),
            author: draft.author,
            client_id: draft.client_id,
            text: draft.text,
            at: draft.at,
        };
        messages.push(message.clone());
        self.by_client_id.insert(key, (draft.room, message.clone()));
        Stored::New(message)
    }
}

impl Store for MemoryStore {
    fn open_room(
        &self,
        name: &RoomName,
        _at: Timestamp,
    ) -> impl Future<Output = Result<RoomRecord, StoreError>> + Send {
        let mut inner = self.inner();
        let next = RoomId(i64::try_from(inner.rooms.len()).unwrap_or(i64::MAX).saturating_add(1));
        let id = *inner.rooms.entry(name.clone()).or_insert(next);
        ready(Ok(inner.record(id, name)))
    }

    fn find_room(
        &self,
        name: &RoomName,
    ) -> impl Future<Output = Result<Option<RoomRecord>, StoreError>> + Send {
        let inner = self.inner();
        ready(Ok(inner.rooms.get(name).map(|id| inner.record(*id, name))))
    }

    fn append(&self, drafts: Vec<Draft>) -> impl Future<Output = Result<Vec<Stored>, StoreError>> + Send {
        let mut inner = self.inner();
        ready(Ok(drafts.into_iter().map(|draft| inner.store(draft)).collect()))
    }

    fn events_after(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Event>, StoreError>> + Send {
        let inner = self.inner();
        let later = inner.room(room).iter().filter(|message| message.seq > after);
        ready(Ok(later.take(limit as usize).cloned().map(Event::Posted).collect()))
    }

    fn history(
        &self,
        room: RoomId,
        before: Option<Seq>,
        limit: u32,
    ) -> impl Future<Output = Result<History, StoreError>> + Send {
        let inner = self.inner();
        let all = inner.room(room);
        let head = all.last().map_or(Seq(0), |message| message.seq);
        let end = before.map_or(all.len(), |before| all.partition_point(|message| message.seq < before));
        let start = end.saturating_sub(limit as usize);
        ready(Ok(History { messages: all[start..end].to_vec(), older: start > 0, head }))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn passes_the_story_of_all_stores() {
        pollster::block_on(crate::store_story::tell(&super::MemoryStore::default()));
    }
}
