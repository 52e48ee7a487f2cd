//! Engine.IO, version 4: the layer below Socket.IO. A session uses polling or a WebSocket, and may be upgraded from
//! polling to a WebSocket.
//!
//! The project has its own implementation, because the existing server library neither closes the transport of one
//! session, nor stops reading from a peer that sends too much, nor limits the bytes that wait for a peer that does not
//! read (docs/decisions/0003-engine-io.md).

mod mailbox;
pub(super) mod packet;
mod sessions;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hubbub_protocol::CloseReason;

use tokio::net::TcpStream;

use super::websocket::WebSocket;
use super::{Incoming, LargeFrames, PING_INTERVAL_MILLIS, TextFrame};
use crate::net::handshake::UpgradedSocket;
use crate::net::listener::ConnectionPermit;
pub(crate) use mailbox::Mailbox;
use mailbox::{SessionInput, Upgrade};
use packet::EngineIoPacket;
pub(crate) use sessions::{EngineIoSessions, new_sid};

/// Milliseconds after a missing ping at which the client gives up, as announced in the open packet.
const PING_TIMEOUT_MILLIS: u64 = 20_000;
/// Maximum time that a WebSocket may take to upgrade a polling session.
const UPGRADE_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum time that a closing polling session waits for the peer to fetch the remaining packets.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// The server's end of one session.
pub(crate) struct EngineIo {
    carrier: Carrier,
    /// Packets that were not fetched before an upgrade. They are sent before all others.
    backlog: VecDeque<TextFrame>,
}

/// The transport that carries the packets.
enum Carrier {
    WebSocket(Box<WebSocket>),
    Polling(Mailbox),
    /// A WebSocket to which a polling session was upgraded.
    Upgraded {
        socket: Box<WebSocket>,
        /// The permit that counts the WebSocket among all connections, held while it is open.
        _permit: Option<ConnectionPermit>,
    },
}

/// Input from the peer.
#[derive(Debug)]
pub(super) enum Received {
    /// A message of the layer above.
    Message(String),
    /// A binary message.
    Binary(Bytes),
    /// A packet without content, which only shows that the peer is alive.
    SignOfLife,
    /// Text that is not a packet of this protocol.
    Garbage(String),
    /// The end of the session.
    Closed(CloseReason),
}

impl EngineIo {
    /// Creates a session that begins over a WebSocket.
    pub(crate) fn over_websocket(socket: UpgradedSocket, large: LargeFrames) -> Self {
        let opened = open_packet(&new_sid(), false, &large);
        let mut socket = WebSocket::new(socket, Some(large));
        socket.feed(&TextFrame::new(&opened));
        Self { carrier: Carrier::WebSocket(Box::new(socket)), backlog: VecDeque::new() }
    }

    /// Creates a session that begins by polling.
    pub(crate) const fn by_polling(mailbox: Mailbox) -> Self {
        Self { carrier: Carrier::Polling(mailbox), backlog: VecDeque::new() }
    }

    /// Waits for the next input from the peer; cancel safe. The caller must flush afterwards, because an upgrade adds
    /// packets to send.
    pub(super) async fn receive(&mut self) -> Received {
        let text = match &mut self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } => match socket.receive().await {
                Incoming::Text(text) => text,
                Incoming::Binary(bytes) => return Received::Binary(bytes),
                Incoming::Closed(reason) => return Received::Closed(reason),
                Incoming::SignOfLife | Incoming::Event { .. } => return Received::SignOfLife,
            },
            Carrier::Polling(mailbox) => match mailbox.next().await {
                SessionInput::Packet(packet) => packet.into(),
                SessionInput::Upgrade(upgrade) => {
                    self.upgrade(upgrade);
                    return Received::SignOfLife;
                }
                SessionInput::Closed(reason) => return Received::Closed(reason),
            },
        };
        match EngineIoPacket::parse(text.as_str()) {
            Some(EngineIoPacket::Message(message)) => Received::Message(message.to_owned()),
            Some(EngineIoPacket::Binary(base64)) => match STANDARD.decode(base64) {
                Ok(bytes) => Received::Binary(bytes.into()),
                Err(_) => Received::Garbage(text.as_str().to_owned()),
            },
            Some(EngineIoPacket::Close) => Received::Closed(CloseReason::Normal),
            Some(EngineIoPacket::SignOfLife | EngineIoPacket::Probe | EngineIoPacket::Upgrade) => {
                Received::SignOfLife
            }
            None => Received::Garbage(text.as_str().to_owned()),
        }
    }

    /// Continues over the WebSocket and sends the packets that waited for a poll.
    fn upgrade(&mut self, Upgrade { socket, permit }: Upgrade) {
        if let Carrier::Polling(mailbox) = &self.carrier {
            self.backlog = mailbox.drain().into();
        }
        self.carrier = Carrier::Upgraded { socket, _permit: permit };
    }

    /// Returns the stream of a WebSocket that has sent all packets.
    pub(super) fn idle_stream(&self) -> Option<&Arc<TcpStream>> {
        match &self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } if self.backlog.is_empty() => {
                socket.idle_stream()
            }
            Carrier::WebSocket(_) | Carrier::Upgraded { .. } | Carrier::Polling(_) => None,
        }
    }

    /// Continues a frame of which others have written a part.
    pub(super) fn resume(&mut self, unsent: Bytes) {
        if let Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } = &mut self.carrier {
            socket.resume(unsent);
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        match &self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } => {
                self.backlog.is_empty() && socket.is_ready()
            }
            Carrier::Polling(mailbox) => mailbox.has_room(),
        }
    }

    /// Puts a message of the layer above in the send buffer.
    pub(super) fn feed_message(&mut self, message: &str) {
        self.feed(&TextFrame::new(&packet::message(message)));
    }

    /// Sends a ping, which the peer must answer.
    pub(super) fn ping(&mut self) {
        self.feed(&TextFrame::new(packet::PING));
    }

    /// Puts a packet in the send buffer.
    pub(super) fn feed(&mut self, packet: &TextFrame) {
        match &mut self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } => socket.feed(packet),
            Carrier::Polling(mailbox) => mailbox.put(packet.clone()),
        }
    }

    /// Over a WebSocket, sends the buffered packets. By polling, waits until there is space again, which is at once for
    /// a peer that polls. Cancel safe: the next call continues.
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
            socket.feed(&packet);
            socket.flush().await?;
        }
        Ok(())
    }

    /// Returns the bytes that wait to be sent to the peer.
    pub(super) fn unsent_bytes(&self) -> usize {
        match &self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } => {
                socket.unsent_bytes() + self.backlog.iter().map(|packet| packet.bytes().len()).sum::<usize>()
            }
            Carrier::Polling(mailbox) => mailbox.unsent_bytes(),
        }
    }

    /// Ends the session and its transport. Socket.IO clients reconnect after it.
    pub(super) async fn close(&mut self, reason: CloseReason) {
        match &mut self.carrier {
            Carrier::WebSocket(socket) | Carrier::Upgraded { socket, .. } => socket.close(reason).await,
            Carrier::Polling(mailbox) => {
                mailbox.put(TextFrame::new(packet::CLOSE));
                // A peer that does not fetch the packet learns of the end by its next request.
                _ = tokio::time::timeout(CLOSE_TIMEOUT, mailbox.fetched()).await;
                mailbox.close();
            }
        }
    }
}

/// Returns the first packet of a session.
pub(crate) fn open_packet(sid: &str, may_upgrade: bool, large: &LargeFrames) -> String {
    let max_payload = large.max_frame_bytes();
    let upgrades = if may_upgrade { r#"["websocket"]"# } else { "[]" };
    format!(
        r#"0{{"sid":"{sid}","upgrades":{upgrades},"pingInterval":{PING_INTERVAL_MILLIS},"pingTimeout":{PING_TIMEOUT_MILLIS},"maxPayload":{max_payload}}}"#
    )
}

/// Lets a WebSocket try to upgrade a polling session: waits for its probe and for its upgrade packet.
pub(crate) async fn try_upgrade(
    mailbox: &Mailbox,
    socket: UpgradedSocket,
    permit: Option<ConnectionPermit>,
    large: LargeFrames,
) {
    match tokio::time::timeout(UPGRADE_TIMEOUT, probed(mailbox, socket, large)).await {
        Ok(Some(socket)) => mailbox.upgrade(Upgrade { socket, permit }),
        Ok(None) | Err(_) => mailbox.upgrade_failed(),
    }
}

async fn probed(mailbox: &Mailbox, socket: UpgradedSocket, large: LargeFrames) -> Option<Box<WebSocket>> {
    let mut socket = Box::new(WebSocket::new(socket, Some(large)));
    let Incoming::Text(text) = socket.receive().await else { return None };
    if EngineIoPacket::parse(text.as_str()) != Some(EngineIoPacket::Probe) {
        return None;
    }
    socket.feed(&TextFrame::new(packet::PROBE_ANSWER));
    socket.flush().await.ok()?;
    // The client ends its polling before it sends the upgrade packet.
    mailbox.release_polls();
    let Incoming::Text(text) = socket.receive().await else { return None };
    (EngineIoPacket::parse(text.as_str()) == Some(EngineIoPacket::Upgrade)).then_some(socket)
}
