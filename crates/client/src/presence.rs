//! Presence, typing indicators and read positions of other users.

use hubbub_protocol::{
    Joined, MAX_PEOPLE_LISTED, MAX_READERS_SHOWN, Presence, ReadMark, Seq, Signal, User, UserId,
};

use crate::room::RoomState;
use crate::{Client, Millis, people};

/// Milliseconds after which a typing indicator expires if the server does not end it.
const TYPING_AT_MOST_MILLIS: u64 = 10_000;

impl Client {
    /// Takes the state of a room from the answer to a join.
    pub(crate) fn merge_joined(&mut self, joined: Joined, now: Millis) {
        let name = joined.room.name;
        let me = self.me.as_ref().map(|me| me.id);
        let Some(room) = self.rooms.get_mut(&name) else { return };
        room.people = people::listed(joined.people);
        room.count = joined.count;
        room.members = joined.members;
        room.described.0 = joined.room.topic;
        room.set_marks(joined.marks.into_iter().filter(|mark| Some(mark.user) != me).collect());
        room.stop_typing();
        for user in joined.typing.into_iter().filter(|user| Some(user.id) != me) {
            room.types(user, true, now);
        }
        self.mark_room_changed(&name);
        self.repaint(&name);
    }

    pub(crate) fn on_signal(&mut self, name: &hubbub_protocol::RoomName, signal: Signal, now: Millis) {
        let me = self.me.as_ref().map(|me| me.id);
        let Some(room) = self.rooms.get_mut(name).filter(|room| room.subscription.joined) else { return };
        let change_set = self.change_set.room(name);
        match signal {
            Signal::People { changed, departed, count, members } => {
                change_set.people = true;
                change_set.marks |= room.forget_marks(&departed);
                let offline = changed.iter().filter(|person| person.presence == Presence::Offline);
                for id in departed.iter().copied().chain(offline.map(|person| person.user.id)) {
                    change_set.typing |= room.types_no_longer(id);
                }
                people::change(&mut room.people, changed, &departed);
                room.count = count;
                room.members = members;
            }
            Signal::Typing { user, .. } if Some(user.id) == me => {}
            Signal::Typing { user, on } => change_set.typing |= room.types(user, on, now),
            Signal::Read(mark) if Some(mark.user) == me => {}
            Signal::Read(mark) => change_set.marks |= room.mark(mark),
        }
    }
}

impl RoomState {
    pub(crate) fn set_marks(&mut self, marks: Vec<ReadMark>) {
        self.marks.clear();
        for mark in marks {
            self.mark(mark);
        }
    }

    /// Applies a read position of another user, or its removal. Returns whether it changed.
    fn mark(&mut self, mark: ReadMark) -> bool {
        let index = self.marks.binary_search_by_key(&mark.user, |other| other.user);
        match index {
            Ok(index) if mark.seq <= Seq(0) => {
                self.marks.remove(index);
            }
            Ok(index) if self.marks[index] == mark => return false,
            Ok(index) => self.marks[index] = mark,
            Err(index) if mark.seq > Seq(0) && self.marks.len() < MAX_READERS_SHOWN => {
                self.marks.insert(index, mark);
            }
            Err(_) => return false,
        }
        true
    }

    fn forget_marks(&mut self, users: &[UserId]) -> bool {
        let before = self.marks.len();
        self.marks.retain(|mark| !users.contains(&mark.user));
        before != self.marks.len()
    }

    /// Applies a typing indicator of another user. Returns whether it changed.
    pub(crate) fn types(&mut self, user: User, on: bool, now: Millis) -> bool {
        if !on {
            return self.types_no_longer(user.id);
        }
        let known = self.typing.iter().any(|other| other.id == user.id);
        if !known && self.typing.len() >= MAX_PEOPLE_LISTED {
            return false;
        }
        self.typing_until.insert(user.id, now.plus(TYPING_AT_MOST_MILLIS));
        if !known {
            self.typing.push(user);
        }
        !known
    }

    pub(crate) fn types_no_longer(&mut self, id: UserId) -> bool {
        self.typing_until.remove(&id);
        let before = self.typing.len();
        self.typing.retain(|user| user.id != id);
        before != self.typing.len()
    }

    pub(crate) fn stop_typing(&mut self) -> bool {
        self.typing_until.clear();
        let some = !self.typing.is_empty();
        self.typing.clear();
        some
    }

    /// Removes expired typing indicators. Returns whether there were any.
    pub(crate) fn expire_typing(&mut self, now: Millis) -> bool {
        let Self { typing, typing_until, .. } = self;
        typing_until.retain(|_, until| *until > now);
        let before = typing.len();
        typing.retain(|user| typing_until.contains_key(&user.id));
        before != typing.len()
    }

    /// Places the divider before the first unread message when the room is opened and the read position is
    /// known, or when messages arrive while the tab is hidden.
    pub(crate) fn place_divider(&mut self) {
        let read_tracker = &mut self.read_tracker;
        let due = read_tracker.divider_due && read_tracker.is_known();
        if due || (read_tracker.away && self.divider.is_none()) {
            read_tracker.divider_due &= !due;
            let divider = (read_tracker.unread() > 0).then(|| read_tracker.position());
            self.divider = divider;
            // The view also starts at messages that arrived while the tab was hidden, which are loaded.
            let begins = !due || read_tracker.at_unread;
            if let Some(read) = divider.filter(|_| begins) {
                self.opens_at = divider;
                if due {
                    self.timeline.want_after(read);
                }
            }
        }
    }
}
