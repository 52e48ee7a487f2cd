//! The state of one room, as signals. It lives as long as the room is open.

use std::collections::HashMap;
use std::sync::Arc;

#[cfg(feature = "browser")]
use hubbub_client::Millis;
use hubbub_client::{RoomChanges, RoomState, RowKey, sort_by_number};
use hubbub_protocol::{Person, Presence, ReadMark, Seq, Topic, User, UserId};
use leptos::prelude::*;

use super::hues::Hues;
use super::keyed_signals::{KeyedSignals, set_if_new};
use super::sparse_signals::SparseSignals;
use crate::i18n::{LocalDate, UnreadSince};
use crate::state::timeline_item::{ArrangeContext, LocalContext, TimelineItem, arrange, locate_readers};

/// If more rows than this arrive at once, none of them is animated.
const MAX_ARRIVALS: usize = 3;

/// The signals of one room. Copies refer to the same signals.
#[derive(Clone, Copy)]
pub(crate) struct RoomSignals {
    /// The rows from oldest to newest.
    pub(crate) items: KeyedSignals<RowKey, Arc<TimelineItem>>,
    /// Other users who have read up to a row.
    pub(crate) readers: SparseSignals<RowKey, Vec<User>>,
    /// Whether the next message belongs to the same group. A style could select this (`:has(+ ...)`), but
    /// Chromium would then check every row whenever one is added.
    pub(crate) continued: SparseSignals<RowKey, bool>,
    /// What is before the first row.
    pub(crate) before: RwSignal<OlderMessages>,
    /// What is after the last row.
    pub(crate) after: RwSignal<NewerMessages>,
    /// The position around which messages are being loaded.
    pub(crate) around: RwSignal<Option<Seq>>,
    /// The position after which the view starts, if the room was opened at its unread messages.
    pub(crate) opens_at: RwSignal<Option<Seq>>,
    /// Seconds until waiting messages are sent, if the rate limit holds them back.
    pub(crate) held_back: RwSignal<Option<u64>>,
    /// Whether the reader is at the end of the room.
    pub(crate) at_end: RwSignal<bool>,
    /// Number of unread messages.
    pub(crate) unread: RwSignal<u32>,
    /// The position after which the unread messages began when the room was opened or the tab was hidden.
    pub(crate) divider: RwSignal<Option<Seq>>,
    /// The unread messages when the reader opened the room, if the view started there.
    pub(crate) unread_since: RwSignal<Option<UnreadSince>>,
    /// Whether the view started at the first unread message and the reader has not reached the last one yet.
    pub(crate) is_catching_up: RwSignal<bool>,
    /// Other users who are typing.
    pub(crate) typing: RwSignal<Vec<User>>,
    pub(crate) topic: RwSignal<Topic>,
    pub(crate) people: RwSignal<RoomPeople>,
    /// The presence by user, for the dots of avatars.
    pub(crate) presence: RwSignal<HashMap<UserId, Presence>>,
    /// Colours of the members and the authors.
    pub(crate) hues: StoredValue<Hues>,
    /// Rows that arrived at the end with the last change.
    arrived: StoredValue<Vec<RowKey>>,
    /// The date when the rows were made; when it changes, all rows are made again.
    shown_on: StoredValue<Option<LocalDate>>,
    /// The read positions of other users at the last update.
    marks: StoredValue<Vec<ReadMark>>,
    /// The rows of the last update, in order.
    shown: StoredValue<Vec<Arc<TimelineItem>>>,
}

/// What is before the first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OlderMessages {
    /// The room has not been read yet.
    Unknown,
    /// Nothing; the room has no messages.
    Silence,
    /// Nothing; the room begins with the first row.
    Nothing,
    /// Older messages.
    Messages,
    /// Older messages, which are being loaded.
    Loading,
}

/// What is after the last row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewerMessages {
    /// Nothing; the room ends with the last row.
    Nothing,
    /// Newer messages.
    Messages,
    /// Newer messages, which are being loaded.
    Loading,
}

/// The members of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RoomPeople {
    /// The current user.
    pub(crate) me: Option<UserId>,
    /// Listed members: present ones first, then by name.
    pub(crate) listed: Vec<Person>,
    /// Whether the presence of the members is known. It is unknown without a connection.
    pub(crate) online: bool,
    /// Number of present users.
    pub(crate) count: u32,
    /// Number of members.
    pub(crate) members: u32,
}

impl RoomSignals {
    /// Creates the signals of a room without data.
    pub(crate) fn new() -> Self {
        Self {
            items: KeyedSignals::default(),
            readers: SparseSignals::default(),
            continued: SparseSignals::default(),
            before: RwSignal::new(OlderMessages::Unknown),
            after: RwSignal::new(NewerMessages::Nothing),
            around: RwSignal::new(None),
            opens_at: RwSignal::new(None),
            held_back: RwSignal::new(None),
            at_end: RwSignal::new(true),
            unread: RwSignal::new(0),
            divider: RwSignal::new(None),
            unread_since: RwSignal::new(None),
            is_catching_up: RwSignal::new(false),
            typing: RwSignal::default(),
            topic: RwSignal::default(),
            people: RwSignal::default(),
            presence: RwSignal::default(),
            hues: StoredValue::default(),
            arrived: StoredValue::default(),
            shown_on: StoredValue::new(None),
            marks: StoredValue::default(),
            shown: StoredValue::default(),
        }
    }

    /// Updates all signals of the room.
    pub(crate) fn show_all(self, room: &RoomState, me: Option<&User>, online: bool, here: LocalContext) {
        let change_set = RoomChanges { timeline: true, people: true, ..RoomChanges::default() };
        self.show(room, change_set, me, online, here);
    }

    /// Updates the signals that have changed. Own and pending rows depend on the user and the connection; the
    /// caller sets `touched.timeline` when these change.
    pub(crate) fn show(
        self,
        room: &RoomState,
        change_set: RoomChanges,
        me: Option<&User>,
        online: bool,
        here: LocalContext,
    ) {
        if change_set.people {
            // The user's own colour is the same in all rooms, so it is assigned first.
            self.give_hues(me.map(|me| me.id), room.people().iter().map(|person| person.user.id));
            self.show_people(room, me, online);
        }
        let marks_changed = self.marks.try_with_value(|marks| *marks != room.marks()) == Some(true);
        if change_set.timeline {
            self.show_items(room, me, online, here);
        }
        if change_set.timeline || change_set.people || marks_changed {
            self.show_readers(room);
        }
        self.show_unread(room);
        set_if_new(self.opens_at, room.opens_at());
        set_if_new(self.typing, if online { room.typing().to_vec() } else { Vec::new() });
        set_if_new(self.topic, room.topic().clone());
    }

    /// Updates the number of unread messages and the unread messages at opening.
    pub(crate) fn show_unread(self, room: &RoomState) {
        if room.unread() == 0 {
            set_if_new(self.is_catching_up, false);
        }
        set_if_new(self.unread, room.unread());
        set_if_new(self.divider, room.divider());
        set_if_new(self.unread_since, self.next_unread_since(room));
    }

    /// Returns the unread messages since the view started at the first unread message; reading does not
    /// reduce them.
    fn next_unread_since(self, room: &RoomState) -> Option<UnreadSince> {
        let begins_at = room.opens_at()?;
        let known = self.unread_since.try_get_untracked().flatten();
        let known = known.filter(|known| known.begins_at == begins_at);
        let count = known.map_or(0, |known| known.count).max(room.unread());
        let first = self.shown(|items| items.iter().find(|item| item.divided).map(|item| item.time));
        let time = first.or_else(|| known.map(|known| known.time))?;
        Some(UnreadSince { begins_at, count, time, today: self.shown_on.try_get_value().flatten() })
    }

    /// Updates the time until which the rate limit holds messages back.
    #[cfg(feature = "browser")]
    pub(crate) fn show_held_back(self, until: Option<Millis>, now: Millis) {
        set_if_new(self.held_back, until.map(|until| until.since(now).div_ceil(1_000)));
    }

    fn show_items(self, room: &RoomState, me: Option<&User>, online: bool, here: LocalContext) {
        let timeline = &room.timeline;
        let as_before = self.shown_on.try_get_value() == Some(here.today);
        let known = |key: &RowKey| {
            let signal = self.items.value(key).filter(|_| as_before);
            signal.map(|signal| signal.get_untracked())
        };
        let context = ArrangeContext {
            me,
            online,
            older: timeline.has_older(),
            divider: room.divider(),
            here,
            known: &known,
        };
        let items = arrange(timeline.rows(), &context);
        _ = self.shown_on.try_set_value(here.today);
        let authors = items.iter().filter_map(|item| item.message_item()?.author.as_ref());
        self.give_hues(None, authors.map(|author| author.id));
        self.note_arrived(&items, timeline.has_newer());
        let silent = items.iter().all(|item| item.message_item().is_none());
        let continued =
            items.windows(2).filter(|pair| pair[1].message_item().is_some_and(|next| !next.first));
        self.continued.show(continued.map(|pair| (pair[0].key, true)).collect());
        self.items.show(items.iter().map(|item| (item.key, item.clone())));
        self.continued.keep(|key| self.items.value(key).is_some());
        let before = match (timeline.loading_older(), timeline.has_older()) {
            (true, _) => OlderMessages::Loading,
            (false, true) => OlderMessages::Messages,
            (false, false) if timeline.loading() => OlderMessages::Unknown,
            (false, false) if silent => OlderMessages::Silence,
            (false, false) => OlderMessages::Nothing,
        };
        set_if_new(self.before, before);
        let after = match (timeline.loading_newer(), timeline.has_newer()) {
            (true, _) => NewerMessages::Loading,
            (false, true) => NewerMessages::Messages,
            (false, false) => NewerMessages::Nothing,
        };
        set_if_new(self.after, after);
        _ = self.shown.try_set_value(items);
        // This signal changes last, because its subscribers look for the rows around the position.
        set_if_new(self.around, timeline.loading_around());
    }

    /// Records which rows are new at the end. Nothing counts as new in the first update, when newer messages
    /// are not loaded, or when many rows arrive at once, as after an interruption.
    fn note_arrived(self, items: &[Arc<TimelineItem>], has_newer: bool) {
        let is_new = |item: &&Arc<TimelineItem>| self.items.value(&item.key).is_none();
        let new = items.iter().rev().take_while(is_new).take(MAX_ARRIVALS + 1);
        let arrived: Vec<RowKey> = new.map(|item| item.key).collect();
        let at_end = !has_newer && self.after.try_get_untracked() == Some(NewerMessages::Nothing);
        let is_live = at_end && arrived.len() <= MAX_ARRIVALS && arrived.len() < items.len();
        _ = self.arrived.try_set_value(if is_live { arrived } else { Vec::new() });
    }

    /// Whether a row arrived at the end with the last change.
    pub(crate) fn has_arrived(self, key: RowKey) -> bool {
        self.arrived.try_with_value(|arrived| arrived.contains(&key)).unwrap_or_default()
    }

    /// Reads the rows in order.
    pub(crate) fn shown<T: Default>(self, look: impl FnOnce(&[Arc<TimelineItem>]) -> T) -> T {
        self.shown.try_with_value(|items| look(items)).unwrap_or_default()
    }

    /// Assigns colours in the order of ids, which is the same on the server and in the browser.
    fn give_hues(self, first: Option<UserId>, others: impl Iterator<Item = UserId>) {
        let mut others: Vec<UserId> = others.collect();
        sort_by_number(&mut others, |user| user.0);
        others.dedup();
        _ = self.hues.try_update_value(|hues| hues.assign(first.into_iter().chain(others)));
    }

    fn show_readers(self, room: &RoomState) {
        let newer = room.timeline.has_newer();
        let user =
            |id| room.people().iter().find(|person| person.user.id == id).map(|person| person.user.clone());
        let marks = room.readers();
        self.readers.show(self.shown(|items| locate_readers(items, newer, &marks, user)));
        self.readers.keep(|key| self.items.value(key).is_some());
        _ = self.marks.try_set_value(room.marks().to_vec());
    }

    fn show_people(self, room: &RoomState, me: Option<&User>, online: bool) {
        let me = me.map(|me| me.id);
        let listed = room.people().to_vec();
        let seen = listed.iter().filter(|_| online);
        let presence = seen.map(|person| (person.user.id, person.presence)).collect();
        set_if_new(self.presence, presence);
        let people = RoomPeople { me, listed, online, count: room.count(), members: room.members() };
        set_if_new(self.people, people);
    }
}
