//! Invariants of every client.

use hubbub_client::{Client, Entry, Kept, Row, RowKey, RowState};
use hubbub_protocol::Seq;

/// Checks the invariants that hold at any time, whatever the server sends.
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
        assert!(room.people().len() <= hubbub_protocol::MAX_PEOPLE_LISTED);
        assert!(room.typing().len() <= hubbub_protocol::MAX_PEOPLE_LISTED);
        assert!(room.marks().len() <= hubbub_protocol::MAX_READERS_SHOWN);
        assert!(room.unread() <= hubbub_protocol::MAX_UNREAD_COUNTED);
    }
    // The unsent rows equal the outbox, in the same order.
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

/// Returns the waiting and failed records by id, which durable storage must contain.
pub(crate) fn unsent(client: &Client) -> Vec<Kept> {
    let messages = client.outbox().entries().cloned().map(Kept::Message);
    let all = messages.chain(client.changes().cloned().map(Kept::Change));
    // The progress of uploads is not stored.
    let mut all: Vec<Kept> =
        all.map(|kept| serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap()).collect();
    all.sort_by_key(Kept::id);
    all
}

/// Returns the entry of a pending or failed row and checks that both agree.
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

/// Returns the position of a stored row.
pub(crate) fn position(row: &Row) -> Option<Seq> {
    match &row.state {
        RowState::Saved(message) => Some(message.seq),
        RowState::Notice(event) => Some(event.seq()),
        RowState::Sent { .. } | RowState::Pending(_) | RowState::Failed(..) => None,
    }
}
