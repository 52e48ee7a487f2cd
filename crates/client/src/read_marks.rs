//! The read positions of the other members of a room.

use hubbub_protocol::{MAX_READERS_SHOWN, ReadMark, Seq, UserId};

use crate::Timeline;

/// Read positions by user id; at most [`MAX_READERS_SHOWN`].
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadMarks {
    marks: Vec<ReadMark>,
}

impl ReadMarks {
    pub(crate) fn all(&self) -> &[ReadMark] {
        &self.marks
    }

    /// Returns the read positions, considering that the author of a message has read everything before it.
    pub(crate) fn with_authors(&self, timeline: &Timeline) -> Vec<ReadMark> {
        let mut marks = self.marks.clone();
        for message in timeline.saved() {
            if let Ok(index) = marks.binary_search_by_key(&message.author.id, |mark| mark.user) {
                marks[index].seq = marks[index].seq.max(message.seq);
            }
        }
        marks
    }

    /// Replaces all positions, and omits that of the user.
    pub(crate) fn replace(&mut self, marks: Vec<ReadMark>, me: Option<UserId>) {
        self.marks.clear();
        for mark in marks.into_iter().filter(|mark| Some(mark.user) != me) {
            self.set(mark);
        }
    }

    /// Applies a read position, or its removal. Returns whether it changed.
    pub(crate) fn set(&mut self, mark: ReadMark) -> bool {
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

    /// Removes the positions of these users. Returns whether there were any.
    pub(crate) fn remove(&mut self, users: &[UserId]) -> bool {
        let before = self.marks.len();
        self.marks.retain(|mark| !users.contains(&mark.user));
        before != self.marks.len()
    }
}
