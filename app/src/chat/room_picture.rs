//! What the view shows of one room, as signals. It lives as long as the room is looked at.

use std::collections::HashMap;

use hubbub_client::{RoomState, RowKey, TouchedRoom};
use hubbub_protocol::{Person, Presence, ReadMark, Seq, Topic, User, UserId};
use leptos::prelude::*;

use super::keyed::{Keyed, set_if_new};
use crate::line::{Here, Line, arrange};

/// The picture of one room. A handle: copies show the same.
#[derive(Clone, Copy)]
pub(crate) struct RoomPicture {
    /// The lines from the oldest to the newest.
    pub(crate) lines: Keyed<RowKey, Line>,
    /// What is before the first line.
    pub(crate) before: RwSignal<Before>,
    /// What is after the last line.
    pub(crate) after: RwSignal<After>,
    /// Whether the reader is at the end.
    pub(crate) at_end: RwSignal<bool>,
    /// After this position stands what is new.
    pub(crate) divider: RwSignal<Option<Seq>>,
    /// Up to where others have read.
    pub(crate) marks: RwSignal<Vec<ReadMark>>,
    /// Who else is writing.
    pub(crate) typing: RwSignal<Vec<User>>,
    /// What the room is about.
    pub(crate) topic: RwSignal<Topic>,
    /// Who belongs to it.
    pub(crate) people: RwSignal<People>,
    /// The same by who they are, for the dots at their avatars.
    pub(crate) presence: RwSignal<HashMap<UserId, Presence>>,
}

/// What is before the first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// Not known yet: the room has not been read.
    Unknown,
    /// Nothing, and there is no line either.
    Silence,
    /// Nothing: the room begins with the first line.
    Nothing,
    /// Messages.
    Messages,
    /// Messages, and they are coming.
    Loading,
}

/// What is after the last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// Nothing: the room ends with the last line.
    Nothing,
    /// Messages.
    Messages,
    /// Messages, and they are coming.
    Loading,
}

/// The people of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct People {
    /// Which of them I am.
    pub(crate) me: Option<UserId>,
    /// As many as are told by name: those who are there first, then by name.
    pub(crate) listed: Vec<Person>,
    /// How many are there.
    pub(crate) count: u32,
    /// How many belong to the room.
    pub(crate) members: u32,
}

impl RoomPicture {
    /// A room of which nothing is known yet.
    pub(crate) fn new() -> Self {
        Self {
            lines: Keyed::default(),
            before: RwSignal::new(Before::Unknown),
            after: RwSignal::new(After::Nothing),
            at_end: RwSignal::new(true),
            divider: RwSignal::new(None),
            marks: RwSignal::default(),
            typing: RwSignal::default(),
            topic: RwSignal::default(),
            people: RwSignal::default(),
            presence: RwSignal::default(),
        }
    }

    /// Shows everything of the room.
    pub(crate) fn show_all(self, room: &RoomState, me: Option<&User>, online: bool, here: Here) {
        self.show_lines(room, me, online, here);
        self.show_people(room, me);
        self.show_rest(room);
    }

    /// Shows what has changed. What is mine depends on who I am, and what waits says whether there is a
    /// connection: whoever calls this says so by `touched.timeline`.
    pub(crate) fn show(
        self,
        room: &RoomState,
        touched: TouchedRoom,
        me: Option<&User>,
        online: bool,
        here: Here,
    ) {
        if touched.timeline {
            self.show_lines(room, me, online, here);
        }
        if touched.people {
            self.show_people(room, me);
        }
        self.show_rest(room);
    }

    fn show_lines(self, room: &RoomState, me: Option<&User>, online: bool, here: Here) {
        let lines = arrange(room.timeline.rows(), me, online, here);
        let empty = lines.is_empty();
        self.lines.show(lines.into_iter().map(|line| (line.row.key, line)));
        let timeline = &room.timeline;
        let before = match (timeline.loading_older(), timeline.has_older()) {
            (true, _) => Before::Loading,
            (false, true) => Before::Messages,
            (false, false) if timeline.loading() => Before::Unknown,
            (false, false) if empty => Before::Silence,
            (false, false) => Before::Nothing,
        };
        set_if_new(self.before, before);
        let after = match (timeline.loading_newer(), timeline.has_newer()) {
            (true, _) => After::Loading,
            (false, true) => After::Messages,
            (false, false) => After::Nothing,
        };
        set_if_new(self.after, after);
    }

    fn show_people(self, room: &RoomState, me: Option<&User>) {
        let me = me.map(|me| me.id);
        let listed = room.people.clone();
        let presence = listed.iter().map(|person| (person.user.id, person.presence)).collect();
        set_if_new(self.presence, presence);
        set_if_new(self.people, People { me, listed, count: room.count, members: room.members });
    }

    /// What is so small that nobody needs to be asked whether it has changed.
    fn show_rest(self, room: &RoomState) {
        set_if_new(self.divider, room.divider);
        set_if_new(self.marks, room.marks.clone());
        set_if_new(self.typing, room.typing.clone());
        set_if_new(self.topic, room.topic.clone());
    }
}
