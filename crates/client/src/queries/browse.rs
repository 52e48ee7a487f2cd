//! The list of public rooms.

use hubbub_protocol::{Browsed, Command, RoomName};

use super::latest_request::LatestRequest;
use crate::Millis;
use crate::output::ClientOutput;
use crate::requests::Request;

/// Maximum public rooms in the list while the user scrolls.
const MAX_BROWSED: usize = 1_000;

/// Requests public rooms, page by page.
#[derive(Clone, Debug, Default)]
pub(crate) struct BrowseQuery {
    /// Text to search for, and the room after which the page starts.
    pub(super) request: LatestRequest<(String, Option<RoomName>)>,
    /// Distinguishes the current request from earlier ones.
    number: u64,
    found: Option<Browsed>,
}

impl BrowseQuery {
    pub(crate) const fn found(&self) -> Option<&Browsed> {
        self.found.as_ref()
    }

    /// Requests the rooms whose names contain `query`, after a room.
    pub(crate) fn browse(&mut self, query: String, after: Option<RoomName>) {
        self.request.replace((query, after));
        self.number += 1;
    }

    /// Records in the list whether the user is a member of a room.
    pub(crate) fn set_joined(&mut self, name: &RoomName, joined: bool, out: &mut ClientOutput) {
        let found = self.found.iter_mut().flat_map(|found| &mut found.rooms);
        for room in found.filter(|room| room.room.name == *name && room.joined != joined) {
            room.joined = joined;
            out.change_set.browsed = true;
        }
    }

    pub(crate) fn next_request(&mut self) -> Option<(Command, Request)> {
        let (query, after) = self.request.due()?.clone();
        self.request.set_in_flight();
        let request = Request::Browse { number: self.number, further: after.is_some() };
        let query = (!query.is_empty()).then_some(query);
        let after = after.map(|name| name.as_str().to_owned());
        Some((Command::Browse { query, after }, request))
    }

    /// Handles a page of rooms, which is added to the list if `further`.
    pub(crate) fn on_reply(
        &mut self,
        number: u64,
        further: bool,
        mut browsed: Browsed,
        out: &mut ClientOutput,
    ) {
        if number != self.number {
            return;
        }
        self.request.on_reply();
        if further && let Some(before) = self.found.take() {
            let last = before.rooms.last().map(|room| room.room.name.clone());
            browsed.rooms.retain(|room| last.as_ref().is_none_or(|last| room.room.name > *last));
            browsed.rooms.splice(0..0, before.rooms);
        }
        browsed.more &= browsed.rooms.len() < MAX_BROWSED;
        browsed.rooms.truncate(MAX_BROWSED);
        self.found = Some(browsed);
        out.change_set.browsed = true;
    }

    /// Handles a refusal, which is temporary if `later`.
    pub(crate) fn on_refusal(&mut self, number: u64, later: bool, now: Millis) {
        if number == self.number {
            self.request.on_refusal(later, now);
        }
    }
}
