//! Requests that concern no single room: the user's rooms, public rooms, former texts and the user's status.

use hubbub_protocol::{Answer, Appearance, Browsed, Command, Edits, MessageId, RoomName, Status};

use crate::requests::Request;
use crate::retry_backoff::RetryBackoff;
use crate::{Client, Millis};

/// Milliseconds between two reports of activity.
const ACTIVE_MILLIS: u64 = 60_000;
/// Maximum public rooms in the list while the user scrolls.
const MAX_BROWSED: usize = 1_000;

/// The pending requests and their results.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queries {
    pub(crate) listing: RoomListQuery,
    pub(crate) browsing: BrowseQuery,
    pub(crate) edit_history: EditHistoryQuery,
    pub(crate) appearance_update: AppearanceUpdate,
    active: ActivityReport,
}

/// The list of the user's rooms.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoomListQuery {
    pub(crate) known: bool,
    pub(crate) wanted: bool,
    asked: bool,
    /// The list was received on this connection, or was refused permanently.
    pub(crate) answered: bool,
    /// Rooms that were left since the request. The list may still contain them.
    pub(crate) left: Vec<RoomName>,
    pub(crate) backoff: RetryBackoff,
}

/// The list of public rooms.
#[derive(Clone, Debug, Default)]
pub(crate) struct BrowseQuery {
    wish: Option<(String, Option<RoomName>)>,
    asked: bool,
    number: u64,
    backoff: RetryBackoff,
    pub(crate) found: Option<Browsed>,
}

/// The former texts of a message.
#[derive(Clone, Debug, Default)]
pub(crate) struct EditHistoryQuery {
    wish: Option<(RoomName, MessageId)>,
    asked: bool,
    backoff: RetryBackoff,
    pub(crate) found: Option<Edits>,
}

/// The user's status and settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct AppearanceUpdate {
    stored: Appearance,
    wish: RequestedAppearance,
    asked: Option<RequestedAppearance>,
    backoff: RetryBackoff,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct RequestedAppearance {
    status: Option<Status>,
    share_reads: Option<bool>,
}

#[derive(Clone, Debug, Default)]
struct ActivityReport {
    told: Option<Millis>,
    seen: Option<Millis>,
}

impl Queries {
    /// Resets requests in flight after the connection is lost.
    pub(crate) fn reset_in_flight(&mut self) {
        self.listing.asked = false;
        self.listing.answered = false;
        self.browsing.asked = false;
        self.edit_history.asked = false;
        self.appearance_update.asked = None;
        self.active.told = None;
    }

    pub(crate) fn wake(&mut self, now: Millis) {
        for backoff in self.backoffs_mut() {
            backoff.wake(now);
        }
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        let Self { listing, browsing, edit_history, appearance_update, .. } = self;
        let all = [&listing.backoff, &browsing.backoff, &edit_history.backoff, &appearance_update.backoff];
        all.into_iter().filter_map(RetryBackoff::deadline).min()
    }

    fn backoffs_mut(&mut self) -> [&mut RetryBackoff; 4] {
        let Self { listing, browsing, edit_history, appearance_update, .. } = self;
        [
            &mut listing.backoff,
            &mut browsing.backoff,
            &mut edit_history.backoff,
            &mut appearance_update.backoff,
        ]
    }
}

impl AppearanceUpdate {
    pub(crate) fn appearance(&self) -> Appearance {
        Appearance {
            status: self.wish.status.unwrap_or(self.stored.status),
            share_reads: self.wish.share_reads.unwrap_or(self.stored.share_reads),
        }
    }
}

impl Client {
    pub(crate) fn want_rooms(&mut self) {
        self.queries.listing.wanted = true;
    }

    pub(crate) fn active(&mut self, now: Millis) {
        self.queries.active.seen = Some(now);
    }

    pub(crate) fn browse(&mut self, query: String, after: Option<RoomName>) {
        let browsing = &mut self.queries.browsing;
        browsing.wish = Some((query, after));
        browsing.number += 1;
        browsing.asked = false;
    }

    pub(crate) fn recall(&mut self, room: RoomName, message_id: MessageId) {
        let edit_history = &mut self.queries.edit_history;
        edit_history.wish = Some((room, message_id));
        edit_history.asked = false;
        self.change_set.edits |= edit_history.found.take().is_some();
    }

    pub(crate) fn appear(&mut self, status: Option<Status>, share_reads: Option<bool>) {
        let wish = &mut self.queries.appearance_update.wish;
        wish.status = status.or(wish.status);
        wish.share_reads = share_reads.or(wish.share_reads);
        self.change_set.appearance = true;
    }

    /// Records the status and settings that the server reports.
    pub(crate) fn learn_appearance(&mut self, appearance: Appearance) {
        self.queries.appearance_update.stored = appearance;
        self.change_set.appearance = true;
    }

    /// Sends the pending requests.
    pub(crate) fn send_queries(&mut self, now: Millis) {
        self.queries.wake(now);
        let listing = &mut self.queries.listing;
        if listing.wanted && !listing.asked && listing.backoff.is_ready() && self.has_place() {
            self.queries.listing.asked = true;
            self.queries.listing.wanted = false;
            self.queries.listing.left.clear();
            self.send(Command::Rooms {}, Request::Rooms, now);
        }
        self.send_browse(now);
        self.send_recall(now);
        self.send_appear(now);
        let ActivityReport { told, seen } = self.queries.active;
        let fresh = seen.is_some_and(|seen| now.since(seen) < ACTIVE_MILLIS);
        if fresh && told.is_none_or(|told| now.since(told) >= ACTIVE_MILLIS) && self.has_place() {
            self.queries.active = ActivityReport { told: Some(now), seen: None };
            self.send(Command::Ping { active: true }, Request::Ping, now);
        }
    }

    fn send_browse(&mut self, now: Millis) {
        let browsing = &self.queries.browsing;
        let Some((query, after)) = browsing.wish.clone() else { return };
        if browsing.asked || !browsing.backoff.is_ready() || !self.has_place() {
            return;
        }
        let request = Request::Browse { number: browsing.number, further: after.is_some() };
        let query = (!query.is_empty()).then_some(query);
        let after = after.map(|name| name.as_str().to_owned());
        self.queries.browsing.asked = true;
        self.send(Command::Browse { query, after }, request, now);
    }

    fn send_recall(&mut self, now: Millis) {
        let edit_history = &self.queries.edit_history;
        let Some((room, message_id)) = edit_history.wish.clone() else { return };
        let joined = self.rooms.get(&room).is_some_and(|room| room.subscription.joined);
        if edit_history.asked || !edit_history.backoff.is_ready() || !joined || !self.has_place() {
            return;
        }
        self.queries.edit_history.asked = true;
        let command = Command::Edits { room: room.as_str().to_owned(), message_id };
        self.send(command, Request::Edits { room, message_id }, now);
    }

    fn send_appear(&mut self, now: Millis) {
        let appearance_update = &self.queries.appearance_update;
        let RequestedAppearance { status, share_reads } = appearance_update.wish;
        let idle =
            appearance_update.wish == RequestedAppearance::default() || appearance_update.asked.is_some();
        if idle || !appearance_update.backoff.is_ready() || !self.has_place() {
            return;
        }
        self.queries.appearance_update.asked = Some(appearance_update.wish);
        self.send(Command::Appear { status, share_reads }, Request::Appear, now);
    }

    /// Handles a reply. Returns whether it answers one of these requests.
    pub(crate) fn on_asked(&mut self, request: &Request, answer: Answer, now: Millis) -> bool {
        match (request, answer) {
            (Request::Rooms, Answer::Rooms { rooms }) => {
                self.queries.listing.asked = false;
                self.queries.listing.answered = true;
                self.queries.listing.backoff.granted();
                self.on_rooms(rooms, now);
            }
            (Request::Browse { number, further }, Answer::Browsed(browsed)) => {
                if *number == self.queries.browsing.number {
                    self.on_browsed(browsed, *further);
                }
            }
            (Request::Edits { message_id, .. }, Answer::Edits(edits)) if edits.message_id == *message_id => {
                let edit_history = &mut self.queries.edit_history;
                if edit_history.wish.as_ref().is_some_and(|(_, wanted)| wanted == message_id) {
                    edit_history.wish = None;
                    edit_history.asked = false;
                    edit_history.backoff.granted();
                    edit_history.found = Some(edits);
                    self.change_set.edits = true;
                }
            }
            (Request::Appear, Answer::Appearance(appearance)) => {
                self.on_appeared();
                self.queries.appearance_update.backoff.granted();
                self.learn_appearance(appearance);
            }
            _ => return false,
        }
        true
    }

    fn on_browsed(&mut self, mut browsed: Browsed, further: bool) {
        let browsing = &mut self.queries.browsing;
        browsing.wish = None;
        browsing.asked = false;
        browsing.backoff.granted();
        if further && let Some(before) = browsing.found.take() {
            let last = before.rooms.last().map(|room| room.room.name.clone());
            browsed.rooms.retain(|room| last.as_ref().is_none_or(|last| room.room.name > *last));
            browsed.rooms.splice(0..0, before.rooms);
        }
        browsed.more &= browsed.rooms.len() < MAX_BROWSED;
        browsed.rooms.truncate(MAX_BROWSED);
        browsing.found = Some(browsed);
        self.change_set.browsed = true;
    }

    /// Removes the answered part of a change of status; later choices remain.
    fn on_appeared(&mut self) {
        let appearance_update = &mut self.queries.appearance_update;
        let Some(asked) = appearance_update.asked.take() else { return };
        if appearance_update.wish.status == asked.status {
            appearance_update.wish.status = None;
        }
        if appearance_update.wish.share_reads == asked.share_reads {
            appearance_update.wish.share_reads = None;
        }
        self.change_set.appearance = true;
    }

    /// Handles a refusal, which is temporary if `later`.
    pub(crate) fn on_asked_in_vain(&mut self, request: &Request, later: bool, now: Millis) {
        let queries = &mut self.queries;
        match request {
            Request::Rooms => {
                queries.listing.asked = false;
                queries.listing.wanted = later;
                queries.listing.answered |= !later;
                queries.listing.backoff.refused(now);
            }
            Request::Browse { number, .. } if *number == queries.browsing.number => {
                queries.browsing.asked = false;
                if later {
                    queries.browsing.backoff.refused(now);
                } else {
                    queries.browsing.wish = None;
                }
            }
            Request::Edits { .. } => {
                queries.edit_history.asked = false;
                if later {
                    queries.edit_history.backoff.refused(now);
                } else {
                    queries.edit_history.wish = None;
                }
            }
            Request::Appear if later => {
                queries.appearance_update.asked = None;
                queries.appearance_update.backoff.refused(now);
            }
            Request::Appear => self.on_appeared(),
            _ => {}
        }
    }
}
