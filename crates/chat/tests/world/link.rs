//! One socket between a client and the server.

use std::collections::VecDeque;

use hubbub_chat::ConnectionId;
use rand::Rng;
use rand::rngs::SmallRng;

/// What travels to the client.
#[derive(Clone, Debug)]
pub(crate) enum Down {
    Opened,
    Text(String),
    Closed(Option<u16>),
}

/// In each direction a queue, as TCP keeps it: in order, until it breaks.
#[derive(Debug, Default)]
pub(crate) struct Link {
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) up: VecDeque<String>,
    pub(crate) down: VecDeque<Down>,
    /// Nothing moves before this moment.
    pub(crate) stalled_until: u64,
    /// Nothing that is sent arrives any more, and nobody is told: a network that vanished.
    pub(crate) black_hole: bool,
}

impl Link {
    /// Swaps or doubles a frame that is under way. No real link does this within one connection; the
    /// promise must not depend on it.
    pub(crate) fn tamper(&mut self, random: &mut SmallRng) {
        if let Some(at) = pick(random, self.up.len()) {
            if random.random() {
                self.up.insert(at, self.up[at].clone());
            } else {
                let other = random.random_range(0..self.up.len());
                self.up.swap(at, other);
            }
        }
        let texts: Vec<usize> =
            (0..self.down.len()).filter(|at| matches!(self.down[*at], Down::Text(_))).collect();
        if let Some(at) = pick(random, texts.len()) {
            if random.random() {
                self.down.insert(texts[at], self.down[texts[at]].clone());
            } else {
                let other = random.random_range(0..texts.len());
                self.down.swap(texts[at], texts[other]);
            }
        }
    }
}

fn pick(random: &mut SmallRng, len: usize) -> Option<usize> {
    (len > 0).then(|| random.random_range(0..len))
}
