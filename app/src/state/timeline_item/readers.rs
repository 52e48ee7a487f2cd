//! Under which line it is shown who has read up to there.

use std::collections::HashMap;
use std::sync::Arc;

use hubbub_client::RowKey;
use hubbub_protocol::{ReadMark, Seq, User, UserId};

use super::TimelineItem;

/// Puts each reader under the last message that they have read. Who stopped above what is held, or may have
/// read on below it, is not shown.
pub(crate) fn locate_readers(
    items: &[Arc<TimelineItem>],
    newer: bool,
    marks: &[ReadMark],
    user: impl Fn(UserId) -> Option<User>,
) -> HashMap<RowKey, Vec<User>> {
    let messages: Vec<(Seq, RowKey)> = items
        .iter()
        .filter_map(|item| item.message_item().and_then(|message_item| Some((message_item.seq()?, item.key))))
        .collect();
    let mut placed: HashMap<RowKey, Vec<User>> = HashMap::new();
    for mark in marks {
        let read = messages.partition_point(|(seq, _)| *seq <= mark.seq);
        let unsure = newer && read == messages.len();
        let last = read.checked_sub(1).filter(|_| !unsure).and_then(|last| messages.get(last));
        if let Some(((_, key), user)) = last.zip(user(mark.user)) {
            // In an order that does not depend on who read first, so that nothing changes places for nothing.
            let readers = placed.entry(*key).or_default();
            let route = readers.partition_point(|other| other.id.0 < user.id.0);
            readers.insert(route, user);
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::super::testing::{joined, pending, saved, user};
    use super::super::{ArrangeContext, LocalContext, arrange};
    use super::*;

    #[test]
    fn everybody_stands_under_the_last_message_they_have_read() {
        let (ada, ben) = (user(1, "Ada"), user(2, "Ben"));
        let at = "2026-11-20T10:00:00.000Z";
        let rows = [saved(5, &ada, at), saved(7, &ada, at), joined(8, &ben, at), pending(at)];
        let context = ArrangeContext {
            me: None,
            online: true,
            older: true,
            divider: None,
            here: LocalContext::UNKNOWN,
            known: &|_| None,
        };
        let items = arrange(rows.into_iter(), &context);
        let marks = [(4, 9), (3, 5), (2, 6), (1, 4), (9, 5)]
            .map(|(user, seq)| ReadMark { user: UserId(user), seq: Seq(seq) });
        let name = |id: UserId| (id.0 < 9).then(|| user(id.0, "Somebody"));
        let at = |seq: i64, newer| {
            let placed = locate_readers(&items, newer, &marks, name);
            let key = items.iter().find(|item| item.seq() == Some(Seq(seq))).expect("a line").key;
            placed.get(&key).map(|users| users.iter().map(|user| user.id.0).collect::<Vec<_>>())
        };
        assert_eq!(at(5, false), Some(vec![2, 3]));
        assert_eq!(at(7, false), Some(vec![4]));
        assert_eq!(at(8, false), None, "a notice is nobody's last message");
        assert_eq!(at(7, true), None, "there is more, and nobody knows how far they are");
    }
}
