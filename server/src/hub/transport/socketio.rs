//! A connection over Socket.IO.

pub(super) mod packet;

use std::sync::Arc;

use bytes::Bytes;
use hubbub_protocol::{CloseReason, MAX_FRAME_BYTES};
use serde::Serialize;
use tokio::net::TcpStream;

use super::engine_io::{EngineIo, Received};
use super::{Incoming, TextFrame};
use packet::{DEFAULT_NAMESPACE, EventPacket, SocketIoPacket};

/// A peer that is in the default namespace or asks to enter it.
pub(crate) struct SocketIo {
    engine: EngineIo,
    /// An event whose attachments have not all arrived.
    incomplete: Option<EventPacket>,
    /// Whether an attachment of this event was discarded.
    has_discarded: bool,
}

/// The error object for a rejected peer, in the form that Socket.IO clients read.
#[derive(Serialize)]
struct ConnectError<'a> {
    message: &'a str,
    data: ConnectErrorData<'a>,
}

#[derive(Serialize)]
struct ConnectErrorData<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

impl SocketIo {
    pub(crate) const fn new(engine: EngineIo) -> Self {
        Self { engine, incomplete: None, has_discarded: false }
    }

    /// Waits until the peer asks to enter the default namespace. Returns the authentication data of the peer as JSON.
    ///
    /// # Errors
    /// The reason to close the connection.
    pub(crate) async fn asks_to_connect(&mut self) -> Result<Option<String>, CloseReason> {
        loop {
            self.engine.flush().await?;
            let problem = match self.engine.receive().await {
                Received::Message(text) => match SocketIoPacket::parse(&text) {
                    Some(SocketIoPacket::Connect { namespace, auth }) if namespace == DEFAULT_NAMESPACE => {
                        return Ok(auth);
                    }
                    Some(SocketIoPacket::Connect { namespace, .. }) => {
                        let problem = r#"{"message":"Invalid namespace"}"#;
                        self.engine.feed_message(&packet::refused_text(&namespace, problem));
                        continue;
                    }
                    Some(_) => "connect to the namespace first",
                    None => "this is no packet of Socket.IO",
                },
                Received::Garbage(_) => "this is no packet of Engine.IO",
                Received::Binary(_) => "no attachment was announced",
                Received::SignOfLife => continue,
                Received::Closed(reason) => return Err(reason),
            };
            self.refuse("not_understood", problem, None);
        }
    }

    /// Accepts the peer in the default namespace.
    pub(crate) fn accept(&mut self, sid: &str) {
        self.engine.feed_message(&packet::connected_text(sid));
    }

    /// Rejects the peer, which may try again. Clients report it as `connect_error`.
    pub(crate) fn refuse(&mut self, code: &str, message: &str, field: Option<&str>) {
        let problem = ConnectError { message, data: ConnectErrorData { code, field } };
        let problem = serde_json::to_string(&problem).unwrap_or_default();
        self.engine.feed_message(&packet::refused_text(DEFAULT_NAMESPACE, &problem));
    }

    /// Waits for the next input from the peer; cancel safe.
    pub(super) async fn receive(&mut self) -> Incoming {
        match self.engine.receive().await {
            Received::Message(text) => match SocketIoPacket::parse(&text) {
                Some(SocketIoPacket::Event(event)) => self.event(event),
                // The session has no other namespace, so it ends, as clients end it themselves.
                Some(SocketIoPacket::Disconnect { namespace }) if namespace == DEFAULT_NAMESPACE => {
                    Incoming::Closed(CloseReason::Normal)
                }
                Some(
                    SocketIoPacket::Connect { .. }
                    | SocketIoPacket::Disconnect { .. }
                    | SocketIoPacket::Ignored,
                ) => Incoming::SignOfLife,
                None => Incoming::Text(text.into()),
            },
            Received::Garbage(text) => Incoming::Text(text.into()),
            Received::Binary(bytes) => self.attachment(bytes),
            Received::SignOfLife => Incoming::SignOfLife,
            Received::Closed(reason) => Incoming::Closed(reason),
        }
    }

    fn event(&mut self, event: EventPacket) -> Incoming {
        // An event is dropped if its attachments do not follow immediately.
        self.incomplete = None;
        // An event that waits for its attachment has no permission for a long frame.
        if event.attachments > 0 && event.json.len() <= MAX_FRAME_BYTES {
            self.incomplete = Some(event);
            return Incoming::SignOfLife;
        }
        let EventPacket { name, json, acknowledge, .. } = event;
        Incoming::Event { name, json, acknowledge, attachment: None }
    }

    /// Completes an event that announced one attachment. No event has a use for several, so their bytes are discarded
    /// and not kept until the last has arrived.
    fn attachment(&mut self, bytes: Bytes) -> Incoming {
        match self.incomplete.take() {
            Some(EventPacket { name, json, acknowledge, attachments: 1 }) if !self.has_discarded => {
                Incoming::Event { name, json, acknowledge, attachment: Some(bytes) }
            }
            Some(mut event) => {
                event.attachments -= 1;
                self.has_discarded = event.attachments > 0;
                self.event(event)
            }
            None => Incoming::Binary(bytes),
        }
    }

    pub(super) fn idle_stream(&self) -> Option<&Arc<TcpStream>> {
        self.engine.idle_stream()
    }

    pub(super) fn resume(&mut self, unsent: Bytes) {
        self.engine.resume(unsent);
    }

    pub(super) fn is_ready(&self) -> bool {
        self.engine.is_ready()
    }

    /// Puts a frame in the send buffer: a message of Engine.IO.
    pub(super) fn feed(&mut self, frame: &TextFrame) {
        self.engine.feed(frame);
    }

    pub(crate) async fn flush(&mut self) -> Result<(), CloseReason> {
        self.engine.flush().await
    }

    pub(super) fn unsent_bytes(&self) -> usize {
        self.engine.unsent_bytes()
    }

    pub(super) fn ping(&mut self) {
        self.engine.ping();
    }

    /// Closes the transport, after which clients reconnect by themselves. Only a peer that must not reconnect is first
    /// disconnected from the namespace.
    pub(crate) async fn close(&mut self, reason: CloseReason) {
        if reason == CloseReason::SignedOut {
            self.engine.feed_message(packet::DISCONNECT);
        }
        self.engine.close(reason).await;
    }
}
