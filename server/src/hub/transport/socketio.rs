//! A connection over Socket.IO: the library frames, polls, pings and upgrades; what is said is ours.

mod payload;

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use hubbub_protocol::CloseReason;
use serde_json::value::RawValue;
use socketioxide::extract::{AckSender, Event, SocketRef, TryData};
use socketioxide::{SendError, SocketError};
use tokio::sync::mpsc::{self, Receiver, error::TrySendError};
use tokio_util::sync::CancellationToken;

use super::{Heard, Line};
use payload::Payload;

/// Events of a peer that may wait to be heard. The library cannot be told to read more slowly, so who sends more
/// while none is taken is closed.
const INBOX_EVENTS: usize = 1_024;
/// Lines that may wait for the library's own buffer before the peer counts as slow.
const MAX_WAITING_LINES: usize = 4_096;
/// How often to look whether the library's buffer has room again; it does not say so by itself.
const RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// The socket of the default namespace.
pub(crate) struct SocketIo {
    socket: SocketRef,
    inbox: Receiver<Emitted>,
    overrun: CancellationToken,
    /// Where acknowledgements go that a peer waits for. Each command gets one, so they are as few as open requests.
    acknowledge: HashMap<u64, AckSender>,
    last: u64,
    /// For which the library had no room yet.
    waiting: VecDeque<Line>,
}

/// An event of the peer.
struct Emitted {
    name: String,
    json: String,
    acknowledge: AckSender,
}

impl SocketIo {
    /// Hears everything on this socket from now on.
    pub(super) fn new(socket: SocketRef) -> Self {
        let (events, inbox) = mpsc::channel(INBOX_EVENTS);
        let overrun = CancellationToken::new();
        let (told, ended) = (overrun.clone(), overrun.clone());
        // Called in the order of the events; a handler that waits would lose it.
        socket.on_fallback(
            move |Event(name): Event, TryData(data): TryData<Payload>, acknowledge: AckSender| {
                let json = data.unwrap_or_default().0.to_string();
                let emitted = Emitted { name, json, acknowledge };
                if let Err(TrySendError::Full(_)) = events.try_send(emitted) {
                    told.cancel();
                }
                // What a handler waits for would be waited for beside the others.
                std::future::ready(())
            },
        );
        socket.on_disconnect(move || {
            ended.cancel();
            std::future::ready(())
        });
        let (acknowledge, waiting) = (HashMap::new(), VecDeque::new());
        Self { socket, inbox, overrun, acknowledge, last: 0, waiting }
    }

    pub(super) async fn hear(&mut self) -> Heard {
        tokio::select! {
            biased;
            Some(Emitted { name, json, acknowledge }) = self.inbox.recv() => {
                self.last += 1;
                self.acknowledge.insert(self.last, acknowledge);
                Heard::Event { name, json, acknowledge: self.last }
            }
            () = self.overrun.cancelled() => {
                let gone = !self.socket.connected();
                Heard::Closed(if gone { CloseReason::Normal } else { CloseReason::Overloaded })
            }
        }
    }

    /// Whether the library lives on: it pings by itself, and lets go of peers that do not answer.
    pub(super) fn is_alive(&self) -> bool {
        self.socket.connected()
    }

    pub(super) fn is_ready(&self) -> bool {
        self.waiting.len() < MAX_WAITING_LINES
    }

    pub(super) fn feed(&mut self, line: Line) {
        self.waiting.push_back(line);
    }

    /// Hands over what waits, as the library takes it.
    pub(super) async fn flush(&mut self) -> Result<(), CloseReason> {
        while let Some(line) = self.waiting.pop_front() {
            while let Err(error) = self.send(&line) {
                match error {
                    SendError::Socket(SocketError::InternalChannelFull) => {
                        tokio::time::sleep(RETRY_INTERVAL).await
                    }
                    SendError::Socket(SocketError::Closed) => return Err(CloseReason::Normal),
                    SendError::Serialize(_) => break,
                }
            }
        }
        Ok(())
    }

    /// The payload is JSON already, and goes out as it is.
    fn send(&mut self, line: &Line) -> Result<(), SendError> {
        match line {
            Line::Event { name, json } => match serde_json::from_str::<&RawValue>(json.as_str()) {
                Ok(payload) => self.socket.emit(name, payload),
                Err(_) => Ok(()),
            },
            Line::Acknowledgement { of, json } => {
                let sender = self.acknowledge.remove(of);
                let payload = serde_json::from_str::<&RawValue>(json.as_str());
                // A repetition has no sender any more: an acknowledgement that found no room is lost.
                sender.zip(payload.ok()).map_or(Ok(()), |(sender, payload)| sender.send(payload))
            }
            // This wire has no frames without a name.
            Line::Text(_) => Ok(()),
        }
    }

    /// Lets go. A peer that is to come back must not be told to stay away, so it is only the program's end that it
    /// notices then.
    pub(super) fn close(&self, reason: CloseReason) {
        if reason != CloseReason::Restart {
            drop(self.socket.clone().disconnect());
        }
    }
}
