//! A room as this client knows it.

use hubbub_protocol::{Refusal, RoomName, Seq, User};

use crate::patience::Patience;
use crate::{Millis, Timeline};

/// How far one is into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// On the way in: not connected, or not answered. What is held can be read.
    Joining,
    /// In it: what happens there comes.
    Live,
    /// Not let in. If the refusal says `later`, the client asks again by itself.
    Refused(Refusal),
}

/// A room that one is in, wants to be in, or still has messages for.
#[derive(Clone, Debug)]
pub struct RoomState {
    /// Its name.
    pub name: RoomName,
    /// Whether the user wants to be there. If not, it is kept only until the messages to it are brought.
    pub open: bool,
    /// How far one is in.
    pub phase: Phase,
    /// Its messages.
    pub timeline: Timeline,
    /// Who is there, by name regardless of case, then by id; at most `MAX_PEOPLE_LISTED`. While not `Live`:
    /// who was there last.
    pub people: Vec<User>,
    /// How many people are there, listed or not.
    pub count: u32,
    pub(crate) seat: Seat,
}

/// The room's place on this connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seat {
    /// A join was sent and not answered.
    pub(crate) asked: bool,
    /// One is in the room.
    pub(crate) joined: bool,
    /// A join was refused for good, as long as nothing changes.
    pub(crate) refused: bool,
    /// Something is missing, so the room is joined once more, from the cursor.
    pub(crate) again: bool,
    /// What was missed is still coming.
    pub(crate) catching_up: bool,
    /// The highest position heard of since the join was sent, whether it could be applied or not.
    pub(crate) heard: Seq,
    /// An older page was asked for.
    pub(crate) asked_older: bool,
    /// When a join may be sent.
    pub(crate) joining: Patience,
    /// When a post may be sent.
    pub(crate) posting: Patience,
    /// When an older page may be asked for.
    pub(crate) reading: Patience,
}

impl RoomState {
    pub(crate) fn new(name: RoomName) -> Self {
        Self {
            name,
            open: false,
            phase: Phase::Joining,
            timeline: Timeline::default(),
            people: Vec::new(),
            count: 0,
            seat: Seat::default(),
        }
    }

    /// The connection is lost. How patient one is with posts is remembered: storage that was unavailable
    /// does not come back because a socket closed.
    pub(crate) fn lose_seat(&mut self) {
        self.seat = Seat { posting: std::mem::take(&mut self.seat.posting), ..Seat::default() };
        if self.phase == Phase::Live {
            self.phase = Phase::Joining;
        }
    }

    /// All that was missed has come. Whether it reaches up to what was heard meanwhile, the server knows
    /// best: if not, ask again.
    pub(crate) fn caught_up(&mut self) {
        self.seat.catching_up = false;
        self.seat.again |= self.timeline.cursor().is_none_or(|cursor| cursor < self.seat.heard);
    }
}

impl Seat {
    pub(crate) const fn wants_join(&self) -> bool {
        !self.asked && !self.refused && (!self.joined || self.again) && self.joining.is_ready()
    }

    pub(crate) fn wake(&mut self, now: Millis) {
        self.joining.wake(now);
        self.posting.wake(now);
        self.reading.wake(now);
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        let waits = [self.joining.deadline(), self.posting.deadline(), self.reading.deadline()];
        waits.into_iter().flatten().min()
    }
}
