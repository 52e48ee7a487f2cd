//! What a room shows of its other users: members, read positions and typing indicators.

use hubbub_protocol::{Person, Presence, ReadMark, RoomName, Signal, User, UserId};

use crate::Millis;
use crate::member_list::MemberList;
use crate::output::ClientOutput;
use crate::read_marks::ReadMarks;
use crate::typing_list::TypingList;

/// The other users of a room.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoomPresence {
    pub(crate) members: MemberList,
    pub(crate) marks: ReadMarks,
    pub(crate) typing: TypingList,
}

impl RoomPresence {
    /// Takes members and read positions from a rendered page.
    pub(crate) fn seed(&mut self, members: MemberList, marks: Vec<ReadMark>, me: Option<UserId>) {
        self.members = members;
        self.marks.replace(marks, me);
    }

    /// Takes members, read positions and typing users from the reply to a join.
    pub(crate) fn on_joined(
        &mut self,
        members: MemberList,
        marks: Vec<ReadMark>,
        typing: Vec<User>,
        me: Option<UserId>,
        now: Millis,
    ) {
        self.seed(members, marks, me);
        self.typing.clear();
        for user in typing.into_iter().filter(|user| Some(user.id) != me) {
            self.typing.set(user, true, now);
        }
    }

    pub(crate) fn on_signal(
        &mut self,
        room: &RoomName,
        signal: Signal,
        me: Option<UserId>,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        let changes = out.room(room);
        match signal {
            Signal::People { changed, departed, count, members } => {
                changes.people = true;
                changes.marks |= self.marks.remove(&departed);
                let is_offline = |person: &&Person| person.presence == Presence::Offline;
                let offline = changed.iter().filter(is_offline).map(|person| person.user.id);
                for id in departed.iter().copied().chain(offline) {
                    changes.typing |= self.typing.remove(id);
                }
                self.members.update(changed, &departed);
                self.members.set_counts(count, members);
            }
            Signal::Typing { user, .. } if Some(user.id) == me => {}
            Signal::Typing { user, on } => changes.typing |= self.typing.set(user, on, now),
            Signal::Read(mark) if Some(mark.user) == me => {}
            Signal::Read(mark) => changes.marks |= self.marks.set(mark),
        }
    }
}
