//! The connection together with its open requests.

use hubbub_protocol::{ClientFrame, Command, MAX_OPEN_REQUESTS, RequestId};

use crate::link::Link;
use crate::output::ClientOutput;
use crate::random::Random;
use crate::requests::{Request, Requests};
use crate::{Effect, Millis};

/// Maximum open requests when a join, a leave or a request for history is sent. The rest is reserved for
/// pings.
const OPEN_REQUESTS: usize = MAX_OPEN_REQUESTS - 4;
/// Maximum open requests when a post or a change is sent, so that a full outbox does not block joins.
const OPEN_POSTS: usize = MAX_OPEN_REQUESTS - 8;

/// Sends commands on the link and finds the requests that the server answers.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) link: Link,
    requests: Requests,
}

impl Channel {
    pub(crate) fn new() -> Self {
        Self { link: Link::new(), requests: Requests::default() }
    }

    pub(crate) const fn is_online(&self) -> bool {
        self.link.state().is_online()
    }

    /// Returns whether another request may be sent.
    pub(crate) fn has_place(&self) -> bool {
        self.requests.len() < OPEN_REQUESTS
    }

    /// Returns whether another post or change may be sent.
    pub(crate) fn has_place_for_posts(&self) -> bool {
        self.requests.len() < OPEN_POSTS
    }

    /// Sends a command. Its answer will be routed by `request`.
    pub(crate) fn send(
        &mut self,
        (command, request): (Command, Request),
        now: Millis,
        out: &mut ClientOutput,
    ) {
        let id = self.requests.add(request, now);
        out.effects.push(Effect::Send(ClientFrame { id, command }.encode()));
        self.link.sent(now);
    }

    /// Sends a ping if it is due.
    pub(crate) fn ping_if_due(&mut self, now: Millis, out: &mut ClientOutput) {
        let unanswered = self.requests.unanswered();
        if self.link.ping_is_due(unanswered, now) {
            self.send((Command::Ping { active: false }, Request::Ping), now, out);
            self.link.pinged(unanswered, now);
        }
    }

    /// Removes and returns the request that an answer belongs to; `None` if this connection has sent no such
    /// request.
    pub(crate) fn take_request(&mut self, id: RequestId) -> Option<Request> {
        self.requests.take(id)
    }

    /// Returns whether a socket was lost since the last call. The requests on it are dropped.
    pub(crate) fn take_lost(&mut self) -> bool {
        let lost = self.link.take_lost();
        if lost {
            self.requests = Requests::default();
        }
        lost
    }

    /// Gives up the socket if the oldest request has timed out.
    pub(crate) fn abandon_if_overdue(&mut self, now: Millis, random: &mut Random, out: &mut ClientOutput) {
        if self.requests.deadline().is_some_and(|deadline| now >= deadline) {
            self.link.abandon(now, random, &mut out.effects);
        }
    }

    /// Returns the next deadline of the link or of a request.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let link = self.link.deadline(self.requests.unanswered());
        let requests = self.requests.deadline().filter(|_| self.is_online());
        link.into_iter().chain(requests).min()
    }
}
