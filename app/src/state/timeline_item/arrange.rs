//! Arranges rows of the client as rows of the view: groups, day separators, the divider, and combined
//! notices.

use std::sync::Arc;

use hubbub_client::{Row, RowKey, RowState};
use hubbub_protocol::{Event, Seq, Timestamp, User};

use super::{Day, ItemKind, LocalContext, MembershipChanges, MessageItem, TimelineItem};
use crate::i18n::LocalTime;

/// Maximum milliseconds between two messages of one author in the same group.
const GROUP_MILLIS: i64 = 5 * 60 * 1_000;

/// Everything on which a row depends, besides its neighbours.
pub(crate) struct ArrangeContext<'a> {
    /// The current user.
    pub(crate) me: Option<&'a User>,
    /// Whether a connection exists.
    pub(crate) online: bool,
    /// Whether the room has events before the first row.
    pub(crate) older: bool,
    /// The position after which the unread messages begin.
    pub(crate) divider: Option<Seq>,
    /// The reader's time zone and date.
    pub(crate) here: LocalContext,
    /// Returns the row shown under a key before, for the same reader. An unchanged row is reused.
    pub(crate) known: &'a dyn Fn(&RowKey) -> Option<Arc<TimelineItem>>,
}

/// Arranges the rows. Unchanged rows are only compared, so time and memory depend mainly on the number of
/// changed rows.
pub(crate) fn arrange(
    rows: impl Iterator<Item = Row>,
    context: &ArrangeContext<'_>,
) -> Vec<Arc<TimelineItem>> {
    let mut items = Items {
        context,
        done: Vec::with_capacity(rows.size_hint().0),
        run: None,
        divider: Divider::of(context),
    };
    for row in rows {
        items.add(row);
    }
    items.end_run();
    items.done
}

struct Items<'a> {
    context: &'a ArrangeContext<'a>,
    done: Vec<Arc<TimelineItem>>,
    run: Option<Run>,
    divider: Divider,
}

/// Consecutive joins and leaves that become one row.
struct Run {
    key: RowKey,
    at: Timestamp,
    time: LocalTime,
    changes: MembershipChanges,
}

/// The position of the divider: before the first message of another user after a position.
enum Divider {
    /// There is no divider, or it is above the loaded rows, or it is already placed.
    Settled,
    /// The divider is not placed yet. `seen` is set if a row before the position was passed, or if the room
    /// begins with the first row; otherwise the divider may be above the loaded rows.
    Sought { after: Seq, seen: bool },
}

impl Divider {
    fn of(context: &ArrangeContext<'_>) -> Self {
        context.divider.map_or(Self::Settled, |after| Self::Sought { after, seen: !context.older })
    }

    /// Whether the divider belongs before a row at this position.
    fn is_before(&mut self, seq: Option<Seq>, by_another: bool) -> bool {
        let (Self::Sought { after, seen }, Some(seq)) = (&mut *self, seq) else { return false };
        if seq <= *after {
            *seen = true;
            return false;
        }
        let here = *seen && by_another;
        if here || !*seen {
            *self = Self::Settled;
        }
        here
    }
}

impl Items<'_> {
    fn add(&mut self, row: Row) {
        let (at, seq) = match &row.state {
            RowState::Saved(message) => (message.at, Some(message.seq)),
            RowState::Sent { at, seq, .. } => (*at, Some(*seq)),
            RowState::Pending(entry) | RowState::Failed(entry, _) => (entry.at, None),
            RowState::Notice(event) => (event.at(), Some(event.seq())),
        };
        let known = (self.context.known)(&row.key);
        let time = match &known {
            Some(known) if known.at == at => known.time,
            _ => self.context.here.clock.local(at),
        };
        let event = match &row.state {
            RowState::Notice(event) => event.clone(),
            _ => return self.add_message(row, known, at, time, seq),
        };
        self.divider.is_before(seq, false);
        match event.as_ref() {
            Event::Joined(moved) => self.add_move(row.key, time, &moved.user, true, event.seq(), at),
            Event::Left(moved) => self.add_move(row.key, time, &moved.user, false, event.seq(), at),
            Event::Described(described) => {
                self.end_run();
                let kind = || ItemKind::Described(described.clone());
                self.push(row.key, known, at, time, false, |it| matches!(it, ItemKind::Described(_)), kind);
            }
            // A post has a message row, and the other events change a message, so none of them is a notice.
            Event::Posted(_) | Event::Edited(_) | Event::Deleted(_) | Event::Reacted(_) => {}
        }
    }

    fn add_message(
        &mut self,
        row: Row,
        known: Option<Arc<TimelineItem>>,
        at: Timestamp,
        time: LocalTime,
        seq: Option<Seq>,
    ) {
        self.end_run();
        let me = self.context.me;
        let (own, author) = match &row.state {
            RowState::Saved(message) => {
                (me.is_some_and(|me| me.id == message.author.id), Some(&message.author))
            }
            _ => (true, me),
        };
        let divided = self.divider.is_before(seq, !own);
        let first = divided
            || self.done.last().is_none_or(|before| {
                before.time.date() != time.date()
                    || (at.millis() - before.at.millis()).abs() >= GROUP_MILLIS
                    || before.message_item().is_none_or(|message_item| {
                        message_item.own != own || message_item.author.as_ref() != author
                    })
            });
        // Only pending messages depend on the connection; other messages must not change with it.
        let online = self.context.online || !matches!(row.state, RowState::Pending(_));
        let is_same = |kind: &ItemKind| match kind {
            ItemKind::Message(message_item) => {
                // Stored messages are shared, so the comparison of the rows is mostly that of two pointers.
                message_item.row == row
                    && message_item.own == own
                    && message_item.first == first
                    && message_item.online == online
                    && message_item.author.as_ref() == author
            }
            ItemKind::MembershipChanged(_) | ItemKind::Described(_) => false,
        };
        let (key, row) = (row.key, &row);
        let edited = || match &row.state {
            RowState::Saved(message) => message.edited_at.map(|at| self.context.here.clock.local(at)),
            _ => None,
        };
        let kind = || {
            ItemKind::Message(MessageItem {
                row: row.clone(),
                author: author.cloned(),
                edited: edited(),
                own,
                first,
                online,
            })
        };
        self.push(key, known, at, time, divided, is_same, kind);
    }

    fn add_move(&mut self, key: RowKey, time: LocalTime, user: &User, joined: bool, seq: Seq, at: Timestamp) {
        if self.run.as_ref().is_some_and(|run| run.time.date() != time.date()) {
            self.end_run();
        }
        let run = self.run.get_or_insert_with(|| Run { key, at, time, changes: MembershipChanges::none() });
        run.changes.add(user, joined, seq);
    }

    fn end_run(&mut self) {
        if let Some(Run { key, at, time, changes }) = self.run.take().filter(|run| !run.changes.is_empty()) {
            let known = (self.context.known)(&key);
            let is_same =
                |kind: &ItemKind| matches!(kind, ItemKind::MembershipChanged(shown) if *shown == changes);
            self.push(key, known, at, time, false, is_same, || ItemKind::MembershipChanged(changes.clone()));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of the line, and there is no line yet")]
    fn push(
        &mut self,
        key: RowKey,
        known: Option<Arc<TimelineItem>>,
        at: Timestamp,
        time: LocalTime,
        divided: bool,
        is_same: impl Fn(&ItemKind) -> bool,
        kind: impl Fn() -> ItemKind,
    ) {
        let new_day = self.done.last().is_none_or(|before| before.time.date() != time.date());
        let day = new_day.then(|| Day::of(time.date(), self.context.here.today));
        let known = known.filter(|known| {
            known.day == day && known.divided == divided && known.time == time && is_same(&known.kind)
        });
        let item =
            known.unwrap_or_else(|| Arc::new(TimelineItem { key, kind: kind(), day, divided, at, time }));
        self.done.push(item);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::testing::{described, joined, left, pending, saved, user};
    use super::*;
    use crate::i18n::LocalClock;

    fn context<'a>(me: Option<&'a User>, here: LocalContext) -> ArrangeContext<'a> {
        ArrangeContext { me, online: true, older: false, divider: None, here, known: &|_| None }
    }

    fn message_item(item: &TimelineItem) -> &MessageItem {
        item.message_item().expect("a message")
    }

    #[test]
    fn groups_messages_of_one_author_within_five_minutes() {
        let (ada, ben) = (user(1, "Ada"), user(2, "Ben"));
        let rows = [
            saved(1, &ada, "2026-11-20T10:00:00.000Z"),
            saved(2, &ada, "2026-11-20T10:04:59.999Z"),
            saved(3, &ada, "2026-11-20T10:09:59.999Z"),
            saved(4, &ben, "2026-11-20T10:10:00.000Z"),
            saved(5, &ada, "2026-11-20T10:10:01.000Z"),
        ];
        let items = arrange(rows.into_iter(), &context(Some(&ben), LocalContext::of_first_render(None)));
        let of = |kind: fn(&MessageItem) -> bool| {
            items.iter().map(|item| kind(message_item(item))).collect::<Vec<_>>()
        };
        assert_eq!(of(|message_item| message_item.first), [true, false, true, true, true]);
        assert_eq!(of(|message_item| message_item.own), [false, false, false, true, false]);
    }

    #[test]
    fn separates_days_in_the_readers_time_zone() {
        let ada = user(1, "Ada");
        let rows = || {
            [
                saved(1, &ada, "2026-11-19T20:59:00.000Z"),
                saved(2, &ada, "2026-11-19T21:01:00.000Z"),
                saved(3, &ada, "2026-11-20T00:01:00.000Z"),
            ]
            .into_iter()
        };
        let days = |here| arrange(rows(), &context(None, here)).into_iter().map(|item| item.day.is_some());
        assert_eq!(days(LocalContext::of_first_render(None)).collect::<Vec<_>>(), [true, false, true]);

        let moscow = LocalClock::Ahead(180);
        let today = moscow.local("2026-11-20T09:00:00.000Z".parse().expect("a time")).date();
        let items = arrange(rows(), &context(None, LocalContext { clock: moscow, today: Some(today) }));
        assert_eq!(items[0].day, Some(Day::Yesterday(today.yesterday())));
        assert_eq!(items[1].day, Some(Day::Today(today)));
        assert_eq!(items[2].day, None);
    }

    #[test]
    fn pending_messages_are_own_before_the_user_is_known() {
        let rows = || [pending("2026-11-20T10:00:00.000Z")].into_iter();
        let items = arrange(
            rows(),
            &ArrangeContext { online: false, ..context(None, LocalContext::of_first_render(None)) },
        );
        assert!(message_item(&items[0]).own && !message_item(&items[0]).online);
        assert_eq!(message_item(&items[0]).state(), "pending");
        assert!(
            message_item(&arrange(rows(), &context(None, LocalContext::of_first_render(None)))[0]).online
        );
    }

    #[test]
    fn combines_joins_and_leaves_until_the_next_message() {
        let (ada, ben, eve) = (user(1, "Ada"), user(2, "Ben"), user(3, "Eve"));
        let rows = [
            joined(1, &ada, "2026-11-20T10:00:00.000Z"),
            joined(2, &ben, "2026-11-20T10:00:01.000Z"),
            joined(3, &eve, "2026-11-20T10:00:02.000Z"),
            left(4, &eve, "2026-11-20T10:00:03.000Z"),
            saved(5, &ada, "2026-11-20T10:00:04.000Z"),
            left(6, &ben, "2026-11-20T10:00:05.000Z"),
            described(7, &ada, "Tea", "2026-11-20T10:00:06.000Z"),
            saved(8, &ada, "2026-11-20T10:00:07.000Z"),
        ];
        let items = arrange(rows.into_iter(), &context(None, LocalContext::of_first_render(None)));
        let [came, first, went, topic, second] = &items[..] else { panic!("{items:?}") };
        let ItemKind::MembershipChanged(changes) = &came.kind else { panic!("{came:?}") };
        assert_eq!((changes.joined.len(), changes.left.len()), (2, 0));
        assert_eq!((came.key, came.seq()), (RowKey::Notice(Seq(1)), Some(Seq(4))));
        assert!(matches!(&went.kind, ItemKind::MembershipChanged(changes) if changes.left[0].id == ben.id));
        assert!(matches!(&topic.kind, ItemKind::Described(_)));
        // A notice ends a group.
        assert!(message_item(first).first && message_item(second).first);
    }

    #[test]
    fn omits_joins_and_leaves_that_cancel_out() {
        let ada = user(1, "Ada");
        let rows = [joined(1, &ada, "2026-11-20T23:59:59.000Z"), left(2, &ada, "2026-11-20T23:59:59.500Z")];
        assert!(arrange(rows.into_iter(), &context(None, LocalContext::of_first_render(None))).is_empty());
        let rows = [joined(1, &ada, "2026-11-20T23:59:59.000Z"), left(2, &ada, "2026-11-21T00:00:00.000Z")];
        let items = arrange(rows.into_iter(), &context(None, LocalContext::of_first_render(None)));
        assert_eq!(items.iter().map(|item| item.day.is_some()).collect::<Vec<_>>(), [true, true]);
    }

    #[test]
    fn divider_precedes_the_first_message_of_another_user() {
        let (ada, ben) = (user(1, "Ada"), user(2, "Ben"));
        let at = "2026-11-20T10:00:00.000Z";
        let rows = || {
            [
                saved(4, &ben, at),
                saved(5, &ada, at),
                joined(6, &ben, at),
                saved(7, &ben, at),
                saved(8, &ben, at),
            ]
        };
        let divided = |after: i64, older| {
            let context = ArrangeContext {
                divider: Some(Seq(after)),
                older,
                ..context(Some(&ada), LocalContext::of_first_render(None))
            };
            let items = arrange(rows().into_iter(), &context);
            items.iter().filter(|item| item.divided).filter_map(|item| item.seq()).collect::<Vec<_>>()
        };
        assert_eq!(divided(4, false), [Seq(7)]);
        assert_eq!(divided(7, true), [Seq(8)]);
        assert_eq!(divided(8, true), []);
        // The divider is above the loaded rows, unless the room begins here.
        assert_eq!(divided(2, true), []);
        assert_eq!(divided(2, false), [Seq(4)]);
    }

    #[test]
    fn reuses_unchanged_rows() {
        let ada = user(1, "Ada");
        let at = "2026-11-20T10:00:00.000Z";
        let rows = vec![saved(1, &ada, at), joined(2, &ada, at), saved(3, &ada, at)];
        let before = arrange(rows.clone().into_iter(), &context(None, LocalContext::of_first_render(None)));
        let known: HashMap<RowKey, Arc<TimelineItem>> =
            before.iter().map(|item| (item.key, item.clone())).collect();
        let known = |key: &RowKey| known.get(key).cloned();
        let again = ArrangeContext { known: &known, ..context(None, LocalContext::of_first_render(None)) };
        let after = arrange(rows.clone().into_iter(), &again);
        assert!(before.iter().zip(&after).all(|(before, after)| Arc::ptr_eq(before, after)));

        // One row leaves at the top and one arrives at the end: the first row is another one, the others are
        // unchanged.
        let moved: Vec<Row> = rows.into_iter().skip(1).chain([saved(4, &ada, at)]).collect();
        let after = arrange(moved.into_iter(), &again);
        assert!(!Arc::ptr_eq(&before[1], &after[0]) && after[0].day.is_some());
        assert!(Arc::ptr_eq(&before[2], &after[1]));
    }
}
