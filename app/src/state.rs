//! What the view shows of the chat, as signals. The truth is in the client; here is its picture.

pub(crate) mod composer_state;
pub(crate) mod connection_problem;
pub(crate) mod dialog_kind;
mod hues;
mod keyed_signals;
#[cfg(feature = "browser")]
mod live;
pub(crate) mod message_action;
mod room_signals;
#[cfg(any(feature = "browser", test))]
mod room_step;
pub(crate) mod scroll_target;
mod sparse_signals;
pub(crate) mod timeline_item;

use hubbub_client::{Client, Intent, Millis, Phase, RoomState, Seed, sort_by_number};
use hubbub_protocol::{Appearance, Browsed, Edits, Refusal, RoomName, User, UserId};
use leptos::prelude::*;

pub(crate) use hues::Hues;
pub(crate) use keyed_signals::set_if_new;
pub(crate) use room_signals::{NewerMessages, OlderMessages, RoomPeople, RoomSignals};
#[cfg(feature = "browser")]
pub(crate) use room_step::RoomStep;
pub(crate) use sparse_signals::SparseSignals;

use crate::RoomPage;
use crate::route::Route;
use crate::state::connection_problem::ConnectionProblem;
use keyed_signals::KeyedSignals;

/// The picture of the whole chat but the room one looks at, which is a [`RoomSignals`]. It lives in the root,
/// as long as the page. A handle: copies show the same.
#[derive(Clone, Copy)]
pub(crate) struct ChatSignals {
    /// Where one is.
    pub(crate) route: RwSignal<Route>,
    /// Whom the address names with `?as=`.
    pub(crate) acting_as: Option<UserId>,
    /// Who I am.
    pub(crate) me: RwSignal<Option<User>>,
    /// Whether I have an account, and so can sign out.
    pub(crate) is_account: bool,
    /// How I appear to others.
    pub(crate) appearance: RwSignal<Appearance>,
    /// My rooms and the one I look at; the one in which something was said last first.
    pub(crate) rooms: KeyedSignals<RoomName, SidebarRoom>,
    /// Whether the rooms keep their order for now, because the reader aims at one of them.
    pub(crate) is_order_held: StoredValue<bool>,
    /// Whether my rooms are known.
    pub(crate) is_listed: RwSignal<bool>,
    /// Unread messages in all my rooms together.
    pub(crate) unread: RwSignal<u32>,
    /// Public rooms, as they were asked for last.
    pub(crate) browsed: RwSignal<Option<Browsed>>,
    /// What a message of mine said before, as it was asked for last.
    pub(crate) edits: RwSignal<Option<Edits>>,
    /// What was refused a moment ago.
    pub(crate) toasts: RwSignal<Vec<Toast>>,
    /// How often that was.
    #[cfg_attr(
        not(feature = "browser"),
        expect(dead_code, reason = "nothing is refused at the first render")
    )]
    toasts_shown: StoredValue<u32>,
    /// Whether what is shown is what this device has kept, and nothing newer.
    pub(crate) is_kept: RwSignal<bool>,
    /// Whether the browser has no room for what is not sent.
    pub(crate) is_unkept: RwSignal<bool>,
    /// The version of this page, if a server rendered it.
    pub(crate) own_version: StoredValue<Option<String>>,
    /// How far I am in the room I look at.
    pub(crate) membership: RwSignal<MembershipStatus>,
    /// What is wrong with the connection.
    pub(crate) connection_problem: RwSignal<Option<ConnectionProblem>>,
    /// The version that the server spoke of last.
    pub(crate) server_version: RwSignal<Option<String>>,
}

/// How far one is in a room.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "at the first render everybody is in"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MembershipStatus {
    /// In it, or on the way in.
    In,
    /// Left, on whatever device, while one looks at it.
    Left,
    /// Not let in.
    Refused(Refusal),
}

/// A refusal that is shown for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast {
    /// Tells it from the others.
    pub(crate) number: u32,
    /// Where it was refused.
    pub(crate) room: RoomName,
    /// Why.
    pub(crate) refusal: Refusal,
}

/// One of my rooms, as the sidebar shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SidebarRoom {
    /// Messages that are not read.
    pub(crate) unread: u32,
    /// What the room is about.
    pub(crate) topic: String,
}

impl ChatSignals {
    /// Says whether what is not sent outlives the tab.
    #[cfg(feature = "browser")]
    pub(crate) fn show_kept(self, is_kept: bool) {
        set_if_new(self.is_unkept, !is_kept);
    }

    /// The chat as the server rendered it.
    pub(crate) fn new(client: &Client, page: &RoomPage, own_version: Option<String>, is_kept: bool) -> Self {
        let chat = Self {
            route: RwSignal::new(page.route()),
            acting_as: page.acting_as,
            me: RwSignal::new(None),
            is_account: page.is_account,
            appearance: RwSignal::new(page.appearance),
            rooms: KeyedSignals::default(),
            is_order_held: StoredValue::new(false),
            is_listed: RwSignal::new(false),
            unread: RwSignal::new(0),
            browsed: RwSignal::new(None),
            edits: RwSignal::new(None),
            toasts: RwSignal::default(),
            toasts_shown: StoredValue::new(0),
            is_kept: RwSignal::new(is_kept),
            is_unkept: RwSignal::new(false),
            own_version: StoredValue::new(own_version),
            membership: RwSignal::new(MembershipStatus::In),
            connection_problem: RwSignal::new(None),
            server_version: RwSignal::new(None),
        };
        chat.show_link(client, Millis(0), Millis(0));
        chat.show_me(client);
        chat.show_rooms(client, None);
        chat
    }

    /// Shows how the connection is.
    pub(crate) fn show_link(self, client: &Client, lost_since: Millis, now: Millis) {
        set_if_new(
            self.connection_problem,
            ConnectionProblem::of(client.link(), client.is_live(), lost_since, now),
        );
        set_if_new(self.server_version, client.hello().map(|hello| hello.server.clone()));
        if client.link().is_online() {
            set_if_new(self.is_kept, false);
        }
    }

    /// Shows who I am.
    pub(crate) fn show_me(self, client: &Client) {
        set_if_new(self.me, client.me().cloned());
    }

    /// Shows my rooms. Of the one in `calm` as much is unread as it says.
    pub(crate) fn show_rooms(self, client: &Client, calm: Option<(&RoomName, u32)>) {
        let unread = |room: &RoomState| match calm {
            Some((name, unread)) if *name == room.name => unread,
            _ => room.unread,
        };
        // The one I look at is mine in a moment, and is the first then.
        let is_mine = |room: &&RoomState| room.member || (room.open && room.phase != Phase::Left);
        let mut rooms: Vec<&RoomState> = client.rooms().filter(is_mine).collect();
        // The one without a time is the one I have just come into.
        sort_by_number(&mut rooms, |room| room.active_at.map_or(i64::MIN, |at| -at.millis()));
        if self.is_order_held.try_get_value() == Some(true) {
            self.rooms.keys.with_untracked(|shown| {
                let place = |room: &RoomState| shown.iter().position(|name| *name == room.name);
                sort_by_number(&mut rooms, |room| {
                    place(room).map_or(i64::MAX, |place| i64::try_from(place).unwrap_or(i64::MAX))
                });
            });
        }
        set_if_new(self.unread, rooms.iter().map(|room| unread(room)).sum());
        self.rooms.show(rooms.into_iter().map(|room| {
            let room_signals = SidebarRoom { unread: unread(room), topic: room.topic.to_string() };
            (room.name.clone(), room_signals)
        }));
        set_if_new(self.is_listed, client.is_listed());
    }

    /// It is read.
    pub(crate) fn close_toast(self, number: u32) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.number != number));
    }

    /// What one of my rooms is about.
    pub(crate) fn topic_of(self, room: &RoomName) -> String {
        self.rooms
            .value(room)
            .map(|shown| shown.with_untracked(|shown| shown.topic.clone()))
            .unwrap_or_default()
    }
}

/// A client that begins with what the page knows.
pub(crate) fn client_of(page: &RoomPage, seed: u64) -> Client {
    let mut client = Client::new(seed);
    if let Some(me) = &page.me {
        client.seed_me(me.clone());
    }
    // A local copy may know my rooms and nothing of this one.
    if page.epoch.is_some() || !page.rooms.is_empty() {
        client.seed_rooms(page.rooms.clone());
    }
    if let Some(epoch) = &page.epoch {
        client.seed_epoch(epoch.clone());
        client.seed_room(Seed {
            page: page.history.clone(),
            cursor: page.cursor,
            topic: page.topic.clone(),
            people: page.people.clone(),
            count: page.count,
            members: page.members,
            marks: page.marks.clone(),
        });
    }
    let room = page.room.clone();
    // A link to a message leads there, whatever is unread.
    let open = if page.at.is_some() { Intent::Open { room } } else { Intent::OpenAtUnread { room } };
    client.handle(open, Millis(0));
    client
}
