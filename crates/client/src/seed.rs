//! The initial state of a room, from a rendered page or a local copy.

use hubbub_protocol::{Page, Person, ReadMark, Seq, Topic};

/// A room as the server rendered it, or from a local copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// Newest rows, or the rows around a position.
    pub page: Page,
    /// Newest position of the room when the rows were read.
    pub cursor: Seq,
    /// Topic.
    pub topic: Topic,
    /// Members.
    pub people: Vec<Person>,
    /// Number of present users.
    pub count: u32,
    /// Number of members.
    pub members: u32,
    /// Read positions of other members.
    pub marks: Vec<ReadMark>,
}

impl Seed {
    /// Creates a seed from the result of [`crate::RoomState::copy`].
    #[must_use]
    pub fn of_copy(page: Page, cursor: Seq) -> Self {
        Self {
            page,
            cursor,
            topic: Topic::default(),
            people: Vec::new(),
            count: 0,
            members: 0,
            marks: Vec::new(),
        }
    }
}
