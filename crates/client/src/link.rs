//! The connection to the server: when to try, when to wait, when to give up on one.

use hubbub_protocol::{CloseReason, ComeBack};

use crate::backoff::Backoff;
use crate::random::Random;
use crate::{Effect, Millis};

/// Close code for a server that says what this client cannot read. Browsers may send 1000 or 3000 to 4999.
pub const NOT_UNDERSTOOD: u16 = 4400;
/// Close code for a socket that gives no sign of life.
pub const DEAD: u16 = 4408;
/// Close code for a connection that is not needed any more.
const GOODBYE: u16 = 1000;

/// How long a socket may take to open, and the server to say hello.
const PATIENCE_MILLIS: u64 = 10_000;
/// A silence after which the client asks whether the server is still there.
const SILENCE_MILLIS: u64 = 20_000;
/// How long the answer may take: anything that comes is one.
const PING_MILLIS: u64 = 10_000;
/// The same when there is a reason to doubt, and when to doubt a socket that is slow to open.
const SUSPICION_MILLIS: u64 = 5_000;
/// Doubled with each failed try up to this: a network that is slow, and not dead, is waited for.
const LONGEST_SUSPICION_MILLIS: u64 = 30_000;
/// How long a command may be unanswered, with nothing else from the server, before the client asks whether it is there.
const DOUBT_MILLIS: u64 = 3_000;
/// How long that question may be unanswered before the user is told.
const DOUBT_SHOWN_MILLIS: u64 = 1_000;
/// How long a connection must have held to count as healthy. A server that greets and closes at once is
/// not healthy, and every such try makes the next one later.
const HEALTHY_MILLIS: u64 = 10_000;
/// Failed tries after which one is offline.
const TRIES_UNTIL_OFFLINE: u32 = 5;
/// Bounds for how often this client must send something, whatever idle timeout a server names.
const KEEP_ALIVE_MILLIS: (u64, u64) = (5_000, 60_000);

/// What the connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Nothing, and it will not begin by itself.
    Stopped {
        /// Why the server does not want to be asked again; none if nobody asked to start, or the user
        /// stopped. `WrongVersion` means: load the page again; `SignedOut`:
        /// go to the entrance.
        reason: Option<CloseReason>,
    },
    /// The next try is due at `until`.
    Waiting {
        /// Which try that will be, from 1, counted since the last healthy connection.
        attempt: u32,
        /// When.
        until: Millis,
    },
    /// A socket is being opened.
    Connecting {
        /// Which try this is.
        attempt: u32,
        /// Since when.
        since: Millis,
    },
    /// The socket is open and the server has not said hello yet.
    Greeting {
        /// Which try this is.
        attempt: u32,
        /// Since when.
        since: Millis,
    },
    /// Commands can be sent.
    Online {
        /// Since when.
        since: Millis,
    },
}

impl LinkState {
    /// Whether commands can be sent.
    #[must_use]
    pub const fn is_online(&self) -> bool {
        matches!(self, Self::Online { .. })
    }

    /// Whether so many tries have failed that it is honest to say "offline". It goes on trying, slowly.
    #[must_use]
    pub const fn is_offline(&self) -> bool {
        match self {
            Self::Waiting { attempt, .. }
            | Self::Connecting { attempt, .. }
            | Self::Greeting { attempt, .. } => *attempt > TRIES_UNTIL_OFFLINE,
            Self::Stopped { .. } | Self::Online { .. } => false,
        }
    }

    /// Whether the page must be loaded again, because this client and the server do not understand each other.
    #[must_use]
    pub const fn must_reload(&self) -> bool {
        matches!(self, Self::Stopped { reason: Some(CloseReason::WrongVersion) })
    }

    /// Whether the session has ended: only whoever signs in again comes back.
    #[must_use]
    pub const fn is_signed_out(&self) -> bool {
        matches!(self, Self::Stopped { reason: Some(CloseReason::SignedOut) })
    }

    const fn has_socket(&self) -> bool {
        matches!(self, Self::Connecting { .. } | Self::Greeting { .. } | Self::Online { .. })
    }
}

/// A ping that is not answered yet.
#[derive(Clone, Copy, Debug)]
struct OpenPing {
    /// When the connection is given up.
    deadline: Millis,
    /// When the user is told. None if there is no reason to doubt, or it is told.
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
    /// Whether the connection seems to be dead, so that nothing that is shown should claim to be live.
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

    /// Whether the state has changed since this was last asked.
    pub(crate) const fn take_changed(&mut self) -> bool {
        std::mem::replace(&mut self.changed, false)
    }

    /// Whether a socket was lost since this was last asked, and with it all that was under way on it.
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
        self.hang_up(GOODBYE, effects);
        self.enter(LinkState::Stopped { reason: None });
    }

    /// The server says what this client cannot read: only a newer client helps.
    pub(crate) fn give_up(&mut self, effects: &mut Vec<Effect>) {
        self.hang_up(NOT_UNDERSTOOD, effects);
        self.enter(LinkState::Stopped { reason: Some(CloseReason::WrongVersion) });
    }

    pub(crate) fn retry_now(&mut self, now: Millis, effects: &mut Vec<Effect>) {
        match self.state {
            LinkState::Waiting { .. } => self.connect(now, effects),
            // It may have been asked of a network that is gone, and would use up its whole patience.
            LinkState::Connecting { since, .. } | LinkState::Greeting { since, .. } => {
                if now.since(since) >= SUSPICION_MILLIS {
                    self.hang_up(DEAD, effects);
                    self.connect(now, effects);
                }
            }
            LinkState::Online { .. } if self.in_doubt => {
                self.hang_up(DEAD, effects);
                self.connect(now, effects);
            }
            LinkState::Online { .. } => self.suspect(now),
            LinkState::Stopped { .. } => {}
        }
    }

    /// Whether the connection seems to be dead, though it is not given up yet.
    pub(crate) const fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    /// There is a reason to doubt that the socket still works.
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

    /// The server has said hello and closes a connection that is silent for `idle_timeout_seconds`.
    pub(crate) fn greeted(&mut self, idle_timeout_seconds: u32, now: Millis) {
        let (shortest, longest) = KEEP_ALIVE_MILLIS;
        // A third of it leaves time for a frame that is late and for a tab whose timers are.
        self.keep_alive = (u64::from(idle_timeout_seconds) * 1_000 / 3).clamp(shortest, longest);
        self.last_received = now;
        self.last_sent = now;
        self.enter(LinkState::Online { since: now });
    }

    /// Something has come: the server is there.
    pub(crate) fn received(&mut self, now: Millis) {
        self.last_received = now;
        self.ping = None;
        self.suspected = false;
        self.changed |= std::mem::take(&mut self.in_doubt);
    }

    pub(crate) const fn sent(&mut self, now: Millis) {
        self.last_sent = now;
    }

    /// Whether to send a ping: after a silence, at a suspicion, when the server has long heard nothing, and when a command
    /// that was sent at `unanswered` waits for its answer.
    pub(crate) fn ping_is_due(&self, unanswered: Option<Millis>, now: Millis) -> bool {
        self.state.is_online() && self.ping.is_none() && (self.suspected || now >= self.ping_at(unanswered))
    }

    pub(crate) fn pinged(&mut self, unanswered: Option<Millis>, now: Millis) {
        let doubtful = self.suspected || self.doubt_at(unanswered).is_some_and(|doubt| now >= doubt);
        let calm = OpenPing { deadline: now.plus(PING_MILLIS), shown_at: None };
        self.ping = Some(if doubtful { self.suspicion(now) } else { calm });
        self.suspected = false;
    }

    fn suspicion(&self, now: Millis) -> OpenPing {
        let patience = SUSPICION_MILLIS << self.backoff.failures().min(8);
        OpenPing {
            deadline: now.plus(patience.min(LONGEST_SUSPICION_MILLIS)),
            shown_at: Some(now.plus(DOUBT_SHOWN_MILLIS)),
        }
    }

    /// The socket has closed.
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
            // It is going down, so the first try would be in vain; and everybody else comes back too.
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

    /// The socket is of no use any more: another one, soon.
    pub(crate) fn abandon(&mut self, now: Millis, random: &mut Random, effects: &mut Vec<Effect>) {
        if self.state.has_socket() {
            self.hang_up(DEAD, effects);
            self.closed(None, now, random, effects);
        }
    }

    pub(crate) fn tick(&mut self, now: Millis, random: &mut Random, effects: &mut Vec<Effect>) {
        match self.state {
            LinkState::Waiting { until, .. } if now >= until => self.connect(now, effects),
            LinkState::Connecting { since, .. } | LinkState::Greeting { since, .. }
                if now >= since.plus(PATIENCE_MILLIS) =>
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

    /// When to call `tick`, or to ask whether a ping is due.
    pub(crate) fn deadline(&self, unanswered: Option<Millis>) -> Option<Millis> {
        match self.state {
            LinkState::Stopped { .. } => None,
            LinkState::Waiting { until, .. } => Some(until),
            LinkState::Connecting { since, .. } | LinkState::Greeting { since, .. } => {
                Some(since.plus(PATIENCE_MILLIS))
            }
            LinkState::Online { .. } => Some(match self.ping {
                Some(OpenPing { deadline, shown_at }) => shown_at.unwrap_or(deadline).min(deadline),
                None => self.ping_at(unanswered),
            }),
        }
    }

    fn ping_at(&self, unanswered: Option<Millis>) -> Millis {
        let calm = self.last_received.plus(SILENCE_MILLIS).min(self.last_sent.plus(self.keep_alive));
        self.doubt_at(unanswered).map_or(calm, |doubt| doubt.min(calm))
    }

    fn doubt_at(&self, unanswered: Option<Millis>) -> Option<Millis> {
        unanswered.map(|sent| sent.max(self.last_received).plus(DOUBT_MILLIS))
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
        let goes_on = matches!(state, LinkState::Greeting { .. } | LinkState::Online { .. });
        self.lost |= self.state.has_socket() && !goes_on;
        self.changed |= self.state != state || self.in_doubt;
        self.ping = None;
        self.suspected = false;
        self.in_doubt = false;
        self.state = state;
    }
}
