//! Sends messages until the server has stored them.

use std::sync::Arc;

use hubbub_protocol::{
    ClientId, Code, Command, Field, MAX_FILES_PER_MESSAGE, Posted, Refusal, Retry, RoomName, UserId,
};

use crate::channel::Channel;
use crate::output::ClientOutput;
use crate::requests::Request;
use crate::rooms::Rooms;
use crate::uploads::{self, UploadOutcome, UploadQueue};
use crate::{Effect, Entry, Kept, LocalFile, Millis, Outbox, RoomState, UploadEvent};

/// Sends the messages of the outbox, and shows them in the timelines of their rooms.
#[derive(Debug, Default)]
pub(crate) struct SendQueue {
    outbox: Outbox,
    uploads: UploadQueue,
}

impl SendQueue {
    pub(crate) const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    pub(crate) fn has_pending(&self, room: &RoomName) -> bool {
        self.outbox.has_pending(room)
    }

    /// Adds a message of the user. Ignores it if the outbox is full, an id is in use, or it has too many files.
    pub(crate) fn enqueue(
        &mut self,
        mut entry: Entry,
        rooms: &mut Rooms,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        let is_known = |file: &LocalFile| self.outbox.file(file.upload_id).is_some();
        if self.outbox.is_full()
            || self.is_in_use(entry.client_id, &entry.room, rooms)
            || entry.files.len() > MAX_FILES_PER_MESSAGE
            || entry.files.iter().any(is_known)
        {
            return;
        }
        entry.author = rooms.my_id();
        let entry = self.outbox.add(entry);
        out.keep(Kept::Message(entry.as_ref().clone()));
        let room = self.show(&entry, rooms, out);
        room.allow_join(out);
        room.typing_notifier.stop(now);
        // Scrolls to the end, where the new message appears.
        room.timeline.want_end();
    }

    /// Adds a message that has failed, under the id of an edit that was refused.
    pub(crate) fn add_failed(&mut self, entry: Entry, rooms: &mut Rooms, out: &mut ClientOutput) {
        let entry = self.outbox.add(entry);
        // The record of the message overwrites the record of the edit, which has the same id.
        out.keep(Kept::Message(entry.as_ref().clone()));
        self.show(&entry, rooms, out);
    }

    /// Sends a failed message again, under the id `fresh` if another message has its id.
    pub(crate) fn retry(
        &mut self,
        client_id: ClientId,
        fresh: ClientId,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) {
        let Some(entry) = self.outbox.get(client_id) else { return };
        let fresh = (!self.is_in_use(fresh, &entry.room, rooms)).then_some(fresh);
        let is_upload_lost = entry.failed.as_ref().is_some_and(|refusal| refusal.field == Some(Field::Files));
        let Some(entry) = self.outbox.retry(client_id, fresh, rooms.my_id()) else { return };
        let Some(entry) = self.uploads.retry_all(&mut self.outbox, entry.client_id, is_upload_lost) else {
            return;
        };
        // A crash between the two effects leaves a duplicate record instead of losing the message.
        out.keep(Kept::Message(entry.as_ref().clone()));
        if entry.client_id != client_id {
            out.effects.push(Effect::Forget(client_id));
            rooms.get_or_create(&entry.room, &self.outbox).timeline.hide(client_id);
        }
        self.show(&entry, rooms, out).allow_join(out);
    }

    /// Removes a message that the user cancels, unless it is in flight.
    pub(crate) fn cancel(&mut self, client_id: ClientId, rooms: &mut Rooms, out: &mut ClientOutput) {
        if self.outbox.can_cancel(client_id) {
            self.remove(client_id, rooms, out);
        }
    }

    /// Sends waiting messages to joined rooms.
    pub(crate) fn send(
        &mut self,
        rooms: &mut Rooms,
        channel: &mut Channel,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        if self.outbox.is_empty() {
            return;
        }
        let id_of = |name: &RoomName| rooms.get(name).filter(|room| room.subscription.is_joined())?.id;
        for client_id in self.uploads.start(&mut self.outbox, id_of, out) {
            self.show_again(client_id, rooms, out);
        }
        for room in rooms.all().filter(|room| room.subscription.is_joined()) {
            self.outbox.limit_holds(&room.name, now);
            while channel.has_place_for_posts()
                && let Some(post) = self.next_request(room)
            {
                channel.send(post, now, out);
            }
        }
    }

    /// Returns the next message of a joined room to send now.
    fn next_request(&mut self, room: &RoomState) -> Option<(Command, Request)> {
        // After a temporary refusal, one message is sent alone. If it is refused too, no other has overtaken
        // it.
        let is_blocked = room.posting.on_trial() && self.outbox.has_in_flight(&room.name);
        if is_blocked || !room.posting.is_ready() {
            return None;
        }
        let entry = self.outbox.first_ready(&room.name)?.clone();
        self.outbox.set_in_flight(entry.client_id, true);
        let command = Command::Post {
            room: room.name.as_str().to_owned(),
            client_id: entry.client_id,
            text: entry.text.as_str().to_owned(),
            reply_to: entry.reply_to.as_ref().map(|quote| quote.message_id),
            files: entry.files.iter().filter_map(|file| Some(file.attachment()?.id)).collect(),
        };
        Some((command, Request::Post(entry.client_id)))
    }

    /// Handles the reply to a message: it is stored. Returns whether the reply matches the message.
    pub(crate) fn on_reply(
        &mut self,
        client_id: ClientId,
        posted: Posted,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) -> bool {
        let Posted { room, seq, at, .. } = posted;
        if self.outbox.get(client_id).is_some_and(|entry| entry.room != room) {
            return false;
        }
        let entry = self.remove(client_id, rooms, out);
        let Some(room) = rooms.get_mut(&room) else { return true };
        room.posting.granted();
        // The outbox has no entry if the event arrived before the reply.
        if let Some(entry) = entry {
            room.timeline.confirm(entry, seq, at);
        }
        true
    }

    /// Handles the refusal of a message.
    pub(crate) fn on_refusal(
        &mut self,
        client_id: ClientId,
        refusal: Refusal,
        rooms: &mut Rooms,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        self.outbox.set_in_flight(client_id, false);
        let Some(entry) = self.outbox.get(client_id) else { return };
        if refusal.code != Code::NotJoined && refusal.retry == Retry::Never {
            // The server deletes uploads that wait too long for their message.
            let is_lost = refusal.code == Code::NotFound && refusal.field == Some(Field::Files);
            let again = if is_lost { self.outbox.upload_again(client_id) } else { None };
            match again {
                Some(entry) => {
                    out.keep(Kept::Message(entry.as_ref().clone()));
                    self.show(&entry, rooms, out);
                }
                None => self.fail(client_id, refusal, rooms, out),
            }
            return;
        }
        let Some(room) = rooms.get_mut(&entry.room) else { return };
        if refusal.code == Code::NotJoined {
            // The message is valid; the room must be joined again.
            room.rejoin(now, out);
            return;
        }
        let is_first = !room.posting.on_trial();
        room.posting.refused_as(&refusal, now);
        // The message waits. The user is notified once, until a message is stored again.
        if is_first && refusal.code == Code::Unavailable {
            out.refused(&room.name, refusal);
        }
    }

    /// Removes a message of the user whose event has arrived in a room.
    pub(crate) fn on_event(
        &mut self,
        room: &RoomName,
        client_id: ClientId,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) {
        if self.outbox.get(client_id).is_some_and(|entry| entry.room == *room) {
            self.remove(client_id, rooms, out);
        }
    }

    /// Removes the messages that are among the saved messages of the room.
    pub(crate) fn remove_saved(&mut self, name: &RoomName, rooms: &mut Rooms, out: &mut ClientOutput) {
        let Some(room) = rooms.get(name) else { return };
        let saved = self.outbox.of_room(name).map(|entry| entry.client_id);
        let saved: Vec<ClientId> = saved.filter(|id| room.timeline.holds_mine(*id)).collect();
        for client_id in saved {
            self.remove(client_id, rooms, out);
        }
    }

    /// Fails all pending messages to a room that cannot be joined.
    pub(crate) fn fail_room(
        &mut self,
        name: &RoomName,
        refusal: &Refusal,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) {
        let entries = self.outbox.of_room(name).filter(|entry| entry.failed.is_none());
        let entries: Vec<ClientId> = entries.map(|entry| entry.client_id).collect();
        for client_id in entries {
            self.fail(client_id, refusal.clone(), rooms, out);
        }
    }

    /// Restores messages from an earlier run or another tab, in the order of sending.
    pub(crate) fn restore(&mut self, entries: Vec<Entry>, rooms: &mut Rooms, out: &mut ClientOutput) {
        for entry in entries {
            let Some(entry) = self.outbox.restore(entry) else { continue };
            self.show(&entry, rooms, out);
            self.remove_saved(&entry.room, rooms, out);
        }
    }

    /// Assigns messages without an author to this user.
    pub(crate) fn adopt(&mut self, me: UserId, rooms: &mut Rooms, out: &mut ClientOutput) {
        for entry in self.outbox.adopt(me) {
            out.keep(Kept::Message(entry.as_ref().clone()));
            self.show(&entry, rooms, out);
        }
    }

    /// Hides messages by their id and author. They stay in storage.
    pub(crate) fn hide(
        &mut self,
        is_hidden: &dyn Fn(ClientId, Option<UserId>) -> bool,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) {
        for entry in self.outbox.take_out(is_hidden) {
            uploads::stop(&entry, out);
            if let Some(room) = rooms.get_mut(&entry.room) {
                room.timeline.hide(entry.client_id);
            }
            out.change_set.outbox = true;
            out.room(&entry.room).timeline = true;
        }
    }

    /// Removes the authors, because users of another database have other ids.
    pub(crate) fn forget_authors(&mut self) {
        self.outbox.forget_ids();
    }

    /// Marks all messages as waiting after the connection is lost, so that they are sent again. Uploads pause.
    pub(crate) fn reset_in_flight(&mut self, rooms: &mut Rooms, out: &mut ClientOutput) {
        self.outbox.reset_in_flight();
        for client_id in self.uploads.pause_all(&mut self.outbox, out) {
            self.show_again(client_id, rooms, out);
        }
    }

    /// Handles an event of an upload.
    pub(crate) fn on_upload(
        &mut self,
        upload_id: ClientId,
        event: UploadEvent,
        rooms: &mut Rooms,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        match self.uploads.on_event(&mut self.outbox, upload_id, event, now, out) {
            None => {}
            Some(UploadOutcome::Shown(client_id)) => self.show_again(client_id, rooms, out),
            Some(UploadOutcome::Changed(client_id)) => {
                if let Some(entry) = self.outbox.get(client_id) {
                    out.keep(Kept::Message(entry.clone()));
                }
                self.show_again(client_id, rooms, out);
            }
            Some(UploadOutcome::Failed(client_id, refusal)) => self.fail(client_id, refusal, rooms, out),
            Some(UploadOutcome::NothingLeft(client_id)) => _ = self.remove(client_id, rooms, out),
        }
    }

    /// Removes expired delays.
    pub(crate) fn wake(&mut self, now: Millis) {
        self.outbox.wake(now);
        self.uploads.wake(now);
    }

    /// Returns the time of the next upload or message that was delayed.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.outbox.deadline().into_iter().chain(self.uploads.deadline()).min()
    }

    fn show_again(&self, client_id: ClientId, rooms: &mut Rooms, out: &mut ClientOutput) {
        if let Some(entry) = self.outbox.shared(client_id) {
            self.show(&entry, rooms, out);
        }
    }

    fn fail(&mut self, client_id: ClientId, refusal: Refusal, rooms: &mut Rooms, out: &mut ClientOutput) {
        uploads::pause(&mut self.outbox, client_id, out);
        if let Some(entry) = self.outbox.fail(client_id, refusal) {
            out.keep(Kept::Message(entry.as_ref().clone()));
            self.show(&entry, rooms, out);
        }
    }

    /// Shows a new or changed message in the timeline of its room.
    fn show<'a>(
        &self,
        entry: &Arc<Entry>,
        rooms: &'a mut Rooms,
        out: &mut ClientOutput,
    ) -> &'a mut RoomState {
        out.change_set.outbox = true;
        out.room(&entry.room).timeline = true;
        let room = rooms.get_or_create(&entry.room, &self.outbox);
        room.timeline.show(entry.clone());
        room
    }

    /// Removes a message that is stored or given up.
    fn remove(
        &mut self,
        client_id: ClientId,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) -> Option<Arc<Entry>> {
        let entry = self.outbox.remove(client_id)?;
        out.effects.push(Effect::Forget(client_id));
        // After the record, so that no record refers to a missing file.
        uploads::discard(&entry.files, out);
        if let Some(room) = rooms.get_mut(&entry.room) {
            room.timeline.hide(client_id);
        }
        out.change_set.outbox = true;
        out.room(&entry.room).timeline = true;
        Some(entry)
    }

    /// Returns whether one of the user's messages already has this id. Two rows must not have the same key.
    fn is_in_use(&self, client_id: ClientId, room: &RoomName, rooms: &Rooms) -> bool {
        self.outbox.get(client_id).is_some()
            || rooms.get(room).is_some_and(|room| room.timeline.holds_mine(client_id))
    }
}
