//! A socket between a client and the server.

use std::collections::VecDeque;

use hubbub_chat::ConnectionId;
use rand::Rng;
use rand::rngs::SmallRng;

/// A message to the client.
#[derive(Clone, Debug)]
pub(crate) enum Down {
    Opened,
    Text(String),
    Closed(Option<u16>),
}

/// A queue for each direction. As in TCP, frames arrive in order until the link breaks.
#[derive(Debug, Default)]
pub(crate) struct Link {
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) up: VecDeque<String>,
    pub(crate) down: VecDeque<Down>,
    /// No frame is delivered before this time, in milliseconds.
    pub(crate) stalled_until: u64,
    /// All frames are lost and neither side is notified, as in a vanished network.
    pub(crate) black_hole: bool,
    /// A frame was swapped or duplicated, so the client may believe an older signal or count.
    pub(crate) tampered: bool,
}

impl Link {
    /// Swaps or duplicates a frame in flight. Real links never do this within a connection; the guarantees
    /// must hold anyway.
    pub(crate) fn tamper(&mut self, random: &mut SmallRng) {
        self.tampered = true;
        if let Some(at) = random_index(random, self.up.len()) {
            if random.random() {
                self.up.insert(at, self.up[at].clone());
            } else {
                let other = random.random_range(0..self.up.len());
                self.up.swap(at, other);
            }
        }
        let texts: Vec<usize> =
            (0..self.down.len()).filter(|at| matches!(self.down[*at], Down::Text(_))).collect();
        if let Some(at) = random_index(random, texts.len()) {
            if random.random() {
                self.down.insert(texts[at], self.down[texts[at]].clone());
            } else {
                let other = random.random_range(0..texts.len());
                self.down.swap(texts[at], texts[other]);
            }
        }
    }
}

fn random_index(random: &mut SmallRng, len: usize) -> Option<usize> {
    (len > 0).then(|| random.random_range(0..len))
}
