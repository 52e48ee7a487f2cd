//! The connection to the server: attempts, delays and timeouts.

use hubbub_protocol::{CloseReason, ComeBack};

use crate::backoff::Backoff;
use crate::random::Random;
use crate::{Effect, Millis};

/// Close code for a server whose frames this client cannot read. Browsers may send 1000 or 3000 to 4999.
pub const CLOSE_UNREADABLE_FRAME: u16 = 4400;
/// Close code for a socket that timed out.
pub const CLOSE_TIMED_OUT: u16 = 4408;
/// Close code for a connection that is no longer needed.
const CLOSE_NORMAL: u16 = 1000;

/// Milliseconds for opening a socket, in a browser also for loading the code that reads frames, and for `hello`.
const CONNECT_TIMEOUT_MILLIS: u64 = 10_000;
/// Milliseconds of silence after which the client sends a ping.
const MAX_SILENCE_MILLIS: u64 = 20_000;
/// Milliseconds for the answer to a ping. Any frame counts as an answer.
const PING_MILLIS: u64 = 10_000;
/// Milliseconds for the answer to a ping if the link is suspected to be dead, and the time after which an
/// opening socket is suspected.
const SUSPICION_MILLIS: u64 = 5_000;
/// Upper limit of the timeout for a suspected link, in milliseconds. The timeout doubles with each failed
/// attempt, so that the client does not give up a connection that is only slow.
const LONGEST_SUSPICION_MILLIS: u64 = 30_000;
/// Milliseconds without an answer to a command, or any other frame, after which the client sends a ping.
const ANSWER_TIMEOUT_MILLIS: u64 = 3_000;
/// Milliseconds without an answer to a ping on a suspected link, after which the view shows that the
/// connection may be dead.
const DOUBT_SHOWN_MILLIS: u64 = 1_000;
/// Milliseconds after which a connection counts as healthy. A server that closes right after `hello` is not
/// healthy, and the delays continue to grow.
const HEALTHY_MILLIS: u64 = 10_000;
/// Failed attempts after which the client reports "offline".
const TRIES_UNTIL_OFFLINE: u32 = 5;
/// Bounds in milliseconds for the interval of pings, for any idle timeout of the server.
const KEEP_ALIVE_MILLIS: (u64, u64) = (5_000, 60_000);

/// The state of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Not connected, and no further attempt is made.
    Stopped {
        /// Reason for which the server ended the connection for good; `None` before a start and after a stop
        /// by the user. `WrongVersion`: reload the page. `SignedOut`: sign in again.
        reason: Option<CloseReason>,
    },
    /// Waiting for the next attempt.
    Waiting {
        /// Number of the next attempt since the last healthy connection, from 1.
        attempt: u32,
        /// Time of the next attempt.
        until: Millis,
    },
    /// A socket is being opened.
    Connecting {
        /// Number of this attempt.
        attempt: u32,
        /// Start of this attempt.
        since: Millis,
    },
    /// The socket is open and `hello` has not arrived.
    Greeting {
        /// Number of this attempt.
        attempt: u32,
        /// Time at which the socket opened.
        since: Millis,
    },
    /// Connected; commands can be sent.
    Online {
        /// Time of `hello`.
        since: Millis,
    },
}

impl LinkState {
    /// Returns whether commands can be sent.
    #[must_use]
    pub const fn is_online(&self) -> bool {
        matches!(self, Self::Online { .. })
    }

    /// Returns whether enough attempts failed to show "offline". The client continues to try, slowly.
    #[must_use]
    pub const fn is_offline(&self) -> bool {
        match self {
            Self::Waiting { attempt, .. }
            | Self::Connecting { attempt, .. }
            | Self::Greeting { attempt, .. } => *attempt > TRIES_UNTIL_OFFLINE,
            Self::Stopped { .. } | Self::Online { .. } => false,
        }
    }

    /// Returns whether the page must be reloaded, because the versions of client and server are incompatible.
    #[must_use]
    pub const fn must_reload(&self) -> bool {
        matches!(self, Self::Stopped { reason: Some(CloseReason::WrongVersion) })
    }

    /// Returns whether the session has ended and the user must sign in again.
    #[must_use]
    pub const fn is_signed_out(&self) -> bool {
        matches!(self, Self::Stopped { reason: Some(CloseReason::SignedOut) })
    }

    /// Returns whether the socket is open, so that the server may send frames.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self, Self::Greeting { .. } | Self::Online { .. })
    }

    const fn has_socket(&self) -> bool {
        matches!(self, Self::Connecting { .. } | Self::Greeting { .. } | Self::Online { .. })
    }
}

/// A ping without an answer.
#[derive(Clone, Copy, Debug)]
struct OpenPing {
    /// Time at which the connection is given up.
    deadline: Millis,
    /// Time at which the view shows that the connection may be dead; `None` if nothing indicates it or the
    /// view already shows it.
    shown_at: Option<Millis>,
}

/// The state of the connection and all its deadlines.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    state: LinkState,
    backoff: Backoff,
    last_received: Millis,
    last_sent: Millis,
    keep_alive: u64,
    ping: Option<OpenPing>,
    suspected: bool,
    /// Whether the connection seems to be dead, so that the view must not show its state as current.
    in_doubt: bool,
    changed: bool,
    lost: bool,
}

impl Link {
    pub(crate) fn new() -> Self {
        Self {
            state: LinkState::Stopped { reason: None },
            backoff: Backoff::default(),
            last_received: Millis(0),
            last_sent: Millis(0),
            keep_alive: KEEP_ALIVE_MILLIS.1,
            ping: None,
            suspected: false,
            in_doubt: false,
            changed: false,
            lost: false,
        }
    }

    pub(crate) const fn state(&self) -> &LinkState {
        &self.state
    }

    /// Returns whether the state changed since the last call.
    pub(crate) const fn take_changed(&mut self) -> bool {
        std::mem::replace(&mut self.changed, false)
    }

    /// Returns whether a socket, with everything in flight on it, was lost since the last call.
    pub(crate) const fn take_lost(&mut self) -> bool {
        std::mem::replace(&mut self.lost, false)
    }

    pub(crate) fn start(&mut self, now: Millis, effects: &mut Vec<Effect>) {
        if matches!(self.state, LinkState::Stopped { .. }) {
            self.backoff.reset();
            self.connect(now, effects);
        }
    }

    pub(crate) fn stop(&mut self, effects: &mut Vec<Effect>) {
        self.hang_up(CLOSE_NORMAL, effects);
        self.enter(LinkState::Stopped { reason: None });
    }

    /// Stops for good because the server's frames are unreadable. Only a newer client can help.
    pub(crate) fn give_up(&mut self, effects: &mut Vec<Effect>) {
        self.hang_up(CLOSE_UNREADABLE_FRAME, effects);
        self.enter(LinkState::Stopped { reason: Some(CloseReason::WrongVersion) });
    }

    pub(crate) fn retry_now(&mut self, now: Millis, effects: &mut Vec<Effect>) {
        match self.state {
            LinkState::Waiting { .. } => self.connect(now, effects),
            // The attempt may use a network that is gone, and would run into its full timeout.
            LinkState::Connecting { since, .. } | LinkState::Greeting { since, .. } => {
                if now.since(since) >= SUSPICION_MILLIS {
                    self.hang_up(CLOSE_TIMED_OUT, effects);
                    self.connect(now, effects);
                }
            }
            LinkState::Online { .. } if self.in_doubt => {
                self.hang_up(CLOSE_TIMED_OUT, effects);
                self.connect(now, effects);
            }
            LinkState::Online { .. } => self.suspect(now),
            LinkState::Stopped { .. } => {}
        }
    }

    /// Returns whether the connection seems to be dead but is not given up yet.
    pub(crate) const fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    /// Checks the link because there is a reason to doubt it.
    pub(crate) fn suspect(&mut self, now: Millis) {
        if !self.state.is_online() {
            return;
        }
        let suspicion = self.suspicion(now);
        match &mut self.ping {
            Some(ping) => {
                ping.deadline = ping.deadline.min(suspicion.deadline);
                ping.shown_at = ping.shown_at.or(suspicion.shown_at).filter(|_| !self.in_doubt);
            }
            None => self.suspected = true,
        }
    }

    pub(crate) fn opened(&mut self, now: Millis) {
        if let LinkState::Connecting { attempt, .. } = self.state {
            self.enter(LinkState::Greeting { attempt, since: now });
        }
    }

    /// Handles `hello`. The server closes connections that are silent for `idle_timeout_seconds`.
    pub(crate) fn greeted(&mut self, idle_timeout_seconds: u32, now: Millis) {
        let (shortest, longest) = KEEP_ALIVE_MILLIS;
        // A third of the timeout leaves time for late frames and for tabs with delayed timers.
        self.keep_alive = (u64::from(idle_timeout_seconds) * 1_000 / 3).clamp(shortest, longest);
        self.last_received = now;
        self.last_sent = now;
        self.enter(LinkState::Online { since: now });
    }

    /// Records a received frame.
    pub(crate) fn received(&mut self, now: Millis) {
        self.last_received = now;
        self.ping = None;
        self.suspected = false;
        self.changed |= std::mem::take(&mut self.in_doubt);
    }

    pub(crate) const fn sent(&mut self, now: Millis) {
        self.last_sent = now;
    }

    /// Returns whether to send a ping: after silence, on suspicion, before the idle timeout, and when a
    /// command sent at `unanswered` waits for its answer.
    pub(crate) fn ping_is_due(&self, unanswered: Option<Millis>, now: Millis) -> bool {
        self.state.is_online() && self.ping.is_none() && (self.suspected || now >= self.ping_at(unanswered))
    }

    pub(crate) fn pinged(&mut self, unanswered: Option<Millis>, now: Millis) {
        let doubtful = self.suspected || self.answer_timeout_at(unanswered).is_some_and(|doubt| now >= doubt);
        let calm = OpenPing { deadline: now.plus(PING_MILLIS), shown_at: None };
        self.ping = Some(if doubtful { self.suspicion(now) } else { calm });
        self.suspected = false;
    }

    fn suspicion(&self, now: Millis) -> OpenPing {
        let backoff = SUSPICION_MILLIS << self.backoff.failures().min(8);
        OpenPing {
            deadline: now.plus(backoff.min(LONGEST_SUSPICION_MILLIS)),
            shown_at: Some(now.plus(DOUBT_SHOWN_MILLIS)),
        }
    }

    /// Handles the close of the socket.
    pub(crate) fn closed(
        &mut self,
        code: Option<u16>,
        now: Millis,
        random: &mut Random,
        effects: &mut Vec<Effect>,
    ) {
        if !self.state.has_socket() {
            return;
        }
        let reason = code.and_then(CloseReason::from_code);
        if let Some(reason) = reason.filter(|reason| reason.come_back() == ComeBack::No) {
            self.enter(LinkState::Stopped { reason: Some(reason) });
            return;
        }
        let healthy = self.is_healthy(now);
        if healthy {
            self.backoff.reset();
        } else {
            self.backoff.failed();
        }
        let wait = match reason {
            Some(CloseReason::Overloaded) => Backoff::longest_wait(random),
            // The server is stopping, so an immediate attempt would fail, and all other clients reconnect
            // too.
            Some(CloseReason::Restart) => self.backoff.wait(random),
            _ if healthy => 0,
            _ => self.backoff.wait(random),
        };
        if wait == 0 {
            self.connect(now, effects);
        } else {
            self.enter(LinkState::Waiting { attempt: self.attempt(), until: now.plus(wait) });
        }
    }

    /// Gives up the socket and reconnects.
    pub(crate) fn abandon(&mut self, now: Millis, random: &mut Random, effects: &mut Vec<Effect>) {
        if self.state.has_socket() {
            self.hang_up(CLOSE_TIMED_OUT, effects);
            self.closed(None, now, random, effects);
        }
    }

    pub(crate) fn tick(&mut self, now: Millis, random: &mut Random, effects: &mut Vec<Effect>) {
        match self.state {
            LinkState::Waiting { until, .. } if now >= until => self.connect(now, effects),
            LinkState::Connecting { since, .. } | LinkState::Greeting { since, .. }
                if now >= since.plus(CONNECT_TIMEOUT_MILLIS) =>
            {
                self.abandon(now, random, effects);
            }
            LinkState::Online { .. } if self.ping.is_some_and(|ping| now >= ping.deadline) => {
                self.abandon(now, random, effects);
            }
            _ => {}
        }
        if let Some(ping) = &mut self.ping
            && ping.shown_at.take_if(|shown_at| now >= *shown_at).is_some()
        {
            self.in_doubt = true;
            self.changed = true;
        }
    }

    /// Returns the time at which to call `tick` or to check for a due ping.
    pub(crate) fn deadline(&self, unanswered: Option<Millis>) -> Option<Millis> {
        match self.state {
            LinkState::Stopped { .. } => None,
            LinkState::Waiting { until, .. } => Some(until),
            LinkState::Connecting { since, .. } | LinkState::Greeting { since, .. } => {
                Some(since.plus(CONNECT_TIMEOUT_MILLIS))
            }
            LinkState::Online { .. } => Some(match self.ping {
                Some(OpenPing { deadline, shown_at }) => shown_at.unwrap_or(deadline).min(deadline),
                None => self.ping_at(unanswered),
            }),
        }
    }

    fn ping_at(&self, unanswered: Option<Millis>) -> Millis {
        let calm = self.last_received.plus(MAX_SILENCE_MILLIS).min(self.last_sent.plus(self.keep_alive));
        self.answer_timeout_at(unanswered).map_or(calm, |doubt| doubt.min(calm))
    }

    fn answer_timeout_at(&self, unanswered: Option<Millis>) -> Option<Millis> {
        unanswered.map(|sent| sent.max(self.last_received).plus(ANSWER_TIMEOUT_MILLIS))
    }

    fn is_healthy(&self, now: Millis) -> bool {
        matches!(self.state, LinkState::Online { since } if now.since(since) >= HEALTHY_MILLIS)
    }

    const fn attempt(&self) -> u32 {
        self.backoff.failures().saturating_add(1)
    }

    fn connect(&mut self, now: Millis, effects: &mut Vec<Effect>) {
        effects.push(Effect::Connect);
        self.enter(LinkState::Connecting { attempt: self.attempt(), since: now });
    }

    fn hang_up(&self, code: u16, effects: &mut Vec<Effect>) {
        if self.state.has_socket() {
            effects.push(Effect::Disconnect { code });
        }
    }

    fn enter(&mut self, state: LinkState) {
        self.lost |= self.state.has_socket() && !state.is_open();
        self.changed |= self.state != state || self.in_doubt;
        self.ping = None;
        self.suspected = false;
        self.in_doubt = false;
        self.state = state;
    }
}
