//! The members of a room and their presence, for pages and the REST API.

use hubbub_chat::{MemberRecord, Roster};
use hubbub_protocol::{Person, ReadMark};

/// Members and presence of a room at this moment.
#[derive(Debug, Default)]
pub(crate) struct RoomSnapshot {
    pub(crate) people: Vec<Person>,
    pub(crate) count: u32,
    pub(crate) members: u32,
    pub(crate) marks: Vec<ReadMark>,
}

impl RoomSnapshot {
    /// Returns the snapshot of a room in which no connection is present.
    pub(crate) fn nobody(members: Vec<MemberRecord>) -> Self {
        let people = Roster::new(members);
        let (members, marks) = (people.members(), people.marks());
        Self { people: people.list(), count: 0, members, marks }
    }
}
