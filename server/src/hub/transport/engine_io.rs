//! Engine.IO, version 4: the layer below Socket.IO. A session goes by polling or over a WebSocket, and may be upgraded
//! from the first to the second.
//!
//! The project has its own, because the ready-made server neither closes the transport of one session, nor stops
//! reading from a peer that sends too much, nor bounds the bytes that wait for a peer that does not read
//! (docs/decisions/0003-engine-io.md).

mod mailbox;
mod packet;
mod sessions;

use std::collections::VecDeque;
use std::time::Duration;

use hubbub_protocol::{CloseReason, MAX_FRAME_BYTES};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::websocket::WebSocket;
use super::{Incoming, OutgoingFrame};
use crate::hub::connection_task::PING_INTERVAL_MILLIS;
use crate::net::handshake::Socket;
use crate::net::listener::Place;
pub(crate) use mailbox::Mailbox;
use mailbox::{Posted, Upgrade};
use packet::Packet;
pub(crate) use sessions::{Sessions, new_sid};

/// Milliseconds after a missing ping at which the client gives up, as the open packet announces them.
const PING_TIMEOUT_MILLIS: u64 = 20_000;
/// How long a WebSocket may take to take over a session by polling.
const UPGRADE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a closing session by polling waits for the peer to fetch what is left for it.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// The server's end of one session.
pub(crate) struct EngineIo {
    carrier: Carrier,
    /// What was not fetched before an upgrade and leaves before anything else.
    backlog: VecDeque<Utf8Bytes>,
}

/// What carries the packets.
enum Carrier {
    WebSocket(Box<WebSocket>),
    Polling(Mailbox),
    /// A WebSocket that a session was upgraded to.
    Upgraded {
        socket: Box<WebSocket>,
        /// Its place among all connections, held as long as it is open.
        _place: Option<Place>,
    },
}

/// Something from the peer.
#[derive(Debug)]
pub(super) enum Received {
    /// A message of the layer above.
    Message(String),
    /// A binary message. Nothing here has a use for its bytes.
    Binary,
    /// Only that the peer is there.
    SignOfLife,
    /// No packet of this protocol.
    Garbage(String),
    /// The end.
    Closed(CloseReason),
}

impl EngineIo {
    /// A session that begins over a WebSocket.
    pub(crate) fn over_websocket(socket: Socket) -> Self {
        let mut socket = WebSocket::new(socket);
        // A WebSocket that has just opened takes a line.
        _ = socket.feed(OutgoingFrame::Text(open_packet(&new_sid(), false).into()));
        Self { carrier: Carrier::WebSocket(Box::new(socket)), backlog: VecDeque::new() }
    }

    /// A session that begins by polling.
    pub(crate) const fn by_polling(mailbox: Mailbox) -> Self {
        Self { carrier: Carrier::Polling(mailbox), backlog: VecDeque::new() }
    }

    /// The next thing from the peer. Safe to drop while it waits. Flush after it: an upgrade brings what to send.
    pub(super) async fn receive(&mut self) -> Received {
        let text = match &mut self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } => match socket.receive().await {
                Incoming::Text(text) => text,
                Incoming::Binary => return Received::Binary,
                Incoming::Closed(reason) => return Received::Closed(reason),
                Incoming::SignOfLife | Incoming::Event { .. } => return Received::SignOfLife,
            },
            Carrier::Polling(mailbox) => match mailbox.next().await {
                Posted::Packet(packet) => packet.into(),
                Posted::Upgrade(upgrade) => {
                    self.upgrade(upgrade);
                    return Received::SignOfLife;
                }
                Posted::Closed(reason) => return Received::Closed(reason),
            },
        };
        match Packet::parse(text.as_str()) {
            Some(Packet::Message(message)) => Received::Message(message.to_owned()),
            Some(Packet::Binary) => Received::Binary,
            Some(Packet::Close) => Received::Closed(CloseReason::Normal),
            Some(Packet::SignOfLife | Packet::Probe | Packet::Upgrade) => Received::SignOfLife,
            None => Received::Garbage(text.as_str().to_owned()),
        }
    }

    /// Goes on over the WebSocket, with what waited for a poll.
    fn upgrade(&mut self, Upgrade { socket, place }: Upgrade) {
        if let Carrier::Polling(mailbox) = &self.carrier {
            self.backlog = mailbox.drain().into();
        }
        self.carrier = Carrier::Upgraded { socket, _place: place };
    }

    pub(super) fn is_ready(&mut self) -> Result<bool, CloseReason> {
        match &mut self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } => {
                Ok(self.backlog.is_empty() && socket.is_ready()?)
            }
            Carrier::Polling(mailbox) => Ok(mailbox.has_room()),
        }
    }

    /// Takes a message for the peer.
    pub(super) fn feed(&mut self, message: &str) -> Result<(), CloseReason> {
        self.feed_packet(packet::message(message))
    }

    /// Asks for a sign of life.
    pub(super) fn ping(&mut self) -> Result<(), CloseReason> {
        self.feed_packet(packet::PING.to_owned())
    }

    fn feed_packet(&mut self, packet: String) -> Result<(), CloseReason> {
        match &mut self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } => {
                socket.feed(OutgoingFrame::Text(packet.into()))
            }
            Carrier::Polling(mailbox) => {
                mailbox.put(packet.into());
                Ok(())
            }
        }
    }

    /// Over a WebSocket, sends what was taken. By polling, waits until there is room again, which is at once for a
    /// peer that polls. Goes on where it was if it is dropped while it waits.
    pub(super) async fn flush(&mut self) -> Result<(), CloseReason> {
        if let Carrier::Polling(mailbox) = &self.carrier {
            match mailbox.room().await? {
                Some(upgrade) => self.upgrade(upgrade),
                None => return Ok(()),
            }
        }
        let (Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. }) = &mut self.carrier else {
            return Ok(());
        };
        socket.flush().await?;
        while let Some(packet) = self.backlog.pop_front() {
            socket.feed(OutgoingFrame::Text(packet))?;
            socket.flush().await?;
        }
        Ok(())
    }

    /// Bytes that wait for the peer here.
    pub(super) fn unsent_bytes(&self) -> usize {
        match &self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } => {
                socket.unsent_bytes() + self.backlog.iter().map(|packet| packet.len()).sum::<usize>()
            }
            Carrier::Polling(mailbox) => mailbox.unsent_bytes(),
        }
    }

    /// Ends the session and its transport. Clients of Socket.IO connect again after it.
    pub(super) async fn close(&mut self, reason: CloseReason) {
        match &mut self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } => socket.close(reason).await,
            Carrier::Polling(mailbox) => {
                mailbox.put(packet::CLOSE.into());
                // A peer that does not fetch it learns of the end by its next request.
                _ = tokio::time::timeout(CLOSE_TIMEOUT, mailbox.fetched()).await;
                mailbox.close();
            }
        }
    }
}

/// The first packet of a session.
pub(crate) fn open_packet(sid: &str, may_upgrade: bool) -> String {
    let upgrades = if may_upgrade { r#"["websocket"]"# } else { "[]" };
    format!(
        r#"0{{"sid":"{sid}","upgrades":{upgrades},"pingInterval":{PING_INTERVAL_MILLIS},"pingTimeout":{PING_TIMEOUT_MILLIS},"maxPayload":{MAX_FRAME_BYTES}}}"#
    )
}

/// Lets a WebSocket try to take over a session by polling: waits for its probe and for the word to go over.
pub(crate) async fn try_upgrade(mailbox: &Mailbox, socket: Socket, place: Option<Place>) {
    match tokio::time::timeout(UPGRADE_TIMEOUT, probed(mailbox, socket)).await {
        Ok(Some(socket)) => mailbox.upgrade(Upgrade { socket, place }),
        Ok(None) | Err(_) => mailbox.upgrade_failed(),
    }
}

async fn probed(mailbox: &Mailbox, socket: Socket) -> Option<Box<WebSocket>> {
    let mut socket = Box::new(WebSocket::new(socket));
    let Incoming::Text(text) = socket.receive().await else { return None };
    if Packet::parse(text.as_str()) != Some(Packet::Probe) {
        return None;
    }
    socket.feed(OutgoingFrame::Text(Utf8Bytes::from_static(packet::PROBE_ANSWER))).ok()?;
    socket.flush().await.ok()?;
    // The client ends its polling before it says that it goes over.
    mailbox.release_polls();
    let Incoming::Text(text) = socket.receive().await else { return None };
    (Packet::parse(text.as_str()) == Some(Packet::Upgrade)).then_some(socket)
}
