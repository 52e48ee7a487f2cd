//! The state that the view shows, as signals. The client owns the state; the signals are copies.

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

/// The state of the chat, except of the open room, which is [`RoomSignals`]. It lives as long as the page.
/// Copies refer to the same signals.
#[derive(Clone, Copy)]
pub(crate) struct ChatSignals {
    pub(crate) route: RwSignal<Route>,
    /// The user named by `?as=` in the address.
    pub(crate) acting_as: Option<UserId>,
    /// The current user.
    pub(crate) me: RwSignal<Option<User>>,
    /// Whether the user has an account and can sign out.
    pub(crate) is_account: bool,
    /// How the user appears to others.
    pub(crate) appearance: RwSignal<Appearance>,
    /// The user's rooms and the open room, most recently active first.
    pub(crate) rooms: KeyedSignals<RoomName, SidebarRoom>,
    /// Whether the order of the rooms is frozen, because the user points at the list.
    pub(crate) is_order_held: StoredValue<bool>,
    /// Whether the user's rooms are known.
    pub(crate) is_listed: RwSignal<bool>,
    /// Number of unread messages in all rooms.
    pub(crate) unread: RwSignal<u32>,
    /// The last answer to a search for public rooms.
    pub(crate) browsed: RwSignal<Option<Browsed>>,
    /// The last answer to a request for earlier versions of a message.
    pub(crate) edits: RwSignal<Option<Edits>>,
    /// Recent refusals.
    pub(crate) toasts: RwSignal<Vec<Toast>>,
    /// Number of refusals so far.
    #[cfg_attr(
        not(feature = "browser"),
        expect(dead_code, reason = "nothing is refused at the first render")
    )]
    toasts_shown: StoredValue<u32>,
    /// Whether the data comes from the local copy and nothing newer has arrived.
    pub(crate) is_kept: RwSignal<bool>,
    pub(crate) storage_problem: RwSignal<Option<StorageProblem>>,
    /// The version of this page, if a server rendered it.
    pub(crate) own_version: StoredValue<Option<String>>,
    /// The user's membership in the open room.
    pub(crate) membership: RwSignal<MembershipStatus>,
    pub(crate) connection_problem: RwSignal<Option<ConnectionProblem>>,
    /// The version of the server, from its last `hello`.
    pub(crate) server_version: RwSignal<Option<String>>,
}

/// A problem of the browser's storage for unsent messages.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "nothing is stored at the first render"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StorageProblem {
    /// There is no space for unsent messages.
    Full,
    /// Messages of an earlier run cannot be read.
    Unreadable,
}

/// The user's membership in a room.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "at the first render everybody is in"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MembershipStatus {
    /// The user is a member or is joining.
    In,
    /// The user left the room on some device while it was open.
    Left,
    /// The server refused the join.
    Refused(Refusal),
}

/// A refusal that is shown for a limited time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast {
    /// Identifies the toast.
    pub(crate) number: u32,
    /// The room of the refused request.
    pub(crate) room: RoomName,
    pub(crate) refusal: Refusal,
}

/// A room of the user, as the sidebar shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SidebarRoom {
    /// Number of unread messages.
    pub(crate) unread: u32,
    pub(crate) topic: String,
}

impl ChatSignals {
    #[cfg(feature = "browser")]
    pub(crate) fn show_storage(self, problem: Option<StorageProblem>) {
        set_if_new(self.storage_problem, problem);
    }

    /// Creates the signals from the data that the server rendered.
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
            storage_problem: RwSignal::new(None),
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

    /// Updates the state of the connection.
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

    /// Updates the current user.
    pub(crate) fn show_me(self, client: &Client) {
        set_if_new(self.me, client.me().cloned());
    }

    /// Updates the list of rooms. For the room in `calm`, its number of unread messages is used instead of
    /// the client's.
    pub(crate) fn show_rooms(self, client: &Client, calm: Option<(&RoomName, u32)>) {
        let unread = |room: &RoomState| match calm {
            Some((name, unread)) if *name == room.name => unread,
            _ => room.unread(),
        };
        // The open room is listed before its join is answered.
        let is_mine = |room: &&RoomState| room.is_member() || (room.open && room.phase() != Phase::Left);
        let mut rooms: Vec<&RoomState> = client.rooms().filter(is_mine).collect();
        // The room without a time is the one that was just joined.
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
            let room_signals = SidebarRoom { unread: unread(room), topic: room.topic().to_string() };
            (room.name.clone(), room_signals)
        }));
        set_if_new(self.is_listed, client.is_listed());
    }

    pub(crate) fn close_toast(self, number: u32) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.number != number));
    }

    /// Returns the topic of one of the user's rooms.
    pub(crate) fn topic_of(self, room: &RoomName) -> String {
        self.rooms
            .value(room)
            .map(|shown| shown.with_untracked(|shown| shown.topic.clone()))
            .unwrap_or_default()
    }
}

/// Creates a client with the data of the page.
pub(crate) fn client_with_page(page: &RoomPage, seed: u64) -> Client {
    let mut client = Client::new(seed);
    if let Some(me) = &page.me {
        client.seed_me(me.clone());
    }
    // The local copy may have the list of rooms and no data of this room.
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
    // A link to a message scrolls to it, not to the first unread message.
    let open = if page.at.is_some() { Intent::Open { room } } else { Intent::OpenAtUnread { room } };
    client.handle(open, Millis(0));
    client
}
