//! Requests that concern no single room: the user's rooms, public rooms, former texts and the user's status.

use hubbub_protocol::{Answer, Appearance, Browsed, Command, Edits, MessageId, RoomName, Status};

use crate::patience::Patience;
use crate::requests::Request;
use crate::{Client, Millis};

/// Milliseconds between two reports of activity.
const ACTIVE_MILLIS: u64 = 60_000;
/// Maximum public rooms in the list while the user scrolls.
const MAX_BROWSED: usize = 1_000;

/// The pending requests and their results.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking {
    pub(crate) listing: Listing,
    pub(crate) browsing: Browsing,
    pub(crate) recalling: Recalling,
    pub(crate) appearing: Appearing,
    active: Active,
}

/// The list of the user's rooms.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing {
    pub(crate) known: bool,
    pub(crate) wanted: bool,
    asked: bool,
    /// The list was received on this connection, or was refused permanently.
    pub(crate) answered: bool,
    /// Rooms that were left since the request. The list may still contain them.
    pub(crate) left: Vec<RoomName>,
    pub(crate) patience: Patience,
}

/// The list of public rooms.
#[derive(Clone, Debug, Default)]
pub(crate) struct Browsing {
    wish: Option<(String, Option<RoomName>)>,
    asked: bool,
    number: u64,
    patience: Patience,
    pub(crate) found: Option<Browsed>,
}

/// The former texts of a message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recalling {
    wish: Option<(RoomName, MessageId)>,
    asked: bool,
    patience: Patience,
    pub(crate) found: Option<Edits>,
}

/// The user's status and settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Appearing {
    stored: Appearance,
    wish: Look,
    asked: Option<Look>,
    patience: Patience,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    status: Option<Status>,
    share_reads: Option<bool>,
}

#[derive(Clone, Debug, Default)]
struct Active {
    told: Option<Millis>,
    seen: Option<Millis>,
}

impl Asking {
    /// Resets requests in flight after the connection is lost.
    pub(crate) fn land(&mut self) {
        self.listing.asked = false;
        self.listing.answered = false;
        self.browsing.asked = false;
        self.recalling.asked = false;
        self.appearing.asked = None;
        self.active.told = None;
    }

    pub(crate) fn wake(&mut self, now: Millis) {
        for patience in self.patiences_mut() {
            patience.wake(now);
        }
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        let Self { listing, browsing, recalling, appearing, .. } = self;
        let all = [&listing.patience, &browsing.patience, &recalling.patience, &appearing.patience];
        all.into_iter().filter_map(Patience::deadline).min()
    }

    fn patiences_mut(&mut self) -> [&mut Patience; 4] {
        let Self { listing, browsing, recalling, appearing, .. } = self;
        [&mut listing.patience, &mut browsing.patience, &mut recalling.patience, &mut appearing.patience]
    }
}

impl Appearing {
    pub(crate) fn appearance(&self) -> Appearance {
        Appearance {
            status: self.wish.status.unwrap_or(self.stored.status),
            share_reads: self.wish.share_reads.unwrap_or(self.stored.share_reads),
        }
    }
}

impl Client {
    pub(crate) fn want_rooms(&mut self) {
        self.asking.listing.wanted = true;
    }

    pub(crate) fn active(&mut self, now: Millis) {
        self.asking.active.seen = Some(now);
    }

    pub(crate) fn browse(&mut self, query: String, after: Option<RoomName>) {
        let browsing = &mut self.asking.browsing;
        browsing.wish = Some((query, after));
        browsing.number += 1;
        browsing.asked = false;
    }

    pub(crate) fn recall(&mut self, room: RoomName, message_id: MessageId) {
        let recalling = &mut self.asking.recalling;
        recalling.wish = Some((room, message_id));
        recalling.asked = false;
        self.touched.edits |= recalling.found.take().is_some();
    }

    pub(crate) fn appear(&mut self, status: Option<Status>, share_reads: Option<bool>) {
        let wish = &mut self.asking.appearing.wish;
        wish.status = status.or(wish.status);
        wish.share_reads = share_reads.or(wish.share_reads);
        self.touched.appearance = true;
    }

    /// Records the status and settings that the server reports.
    pub(crate) fn learn_appearance(&mut self, appearance: Appearance) {
        self.asking.appearing.stored = appearance;
        self.touched.appearance = true;
    }

    /// Sends the pending requests.
    pub(crate) fn send_asking(&mut self, now: Millis) {
        self.asking.wake(now);
        let listing = &mut self.asking.listing;
        if listing.wanted && !listing.asked && listing.patience.is_ready() && self.has_place() {
            self.asking.listing.asked = true;
            self.asking.listing.wanted = false;
            self.asking.listing.left.clear();
            self.send(Command::Rooms {}, Request::Rooms, now);
        }
        self.send_browse(now);
        self.send_recall(now);
        self.send_appear(now);
        let Active { told, seen } = self.asking.active;
        let fresh = seen.is_some_and(|seen| now.since(seen) < ACTIVE_MILLIS);
        if fresh && told.is_none_or(|told| now.since(told) >= ACTIVE_MILLIS) && self.has_place() {
            self.asking.active = Active { told: Some(now), seen: None };
            self.send(Command::Ping { active: true }, Request::Ping, now);
        }
    }

    fn send_browse(&mut self, now: Millis) {
        let browsing = &self.asking.browsing;
        let Some((query, after)) = browsing.wish.clone() else { return };
        if browsing.asked || !browsing.patience.is_ready() || !self.has_place() {
            return;
        }
        let request = Request::Browse { number: browsing.number, further: after.is_some() };
        let query = (!query.is_empty()).then_some(query);
        let after = after.map(|name| name.as_str().to_owned());
        self.asking.browsing.asked = true;
        self.send(Command::Browse { query, after }, request, now);
    }

    fn send_recall(&mut self, now: Millis) {
        let recalling = &self.asking.recalling;
        let Some((room, message_id)) = recalling.wish.clone() else { return };
        let joined = self.rooms.get(&room).is_some_and(|room| room.seat.joined);
        if recalling.asked || !recalling.patience.is_ready() || !joined || !self.has_place() {
            return;
        }
        self.asking.recalling.asked = true;
        let command = Command::Edits { room: room.as_str().to_owned(), message_id };
        self.send(command, Request::Edits { room, message_id }, now);
    }

    fn send_appear(&mut self, now: Millis) {
        let appearing = &self.asking.appearing;
        let Look { status, share_reads } = appearing.wish;
        let idle = appearing.wish == Look::default() || appearing.asked.is_some();
        if idle || !appearing.patience.is_ready() || !self.has_place() {
            return;
        }
        self.asking.appearing.asked = Some(appearing.wish);
        self.send(Command::Appear { status, share_reads }, Request::Appear, now);
    }

    /// Handles a reply. Returns whether it answers one of these requests.
    pub(crate) fn on_asked(&mut self, request: &Request, answer: Answer, now: Millis) -> bool {
        match (request, answer) {
            (Request::Rooms, Answer::Rooms { rooms }) => {
                self.asking.listing.asked = false;
                self.asking.listing.answered = true;
                self.asking.listing.patience.granted();
                self.on_rooms(rooms, now);
            }
            (Request::Browse { number, further }, Answer::Browsed(browsed)) => {
                if *number == self.asking.browsing.number {
                    self.on_browsed(browsed, *further);
                }
            }
            (Request::Edits { message_id, .. }, Answer::Edits(edits)) if edits.message_id == *message_id => {
                let recalling = &mut self.asking.recalling;
                if recalling.wish.as_ref().is_some_and(|(_, wanted)| wanted == message_id) {
                    recalling.wish = None;
                    recalling.asked = false;
                    recalling.patience.granted();
                    recalling.found = Some(edits);
                    self.touched.edits = true;
                }
            }
            (Request::Appear, Answer::Appearance(appearance)) => {
                self.on_appeared();
                self.asking.appearing.patience.granted();
                self.learn_appearance(appearance);
            }
            _ => return false,
        }
        true
    }

    fn on_browsed(&mut self, mut browsed: Browsed, further: bool) {
        let browsing = &mut self.asking.browsing;
        browsing.wish = None;
        browsing.asked = false;
        browsing.patience.granted();
        if further && let Some(before) = browsing.found.take() {
            let last = before.rooms.last().map(|room| room.room.name.clone());
            browsed.rooms.retain(|room| last.as_ref().is_none_or(|last| room.room.name > *last));
            browsed.rooms.splice(0..0, before.rooms);
        }
        browsed.more &= browsed.rooms.len() < MAX_BROWSED;
        browsed.rooms.truncate(MAX_BROWSED);
        browsing.found = Some(browsed);
        self.touched.browsed = true;
    }

    /// Removes the answered part of a change of status; later choices remain.
    fn on_appeared(&mut self) {
        let appearing = &mut self.asking.appearing;
        let Some(asked) = appearing.asked.take() else { return };
        if appearing.wish.status == asked.status {
            appearing.wish.status = None;
        }
        if appearing.wish.share_reads == asked.share_reads {
            appearing.wish.share_reads = None;
        }
        self.touched.appearance = true;
    }

    /// Handles a refusal, which is temporary if `later`.
    pub(crate) fn on_asked_in_vain(&mut self, request: &Request, later: bool, now: Millis) {
        let asking = &mut self.asking;
        match request {
            Request::Rooms => {
                asking.listing.asked = false;
                asking.listing.wanted = later;
                asking.listing.answered |= !later;
                asking.listing.patience.refused(now);
            }
            Request::Browse { number, .. } if *number == asking.browsing.number => {
                asking.browsing.asked = false;
                if later {
                    asking.browsing.patience.refused(now);
                } else {
                    asking.browsing.wish = None;
                }
            }
            Request::Edits { .. } => {
                asking.recalling.asked = false;
                if later {
                    asking.recalling.patience.refused(now);
                } else {
                    asking.recalling.wish = None;
                }
            }
            Request::Appear if later => {
                asking.appearing.asked = None;
                asking.appearing.patience.refused(now);
            }
            Request::Appear => self.on_appeared(),
            _ => {}
        }
    }
}
