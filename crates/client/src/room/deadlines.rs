//! The times at which the parts of a room must act.

use super::RoomState;
use crate::Millis;

impl RoomState {
    /// Handles expired delays, before requests are sent.
    pub(crate) fn wake(&mut self, now: Millis) {
        self.subscription.wake(now);
        self.posting.wake(now);
        self.timeline.wake(now);
        self.changing.wake(now);
        self.read_tracker.wake(now);
    }

    /// Returns the next deadline of the room.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let keys = self.typing_notifier.deadline().filter(|_| self.subscription.is_joined());
        let may_report = self.is_looked_at() && self.subscription.is_settled();
        let report = self.read_tracker.report_deadline().filter(|_| may_report);
        let all = [
            self.subscription.deadline(),
            self.posting.deadline(),
            self.timeline.deadline(),
            self.changing.deadline(),
            self.read_tracker.retry_deadline(),
            keys,
            report,
            self.presence.typing.deadline(),
        ];
        all.into_iter().flatten().min()
    }
}
