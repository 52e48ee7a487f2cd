//! Places the read positions of other users in the timeline: under the user's own last message, and at the
//! end.

use std::collections::HashMap;
use std::sync::Arc;

use hubbub_client::RowKey;
use hubbub_protocol::{ReadMark, Seq, User, UserId};

use super::TimelineItem;

/// Places each reader at the end, or under the user's own last message if the reader has read up to there. No
/// reader is shown elsewhere, nor while newer messages are not loaded, because then neither the end nor the
/// last own message is known.
pub(crate) fn locate_readers(
    items: &[Arc<TimelineItem>],
    newer: bool,
    marks: &[ReadMark],
    user: impl Fn(UserId) -> Option<User>,
) -> HashMap<RowKey, Vec<User>> {
    if newer {
        return HashMap::new();
    }
    let mut end: Option<(Seq, RowKey)> = None;
    let mut my_last: Option<(Seq, RowKey)> = None;
    for item in items {
        let Some(message_item) = item.message_item() else { continue };
        let Some(seq) = message_item.seq() else { continue };
        end = Some((seq, item.key));
        if message_item.own {
            my_last = end;
        }
    }
    let places = [end, my_last];
    let mut placed: HashMap<RowKey, Vec<User>> = HashMap::new();
    for mark in marks {
        let place = places.iter().flatten().find(|(seq, _)| *seq <= mark.seq);
        if let Some(((_, key), user)) = place.zip(user(mark.user)) {
            // The readers are sorted by id, so that a new reader does not move the other readers.
            let readers = placed.entry(*key).or_default();
            let index = readers.partition_point(|other| other.id.0 < user.id.0);
            readers.insert(index, user);
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::super::testing::{joined, pending, saved, user};
    use super::super::{ArrangeContext, LocalContext, arrange};
    use super::*;

    /// Returns the readers under the messages at these positions, as Ada sees them.
    fn readers_at(seqs: [i64; 3], newer: bool) -> [Vec<i64>; 3] {
        let (ada, ben) = (user(1, "Ada"), user(2, "Ben"));
        let at = "2026-11-20T10:00:00.000Z";
        let rows =
            [saved(5, &ada, at), saved(7, &ben, at), joined(8, &ben, at), saved(9, &ben, at), pending(at)];
        let context = ArrangeContext {
            me: Some(&ada),
            online: true,
            older: true,
            divider: None,
            here: LocalContext::of_first_render(None),
            known: &|_| None,
        };
        let items = arrange(rows.into_iter(), &context);
        let marks = [(4, 9), (3, 5), (2, 7), (5, 12), (6, 4), (9, 5)]
            .map(|(user, seq)| ReadMark { user: UserId(user), seq: Seq(seq) });
        let name = |id: UserId| (id.0 < 9).then(|| user(id.0, "Somebody"));
        let placed = locate_readers(&items, newer, &marks, name);
        seqs.map(|seq| {
            let key = items.iter().find(|item| item.seq() == Some(Seq(seq))).expect("a line").key;
            placed.get(&key).into_iter().flatten().map(|user| user.id.0).collect()
        })
    }

    #[test]
    fn places_readers_at_the_last_own_message_and_at_the_end() {
        assert_eq!(readers_at([5, 7, 9], false), [vec![2, 3], vec![], vec![4, 5]]);
    }

    #[test]
    fn shows_no_readers_while_newer_messages_are_not_loaded() {
        assert_eq!(readers_at([5, 7, 9], true), [const { Vec::<i64>::new() }; 3]);
    }
}
