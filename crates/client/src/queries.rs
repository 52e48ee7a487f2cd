//! Requests that concern no single room.

pub(crate) mod activity;
pub(crate) mod appearance;
pub(crate) mod browse;
pub(crate) mod edit_history;
mod latest_request;
pub(crate) mod room_list;

use hubbub_protocol::Command;

use self::activity::ActivityReport;
use self::appearance::AppearanceUpdate;
use self::browse::BrowseQuery;
use self::edit_history::EditHistoryQuery;
use self::room_list::RoomListQuery;
use crate::Millis;
use crate::requests::Request;
use crate::rooms::Rooms;

/// The pending requests and their results.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queries {
    pub(crate) room_list: RoomListQuery,
    pub(crate) browse: BrowseQuery,
    pub(crate) edit_history: EditHistoryQuery,
    pub(crate) appearance: AppearanceUpdate,
    pub(crate) activity: ActivityReport,
}

impl Queries {
    /// Returns a request to send now.
    pub(crate) fn next_request(&mut self, rooms: &Rooms, now: Millis) -> Option<(Command, Request)> {
        self.room_list
            .next_request()
            .or_else(|| self.browse.next_request())
            .or_else(|| self.edit_history.next_request(rooms))
            .or_else(|| self.appearance.next_request())
            .or_else(|| self.activity.next_request(now))
    }

    /// Resets requests in flight after the connection is lost.
    pub(crate) fn reset_in_flight(&mut self) {
        self.room_list.reset_in_flight();
        self.browse.request.reset_in_flight();
        self.edit_history.request.reset_in_flight();
        self.appearance.reset_in_flight();
        self.activity.reset();
    }

    /// Handles expired delays.
    pub(crate) fn wake(&mut self, now: Millis) {
        self.room_list.wake(now);
        self.browse.request.wake(now);
        self.edit_history.request.wake(now);
        self.appearance.wake(now);
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        let Self { room_list, browse, edit_history, appearance, .. } = self;
        let all = [
            room_list.deadline(),
            browse.request.deadline(),
            edit_history.request.deadline(),
            appearance.deadline(),
        ];
        all.into_iter().flatten().min()
    }
}
