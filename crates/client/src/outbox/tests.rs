//! Tests of the outbox alone.

use hubbub_protocol::{MessageText, Timestamp};

use super::*;

fn entry(number: u8, order: u64) -> Entry {
    Entry {
        client_id: ClientId::from_random_bytes([number; 16]),
        author: None,
        room: RoomName::parse("lobby").unwrap(),
        text: MessageText::parse("hi").unwrap(),
        files: Vec::new(),
        reply_to: None,
        at: Timestamp::from_millis(0),
        order,
        failed: None,
    }
}

#[test]
fn orders_new_entries_after_restored_ones() {
    let mut outbox = Outbox::default();
    for restored in [entry(1, 7), entry(2, 3), entry(1, 1)] {
        outbox.restore(restored);
    }
    outbox.add(entry(3, 0));
    let orders: Vec<u64> = outbox.entries().map(|entry| entry.order).collect();
    assert_eq!(orders, [3, 7, 8]);
}

#[test]
fn survives_an_invalid_order_from_storage() {
    let mut outbox = Outbox::default();
    outbox.restore(entry(1, u64::MAX));
    let first = outbox.add(entry(2, 0)).client_id;
    let second = outbox.add(entry(3, 0)).client_id;
    let last: Vec<ClientId> = outbox.entries().map(|entry| entry.client_id).skip(1).collect();
    assert_eq!(last, [first, second]);
}

#[test]
fn does_not_restore_a_known_or_removed_entry() {
    let mut outbox = Outbox::default();
    outbox.restore(entry(1, 1));
    assert_eq!(outbox.restore(entry(1, 5)), None, "it is here");
    outbox.remove(entry(1, 1).client_id);
    assert_eq!(outbox.restore(entry(1, 1)), None, "it is sent, or cancelled");
    assert!(outbox.restore(entry(2, 1)).is_some());
    outbox.fail(entry(2, 1).client_id, Refusal::client_id_taken());
    outbox.retry(entry(2, 1).client_id, Some(entry(3, 1).client_id), None);
    assert_eq!(outbox.restore(entry(2, 1)), None, "it has another name");
    assert_eq!(outbox.len(), 1);
}

#[test]
fn is_full_at_its_limit() {
    let mut outbox = Outbox::default();
    for number in 0..MAX_ENTRIES + 5 {
        let [low, high, ..] = number.to_le_bytes();
        let id = [low, high, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        outbox.restore(Entry { client_id: ClientId::from_random_bytes(id), ..entry(0, 0) });
    }
    assert_eq!(outbox.len(), MAX_ENTRIES);
    assert!(outbox.is_full());
}

#[test]
fn keeps_an_entry_equal_through_storage() {
    let failed = Entry { failed: Some(Refusal::client_id_taken()), author: Some(UserId(4)), ..entry(1, 2) };
    for kept in [entry(1, 2), failed] {
        let json = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), kept);
    }
}
