//! Drives one [`Connection`]: owns its socket, its queue and its timers.

mod effects;
mod legacy;
pub(crate) mod lobby;
mod timed_transport;

use std::collections::VecDeque;

use hubbub_chat::{Connection, ConnectionEffect, ConnectionId, Disposition, Store};
use hubbub_protocol::{
    Appearance, ClientFrame, CloseReason, Command, Hello, IDLE_TIMEOUT_SECONDS, MAX_FRAME_BYTES,
    MAX_TEXT_BYTES, MAX_TEXT_CHARS, Millis, PROTOCOL_VERSION, Refusal, RequestId, RoomName, ServerFrame,
    User,
};
use hubbub_wires::{Endpoint, Frame, InboundFrame, Lookup, Session, SessionOutput};
use tokio::time::sleep_until;

use super::Hub;
use super::delivery::{Broadcast, Delivery};
use super::outbox::{Inbox, Outbox};
use super::room_task::ReplyTo;
use super::transport::{Incoming, SharedFrame, Transport};
use crate::clock::wall_time;
use crate::hub::transient_guest::TransientGuest;
use crate::limits::RetryGate;
use crate::net::client_address::ClientAddress;
use crate::sqlite::SessionId;
use legacy::select_frames;
use timed_transport::TimedTransport;

/// Deliveries written before the socket is flushed and the next frame of the peer is read.
const DELIVERIES_AT_ONCE: usize = 128;
/// The connection of one peer, over any wire.
pub(crate) struct ConnectionTask {
    hub: Hub,
    id: ConnectionId,
    connection: Connection,
    /// The session that the connection belongs to; `None` for transient guests.
    session: Option<SessionId>,
    /// Address of the peer.
    from: ClientAddress,
    retry_gate: RetryGate,
    transport: TimedTransport,
    protocol: Protocol,
    /// Set for transient guests, who cannot reconnect as the same user.
    transient_guest: Option<TransientGuest>,
    /// Whether the peer has already received its name.
    is_greeted: bool,
    /// The first request of a peer that had no user when it sent the request; it is handled before all others.
    first: Option<Incoming>,
    inbox: Inbox,
    outbox: Outbox,
}

/// The reason why a peer may use a connection.
pub(crate) enum Credential {
    /// The peer has a session.
    Session(SessionId),
    /// The peer is a transient guest without a session.
    TransientGuest(TransientGuest),
}

/// The protocol that the peer speaks.
enum Protocol {
    /// The native wire, which supports every frame.
    Native,
    /// A legacy protocol, with the state that it keeps per connection.
    Wire(Box<Session>),
}

impl Protocol {
    /// Whether to read further frames of the peer.
    fn may_receive(&self) -> bool {
        match self {
            Self::Native => true,
            Self::Wire(session) => session.may_receive(),
        }
    }
}

impl ConnectionTask {
    /// Creates the task of a peer on the native wire.
    pub(crate) fn new(
        hub: Hub,
        user: User,
        session: Option<SessionId>,
        from: ClientAddress,
        transport: Transport,
    ) -> Self {
        let (outbox, inbox) = Outbox::new();
        let id = hub.next_connection();
        let now = hub.clock().now();
        let connection = Connection::new(id, user, Appearance::default(), now);
        let closing = outbox.closing.clone();
        let transport = TimedTransport::new(transport, closing, hub.stopping().clone(), now);
        let (protocol, transient_guest, retry_gate) = (Protocol::Native, None, RetryGate::default());
        Self {
            hub,
            id,
            connection,
            session,
            from,
            retry_gate,
            transport,
            protocol,
            transient_guest,
            is_greeted: false,
            first: None,
            inbox,
            outbox,
        }
    }

    /// Creates the task of a peer that uses a legacy protocol.
    pub(crate) fn on_wire(
        hub: Hub,
        user: User,
        credential: Credential,
        from: ClientAddress,
        transport: Transport,
        endpoint: Endpoint,
    ) -> Self {
        let (session_id, transient_guest) = match credential {
            Credential::Session(session) => (Some(session), None),
            Credential::TransientGuest(transient_guest) => (None, Some(transient_guest)),
        };
        let may_rename = transient_guest.as_ref().is_some_and(TransientGuest::may_rename);
        let session = Session::new(endpoint, user.clone(), may_rename);
        Self {
            protocol: Protocol::Wire(Box::new(session)),
            transient_guest,
            ..Self::new(hub, user, session_id, from, transport)
        }
    }

    /// Sets the time of the last ping, for a peer that was served before by the lobby.
    fn pinged_at(mut self, pinged: Millis) -> Self {
        self.transport.set_pinged(pinged);
        self
    }

    /// Sends the greeting, serves the connection, and leaves all rooms, however the connection ended.
    pub(crate) async fn run(mut self) {
        let user = self.connection.user().clone();
        self.hub.names().connect(&user.name, user.id);
        // The connection is registered before the appearance is read, so that no change of appearance is missed.
        self.hub.users().connect(user.id, self.session, self.id, self.outbox.clone());
        let reason = self.serve().await.unwrap_or_else(|end| end);
        // A transient guest cannot reconnect as the same user, so the guest leaves at once.
        let leaves = self.transient_guest.take().is_some_and(TransientGuest::release);
        for effect in self.connection.on_closed(leaves) {
            if let ConnectionEffect::Request { room, request } = effect {
                // If storage fails, the next start removes the memberships of transient guests.
                _ = self.hub.request(&room, request, ReplyTo::Origin).await;
            }
        }
        // The user may have been renamed while the connection was served.
        let user = self.connection.user().clone();
        self.hub.users().disconnect(user.id, self.id);
        self.hub.names().disconnect(&user.name, user.id);
        tracing::debug!(user = %user.id, ?reason, "connection closed");
        self.transport.close(reason).await;
    }

    /// Runs until there is a reason to close.
    async fn serve(&mut self) -> Result<CloseReason, CloseReason> {
        let user = self.connection.user().clone();
        let appearance = Box::pin(self.hub.store().appearance(user.id)).await;
        let appearance = appearance.map_err(|_| CloseReason::Broken)?;
        self.connection = Connection::new(self.id, user, appearance, self.hub.clock().now());
        if !self.is_greeted {
            let hello = hello(&self.hub, self.connection.user(), self.connection.appearance());
            self.perform(vec![ConnectionEffect::Write(ServerFrame::Hello(hello))]).await?;
        }
        if let Some(first) = self.first.take() {
            self.on_incoming(first).await?;
        }
        self.transport.flush().await?;
        loop {
            let deadline = self.hub.clock().instant(self.deadline());
            let may_receive = self.connection.may_ask() && self.protocol.may_receive();
            tokio::select! {
                () = self.hub.stopping().cancelled() => return Ok(CloseReason::Restart),
                reason = self.outbox.closing.wait() => return Ok(*reason),
                Some(delivery) = self.inbox.next() => self.deliver(delivery).await?,
                incoming = self.transport.receive(), if may_receive => self.on_incoming(incoming).await?,
                () = sleep_until(deadline) => self.tick().await?,
            }
            self.transport.flush().await?;
        }
    }

    /// Returns the time of the next timer of this connection.
    fn deadline(&self) -> Millis {
        match self.protocol {
            Protocol::Native => self.connection.deadline(),
            Protocol::Wire(_) => self.connection.deadline().min(self.transport.next_ping()),
        }
    }

    async fn tick(&mut self) -> Result<(), CloseReason> {
        let now = self.hub.clock().now();
        if matches!(self.protocol, Protocol::Wire(_)) {
            self.transport.ping_if_due(now)?;
        }
        let effects = self.connection.on_tick(now);
        self.perform(effects).await
    }

    /// Handles all deliveries in the queue, up to [`DELIVERIES_AT_ONCE`], so that one flush sends them.
    async fn deliver(&mut self, first: Delivery) -> Result<(), CloseReason> {
        let mut next = Some(first);
        let mut handled = 0;
        while let Some(delivery) = next {
            match delivery {
                Delivery::Answer(answer) => {
                    let (request, reply) = *answer;
                    let effects = self.connection.on_room_reply(request, reply);
                    self.perform(effects).await?;
                }
                Delivery::Broadcast(broadcast) => self.deliver_broadcast(&broadcast).await?,
            }
            handled += 1;
            next = if handled < DELIVERIES_AT_ONCE { self.inbox.ready() } else { None };
        }
        Ok(())
    }

    async fn deliver_broadcast(&mut self, broadcast: &Broadcast) -> Result<(), CloseReason> {
        let disposition = match broadcast.frame() {
            ServerFrame::Event { room, what } => self.connection.on_event(room, what.seq()),
            ServerFrame::Signal { room, .. } if !self.connection.has_entered(room) => Disposition::Drop,
            ServerFrame::UserEvent(event) => {
                let effects = self.connection.on_user_event(event, self.hub.clock().now());
                self.perform(effects).await?;
                Disposition::Forward
            }
            _ => Disposition::Forward,
        };
        match (disposition, &mut self.protocol) {
            (Disposition::Forward, Protocol::Native) => {
                self.transport.feed(SharedFrame::Text(broadcast.native())).await
            }
            (Disposition::Forward, Protocol::Wire(session)) => {
                // The future is boxed, because it waits only for the first connection of a wire; inline, it would
                // occupy memory in every idle connection.
                match Box::pin(broadcast.prepared(session.wire(), self.hub.store())).await {
                    Some(prepared) => {
                        let frames = select_frames(session, prepared);
                        self.transport.feed_all(frames).await
                    }
                    None => self.perform(vec![ConnectionEffect::Write(broadcast.frame().clone())]).await,
                }
            }
            (Disposition::Drop, _) => Ok(()),
            (Disposition::Repair(read), _) => self.perform(vec![ConnectionEffect::Query(read)]).await,
        }
    }

    async fn on_incoming(&mut self, incoming: Incoming) -> Result<(), CloseReason> {
        let now = self.hub.clock().now();
        match (incoming, &self.protocol) {
            (Incoming::Text(json), Protocol::Native) => {
                let effects = self.admit(ClientFrame::decode(json.as_str()), now).await;
                self.perform(effects).await
            }
            (Incoming::Text(text), Protocol::Wire(_)) => {
                self.decode(InboundFrame::Text(text.as_str()), now).await
            }
            (Incoming::Binary, Protocol::Wire(_)) => self.decode(InboundFrame::Binary, now).await,
            (Incoming::Event { name, json, acknowledge }, Protocol::Wire(_)) => {
                self.decode(InboundFrame::Event { name: &name, json: &json, acknowledge }, now).await
            }
            (Incoming::Binary | Incoming::Event { .. }, Protocol::Native) => Err(CloseReason::Unsupported),
            (Incoming::SignOfLife, _) => {
                self.connection.on_sign_of_life(now);
                Ok(())
            }
            (Incoming::Closed(reason), _) => Err(reason),
        }
    }

    /// Accepts a request, unless the rate limit of the user or the address refuses it.
    async fn admit(
        &mut self,
        request: Result<ClientFrame, (Option<RequestId>, Refusal)>,
        now: Millis,
    ) -> Vec<ConnectionEffect> {
        if let Ok(ClientFrame { command, .. }) = &request
            && let Command::Join { room, .. } | Command::Browse { after: Some(room), .. } = command
            && RoomName::parse(room).is_err()
            // The future is boxed, because it is large and rarely needed. A failure of storage is in the log, and the
            // join is refused.
            && let Ok(Ok(stored)) = Box::pin(self.hub.room_name(room)).await
        {
            self.connection.on_stored_name(stored);
        }
        let (retry_gate, limits, from) = (&mut self.retry_gate, self.hub.limits(), self.from);
        let user = self.connection.user().id;
        self.connection.on_request(request, now, |command| {
            retry_gate.admit(command, now, |kind| limits.try_acquire(kind, Some(user), from))
        })
    }

    /// Performs the effects in order. Effects that follow from one of them are performed before the remaining ones.
    async fn perform(&mut self, effects: Vec<ConnectionEffect>) -> Result<(), CloseReason> {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            for further in self.perform_effect(effect).await?.into_iter().rev() {
                effects.push_front(further);
            }
        }
        Ok(())
    }

    /// Writes one frame of the chat. Returns the effects of a command that the legacy protocol executes after it.
    async fn write(&mut self, frame: ServerFrame) -> Result<Vec<ConnectionEffect>, CloseReason> {
        let output = match (&mut self.protocol, frame) {
            (Protocol::Native, frame) => {
                self.transport.feed(SharedFrame::Text(frame.encode().into())).await?;
                return Ok(Vec::new());
            }
            (Protocol::Wire(_), ServerFrame::CatchUp(batch)) => {
                for event in &batch.events {
                    self.send_event(&batch.room, event).await?;
                }
                return Ok(Vec::new());
            }
            (Protocol::Wire(session), frame) => session.on_frame(frame, wall_time()),
        };
        self.apply_output(output).await
    }

    /// Sends the frames of a legacy protocol and executes its lookups. Returns the effects of a command.
    async fn apply_output(
        &mut self,
        mut output: SessionOutput,
    ) -> Result<Vec<ConnectionEffect>, CloseReason> {
        loop {
            self.transport.feed_all(output.frames.into_iter().map(Frame::into_text).collect()).await?;
            output = match (output.lookup, output.close) {
                (Some(Lookup::Do(request)), _) => {
                    return Ok(self.admit(Ok(request), self.hub.clock().now()).await);
                }
                // The future is boxed, because it is large and rarely needed; inline, it would occupy that memory in
                // every idle connection.
                (Some(lookup), _) => Box::pin(self.look_up(lookup)).await,
                (None, Some(reason)) => return Err(reason),
                (None, None) => return Ok(Vec::new()),
            };
        }
    }
}

/// Returns the greeting of the native wire.
fn hello(hub: &Hub, user: &User, appearance: Appearance) -> Hello {
    let small = |limit: usize| u32::try_from(limit).unwrap_or(u32::MAX);
    Hello {
        protocol: PROTOCOL_VERSION,
        server: hub.version().to_owned(),
        epoch: hub.store().epoch(),
        user: user.clone(),
        appearance,
        idle_timeout_seconds: IDLE_TIMEOUT_SECONDS,
        max_frame_bytes: small(MAX_FRAME_BYTES),
        max_text_chars: small(MAX_TEXT_CHARS),
        max_text_bytes: small(MAX_TEXT_BYTES),
    }
}
