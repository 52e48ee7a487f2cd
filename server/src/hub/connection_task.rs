//! Drives one [`Connection`]: owns its socket, its queue and its timers.

mod credential;
mod effects;
mod greeting;
mod idle;
mod legacy;
pub(crate) mod lobby;
mod timed_transport;

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use hubbub_chat::{Connection, ConnectionEffect, ConnectionId, Disposition, Store};
use hubbub_protocol::{
    Appearance, ClientFrame, CloseReason, Command, Millis, Refusal, RequestId, RoomName, ServerFrame, User,
};
use hubbub_wires::{Endpoint, InboundFrame, Lookup, Session, SessionOutput};

use super::Hub;
use super::delivery::{Broadcast, Delivery};
use super::outbox::{Inbox, Outbox};
use super::peer_files::PeerFiles;
use super::room_task::ReplyTo;
use super::transport::{Incoming, TextFrame, Transport};
use crate::clock::wall_time;
use crate::hub::transient_guest::TransientGuest;
use crate::limits::RetryGate;
use crate::net::client_address::ClientAddress;
use crate::sqlite::SessionId;
pub(crate) use credential::Credential;
use greeting::hello;
use idle::Wake;
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
    /// Files of a peer that uses a legacy protocol.
    files: Option<Arc<PeerFiles>>,
    /// Set for transient guests, who cannot reconnect as the same user.
    transient_guest: Option<TransientGuest>,
    /// Whether the user was created for this connection, and therefore has the default appearance.
    is_new_user: bool,
    /// Whether the peer has already received its name.
    is_greeted: bool,
    /// The first request of a peer that had no user when it sent the request; it is handled before all others.
    first: Option<Incoming>,
    inbox: Inbox,
    outbox: Outbox,
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
        let closing = Arc::clone(outbox.closing());
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
            files: None,
            transient_guest,
            is_new_user: false,
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
        (endpoint, files): (Endpoint, Arc<PeerFiles>),
    ) -> Self {
        let (session_id, transient_guest) = match credential {
            Credential::Session(session) => (Some(session), None),
            Credential::TransientGuest(transient_guest) => (None, Some(transient_guest)),
        };
        let may_rename = transient_guest.as_ref().is_some_and(TransientGuest::may_rename);
        let session = Session::new(endpoint, user.clone(), may_rename, files.clone());
        Self {
            protocol: Protocol::Wire(Box::new(session)),
            files: Some(files),
            transient_guest,
            is_new_user: may_rename,
            ..Self::new(hub, user, session_id, from, transport)
        }
    }

    /// Saves the read of the user's appearance, for a user who was created for this connection.
    pub(crate) fn of_new_user(mut self) -> Self {
        self.is_new_user = true;
        self
    }

    /// Sets the time of the last ping, for a peer that was served before by the lobby.
    fn pinged_at(mut self, pinged: Millis) -> Self {
        self.transport.set_pinged(pinged);
        self
    }

    /// Sends the greeting, serves the connection, and leaves all rooms, however the connection ended.
    ///
    /// All futures but that of waiting are boxed: inline, each would occupy its memory in every idle connection. The task
    /// itself is boxed, because a future that gets it by value would contain it twice.
    pub(crate) async fn run(mut self: Box<Self>) {
        let reason = match Box::pin(self.begin()).await {
            Ok(()) => loop {
                let wake = self.wait().await;
                if let Err(reason) = Box::pin(self.on_wake(wake)).await {
                    break reason;
                }
            },
            Err(reason) => reason,
        };
        Box::pin(self.end(reason)).await;
    }

    /// Registers the connection and sends the greeting.
    async fn begin(&mut self) -> Result<(), CloseReason> {
        let user = self.connection.user().clone();
        self.hub.names().connect(&user.name, user.id);
        // The connection is registered before the appearance is read, so that no change of appearance is missed.
        self.hub.users().connect(user.id, self.session, self.id, self.outbox.clone());
        if !self.is_new_user {
            let appearance = self.hub.store().appearance(user.id).await;
            let appearance = appearance.map_err(|_| CloseReason::Broken)?;
            self.connection = Connection::new(self.id, user, appearance, self.hub.clock().now());
        }
        if !self.is_greeted {
            let hello = hello(&self.hub, self.connection.user(), self.connection.appearance());
            self.perform(vec![ConnectionEffect::Write(ServerFrame::Hello(hello))]).await?;
        }
        if let Some(first) = self.first.take() {
            self.on_incoming(first).await?;
        }
        self.transport.flush().await
    }

    /// Handles one thing that the connection waited for, and sends the resulting frames.
    async fn on_wake(&mut self, wake: Wake) -> Result<(), CloseReason> {
        self.reclaim();
        if let Some(reason) = self.outbox.closing().get() {
            return Err(*reason);
        }
        match wake {
            Wake::Stopping => return Err(CloseReason::Restart),
            Wake::Filled => self.deliver().await?,
            Wake::Received(incoming) => self.on_incoming(incoming).await?,
            Wake::Tick => self.tick().await?,
        }
        self.transport.flush().await
    }

    /// Leaves all rooms and closes the transport.
    async fn end(mut self: Box<Self>, reason: CloseReason) {
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
            self.transport.ping_if_due(now);
        }
        let effects = self.connection.on_tick(now);
        self.perform(effects).await
    }

    /// Handles the deliveries in the queue, up to [`DELIVERIES_AT_ONCE`], so that one flush sends them.
    async fn deliver(&mut self) -> Result<(), CloseReason> {
        for delivery in self.inbox.take(DELIVERIES_AT_ONCE) {
            match delivery {
                Delivery::Answer(answer) => {
                    let (request, reply) = *answer;
                    let effects = self.connection.on_room_reply(request, reply);
                    self.perform(effects).await?;
                }
                Delivery::Broadcast(broadcast) => self.deliver_broadcast(&broadcast).await?,
            }
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
            (Disposition::Forward, Protocol::Native) => self.transport.feed(broadcast.native()).await,
            (Disposition::Forward, Protocol::Wire(session)) => {
                // The future is boxed, because it waits only for the first connection of a wire; inline, it would
                // occupy memory in every idle connection.
                match Box::pin(broadcast.prepared(session.wire(), self.hub.store(), session.urls())).await {
                    Some(prepared) => {
                        let frames = select_frames(session, &prepared);
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
                self.decode(InboundFrame::Text(text.as_str()), None, now).await
            }
            (Incoming::Binary(_), Protocol::Wire(_)) => self.decode(InboundFrame::Binary, None, now).await,
            (Incoming::Event { name, json, acknowledge, attachment }, Protocol::Wire(_)) => {
                let has_attachment = attachment.is_some();
                let event = InboundFrame::Event { name: &name, json: &json, acknowledge, has_attachment };
                self.decode(event, attachment, now).await
            }
            (Incoming::Binary(_) | Incoming::Event { .. }, Protocol::Native) => Err(CloseReason::Unsupported),
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
            // A failure of storage is in the log, and the join is refused.
            && let Ok(Ok(stored)) = self.hub.room_name(room).await
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
                self.transport.feed(&TextFrame::new(&frame.encode())).await?;
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
        self.apply_output(output, None).await
    }

    /// Sends the frames of a legacy protocol and executes its lookups. `attachment` is that of the frame that caused the
    /// output. Returns the effects of a command.
    async fn apply_output(
        &mut self,
        mut output: SessionOutput,
        mut attachment: Option<Bytes>,
    ) -> Result<Vec<ConnectionEffect>, CloseReason> {
        loop {
            self.transport.feed_all(output.frames.iter().map(TextFrame::of_wire).collect()).await?;
            output = match (output.lookup, output.close) {
                (Some(Lookup::Do(request)), _) => {
                    return Ok(self.admit(Ok(request), self.hub.clock().now()).await);
                }
                // The future is boxed, because it is large and rarely needed; inline, it would occupy that memory in
                // every idle connection.
                (Some(lookup), _) => Box::pin(self.look_up(lookup, attachment.take())).await,
                (None, Some(reason)) => return Err(reason),
                (None, None) => return Ok(Vec::new()),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_of_future<T, F: Future>(_: impl Fn(T) -> F) -> usize {
        size_of::<F>()
    }

    /// Ten thousand idle connections have this memory each.
    #[test]
    fn an_idle_connection_is_small() {
        let (future, task) = (size_of_future(ConnectionTask::run), size_of::<ConnectionTask>());
        assert!(future <= 640, "a future of {future} bytes; box what rarely runs");
        assert!(task <= 448, "a task of {task} bytes");
    }
}
