//! The subscription of this connection to a room.

use hubbub_protocol::{Command, Refusal, Retry, RoomName, Seq};

use crate::Millis;
use crate::request_state::RequestState;
use crate::requests::Request;
use crate::retry_backoff::RetryBackoff;

/// Milliseconds within which the next batch of a catch-up must arrive.
const CATCH_UP_MILLIS: u64 = 30_000;

/// The state of the subscription to a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not connected, or the join is not answered. Loaded messages can be read.
    Joining,
    /// Joined; events arrive.
    Live,
    /// Refused. After a temporary refusal, the client retries by itself.
    Refused(Refusal),
    /// Left on this or another device, while the room is open. Opening it again joins it again.
    Left,
}

/// Joins the room and finds out whether events are missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subscription {
    state: SubscriptionState,
    /// Highest position received since the join was sent, applied or not.
    received: Seq,
    /// Delay before the next join.
    backoff: RetryBackoff,
}

#[derive(Clone, Debug)]
enum SubscriptionState {
    /// Not joined. The last attempt may have been refused temporarily.
    Idle(Option<Refusal>),
    /// A join is in flight. The attempt before it may have been refused temporarily.
    Joining(Option<Refusal>),
    /// Joined.
    Joined {
        /// Another join from the cursor, because events are missing.
        rejoin: RequestState,
        /// Deadline for the next batch of a catch-up, after which it is requested again.
        catching_up: Option<Millis>,
    },
    /// The user left the room on this or another device. The client sends no join until the user acts.
    Left,
    /// The join was refused permanently. The client sends no join until the user acts.
    Refused(Refusal),
}

impl Default for SubscriptionState {
    fn default() -> Self {
        Self::Idle(None)
    }
}

impl Subscription {
    pub(crate) fn phase(&self) -> Phase {
        match &self.state {
            SubscriptionState::Idle(None) | SubscriptionState::Joining(None) => Phase::Joining,
            SubscriptionState::Idle(Some(refusal))
            | SubscriptionState::Joining(Some(refusal))
            | SubscriptionState::Refused(refusal) => Phase::Refused(refusal.clone()),
            SubscriptionState::Joined { .. } => Phase::Live,
            SubscriptionState::Left => Phase::Left,
        }
    }

    pub(crate) const fn is_joined(&self) -> bool {
        matches!(self.state, SubscriptionState::Joined { .. })
    }

    /// Returns whether a join is in flight.
    pub(crate) const fn is_joining(&self) -> bool {
        match self.state {
            SubscriptionState::Joining(_) => true,
            SubscriptionState::Joined { rejoin, .. } => rejoin.is_in_flight(),
            SubscriptionState::Idle(_) | SubscriptionState::Left | SubscriptionState::Refused(_) => false,
        }
    }

    /// Returns whether the room counts as one of the rooms of this connection.
    pub(crate) const fn is_joined_or_joining(&self) -> bool {
        matches!(self.state, SubscriptionState::Joining(_) | SubscriptionState::Joined { .. })
    }

    /// Returns whether the room is joined and all missed events have arrived.
    pub(crate) const fn is_settled(&self) -> bool {
        matches!(
            self.state,
            SubscriptionState::Joined { rejoin: RequestState::Idle | RequestState::Due, catching_up: None }
        )
    }

    /// Returns whether a join may be sent, if there is a reason for it.
    pub(crate) const fn is_join_due(&self) -> bool {
        let is_due = match self.state {
            SubscriptionState::Idle(_) => true,
            SubscriptionState::Joined { rejoin, .. } => rejoin.is_due(),
            _ => false,
        };
        is_due && self.backoff.is_ready()
    }

    /// Returns the join to send now. The caller has a reason for it. `resume` is set if the join must not make the
    /// user a member.
    pub(crate) fn next_request(
        &mut self,
        room: &RoomName,
        cursor: Option<Seq>,
        resume: bool,
    ) -> Option<(Command, Request)> {
        if !self.is_join_due() {
            return None;
        }
        match &mut self.state {
            SubscriptionState::Idle(refusal) => self.state = SubscriptionState::Joining(refusal.take()),
            SubscriptionState::Joined { rejoin, .. } => *rejoin = RequestState::InFlight,
            _ => {}
        }
        self.received = Seq(0);
        let command = Command::Join { room: room.as_str().to_owned(), cursor, resume };
        Some((command, Request::Join(room.clone())))
    }

    /// Handles the reply to a join.
    pub(crate) fn on_reply(&mut self, now: Millis) {
        let mut rejoin = RequestState::Idle;
        if let SubscriptionState::Joined { rejoin: state, .. } = self.state {
            rejoin = state;
            rejoin.end();
        }
        self.state = SubscriptionState::Joined { rejoin, catching_up: Some(now.plus(CATCH_UP_MILLIS)) };
        self.backoff.granted();
        // Delays the next join, in case another gap is found at once.
        self.backoff.pause(now);
    }

    /// Handles the refusal of a join.
    pub(crate) fn on_refusal(&mut self, refusal: Refusal, now: Millis) {
        if refusal.retry == Retry::Never {
            self.state = SubscriptionState::Refused(refusal);
            return;
        }
        self.backoff.refused_as(&refusal, now);
        match &mut self.state {
            // The room was joined again only for missed events, so the subscription remains.
            SubscriptionState::Joined { rejoin, .. } => *rejoin = RequestState::Due,
            state => *state = SubscriptionState::Idle(Some(refusal)),
        }
    }

    /// Records the position of a received event, applied or not.
    pub(crate) fn on_event(&mut self, seq: Seq) {
        self.received = self.received.max(seq);
    }

    /// Records that events before a live one are missing.
    pub(crate) fn on_gap(&mut self) {
        if let SubscriptionState::Joined { rejoin, catching_up: None } = &mut self.state
            && !rejoin.is_in_flight()
        {
            // During a catch-up, the event may be part of it and have arrived early.
            rejoin.require();
        }
    }

    /// Records that events in a catch-up are missing.
    pub(crate) fn on_broken_catch_up(&mut self) {
        if let SubscriptionState::Joined { rejoin, catching_up } = &mut self.state {
            rejoin.require();
            *catching_up = None;
        }
    }

    /// Records that another batch of a catch-up follows. Nothing else would reveal that the batch was lost.
    pub(crate) fn on_partial_catch_up(&mut self, now: Millis) {
        if let SubscriptionState::Joined { catching_up, .. } = &mut self.state {
            *catching_up = Some(now.plus(CATCH_UP_MILLIS));
        }
    }

    /// Completes a catch-up. Joins again if it did not reach the events that were received meanwhile.
    pub(crate) fn on_caught_up(&mut self, cursor: Option<Seq>) {
        if let SubscriptionState::Joined { rejoin, catching_up } = &mut self.state {
            *catching_up = None;
            if cursor.is_none_or(|cursor| cursor < self.received) {
                rejoin.require();
            }
        }
    }

    /// Joins again, because the server does not see this client in the room. Returns whether the phase
    /// changed.
    pub(crate) fn rejoin(&mut self, now: Millis) -> bool {
        let is_lost = self.is_joined() && !self.is_joining();
        if is_lost {
            self.state = SubscriptionState::Idle(None);
            self.backoff.pause(now);
        }
        is_lost
    }

    /// Ends the subscription after a leave, and joins again if `stays` or a join is in flight. Returns
    /// whether the room is left.
    pub(crate) fn on_left(&mut self, stays: bool) -> bool {
        if self.is_joining() {
            // The join in flight decides; its answer follows.
            self.state = SubscriptionState::Joining(None);
        } else if stays {
            self.state = SubscriptionState::Idle(None);
        } else {
            self.stay_out();
            return true;
        }
        false
    }

    /// Handles the refusal of a join that would resume a membership that has ended. Joins again if `stays`. Returns
    /// whether the room is left.
    pub(crate) fn on_not_member(&mut self, stays: bool) -> bool {
        self.state = if stays { SubscriptionState::Idle(None) } else { SubscriptionState::Left };
        !stays
    }

    /// Prevents further joins until the user acts.
    pub(crate) fn stay_out(&mut self) {
        self.state = SubscriptionState::Left;
    }

    /// Allows another join after a leave or a permanent refusal. Returns whether the phase changed.
    pub(crate) fn allow(&mut self) -> bool {
        let was_out = matches!(self.state, SubscriptionState::Left | SubscriptionState::Refused(_));
        if was_out {
            self.state = SubscriptionState::Idle(None);
        }
        was_out
    }

    /// Allows another join after a leave. Returns whether the phase changed.
    pub(crate) fn allow_after_leave(&mut self) -> bool {
        matches!(self.state, SubscriptionState::Left) && self.allow()
    }

    /// Ends the subscription after the connection is lost. Returns whether the phase changed.
    pub(crate) fn reset(&mut self) -> bool {
        let was_joined = self.is_joined();
        let state = match std::mem::take(&mut self.state) {
            SubscriptionState::Left => SubscriptionState::Left,
            SubscriptionState::Refused(refusal) => SubscriptionState::Idle(Some(refusal)),
            SubscriptionState::Idle(refusal) | SubscriptionState::Joining(refusal) => {
                SubscriptionState::Idle(refusal)
            }
            SubscriptionState::Joined { .. } => SubscriptionState::Idle(None),
        };
        *self = Self { state, ..Self::default() };
        was_joined
    }

    /// Handles expired deadlines.
    pub(crate) fn wake(&mut self, now: Millis) {
        self.backoff.wake(now);
        if let SubscriptionState::Joined { rejoin, catching_up } = &mut self.state
            && catching_up.take_if(|by| *by <= now).is_some()
        {
            rejoin.require();
        }
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        let catching_up = match self.state {
            SubscriptionState::Joined { catching_up, .. } => catching_up,
            _ => None,
        };
        self.backoff.deadline().into_iter().chain(catching_up).min()
    }
}
