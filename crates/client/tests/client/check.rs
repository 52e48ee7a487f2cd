//! What is true of every client at every moment.

use hubbub_client::{Client, Entry, Kept, Row, RowKey, RowState};
use hubbub_protocol::Seq;

/// What holds at any moment, whatever the server says.
pub(crate) fn check(client: &Client) {
    for room in client.rooms() {
        let mut keys: Vec<RowKey> = room.timeline.rows().map(|row| row.key).collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), all, "two rows have one key");
        let saved: Vec<Seq> = room.timeline.rows().filter_map(|row| position(&row)).collect();
        assert!(saved.windows(2).all(|pair| pair[0] < pair[1]), "positions out of order: {saved:?}");
        assert!(saved.len() <= hubbub_client::MAX_HELD);
        assert!(room.people.len() <= hubbub_protocol::MAX_PEOPLE_LISTED);
        assert!(room.typing.len() <= hubbub_protocol::MAX_PEOPLE_LISTED);
        assert!(room.marks.len() <= hubbub_protocol::MAX_READERS_SHOWN);
        assert!(room.unread <= hubbub_protocol::MAX_UNREAD_COUNTED);
    }
    // What is shown as unsent is what the outbox has, in the same order.
    for room in client.rooms().filter(|room| !room.timeline.has_newer()) {
        let kept: Vec<&Entry> = client.outbox().entries().filter(|entry| entry.room == room.name).collect();
        let rows: Vec<RowState> = room.timeline.rows().map(|row| row.state).collect();
        let shown: Vec<&Entry> = rows.iter().filter_map(entry_of).collect();
        assert_eq!(shown, kept);
    }
    let homeless =
        client.outbox().entries().find(|it| it.failed.is_none() && client.room(&it.room).is_none());
    assert_eq!(homeless, None, "a message waits for a room that nobody wants");
    assert!(client.outbox().len() <= hubbub_client::MAX_ENTRIES + hubbub_client::MAX_CHANGES);
    assert!(client.changes().count() <= hubbub_client::MAX_CHANGES);
}

/// What waits or has failed, by id: what durable storage holds.
pub(crate) fn unsent(client: &Client) -> Vec<Kept> {
    let messages = client.outbox().entries().cloned().map(Kept::Message);
    let mut all: Vec<Kept> = messages.chain(client.changes().cloned().map(Kept::Change)).collect();
    all.sort_by_key(Kept::id);
    all
}

/// The entry of a row that is pending or failed, and says so.
fn entry_of(state: &RowState) -> Option<&Entry> {
    match state {
        RowState::Pending(entry) => {
            assert_eq!(entry.failed, None);
            Some(entry.as_ref())
        }
        RowState::Failed(entry, refusal) => {
            assert_eq!(entry.failed.as_ref(), Some(refusal));
            Some(entry.as_ref())
        }
        RowState::Saved(_) | RowState::Sent { .. } | RowState::Notice(_) => None,
    }
}

/// The position of a row that is stored.
pub(crate) fn position(row: &Row) -> Option<Seq> {
    match &row.state {
        RowState::Saved(message) => Some(message.seq),
        RowState::Notice(event) => Some(event.seq()),
        RowState::Sent { .. } | RowState::Pending(_) | RowState::Failed(..) => None,
    }
}
