//! The connection between a tab and the server.

use std::collections::VecDeque;

use hubbub_client::Millis;
use hubbub_protocol::{MAX_OPEN_REQUESTS, ServerFrame};

/// The state of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// All frames arrive.
    Up,
    /// Sockets close and none opens.
    Down,
    /// No frame arrives and no error is reported.
    Silent,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Socket {
    Closed,
    Opening,
    Open,
}

/// The socket of a tab and the frames in flight to it.
pub(super) struct Pipe {
    pub(super) network: Network,
    pub(super) socket: Socket,
    /// The socket met a silent network and no longer delivers in either direction.
    pub(super) deaf: bool,
    /// Frames in flight to the tab, with their times of arrival.
    incoming: VecDeque<(Millis, ServerFrame)>,
    answered: usize,
    sent: usize,
}

impl Pipe {
    pub(super) fn new() -> Self {
        Self {
            network: Network::Up,
            socket: Socket::Closed,
            deaf: false,
            incoming: VecDeque::new(),
            answered: 0,
            sent: 0,
        }
    }

    /// Changes the network. An open socket on a silent network never delivers frames again.
    pub(super) fn set_network(&mut self, network: Network) {
        self.network = network;
        if network == Network::Silent && self.socket == Socket::Open {
            self.deaf = true;
            self.incoming.clear();
        }
    }

    pub(super) fn lose(&mut self) {
        *self = Self { network: self.network, ..Self::new() };
    }

    /// Counts a frame of the tab. Fails if more requests are open than the server allows.
    pub(super) fn count_sent(&mut self) {
        assert!(self.socket == Socket::Open, "sent without a socket");
        self.sent += 1;
        assert!(
            self.deaf || self.sent - self.answered <= MAX_OPEN_REQUESTS,
            "more requests than may be open"
        );
    }

    /// Sends frames to the tab, which arrive after `due`.
    pub(super) fn send(&mut self, frames: Vec<ServerFrame>, due: Millis) {
        if !self.deaf && self.socket == Socket::Open {
            // Frames keep their order, even if a later one has a shorter delay.
            let due = self.incoming.back().map_or(due, |(last, _)| due.max(*last));
            self.incoming.extend(frames.into_iter().map(|frame| (due, frame)));
        }
    }

    /// Returns the time at which the next frame arrives.
    pub(super) fn next_arrival(&self) -> Option<Millis> {
        self.incoming.front().map(|(due, _)| *due)
    }

    /// Returns the next frame that has arrived.
    pub(super) fn receive(&mut self, now: Millis) -> Option<ServerFrame> {
        if self.deaf || self.next_arrival().is_none_or(|due| due > now) {
            return None;
        }
        let (_, frame) = self.incoming.pop_front()?;
        let is_answer = matches!(frame, ServerFrame::Reply { .. } | ServerFrame::Refusal { id: Some(_), .. });
        self.answered += usize::from(is_answer);
        Some(frame)
    }
}
