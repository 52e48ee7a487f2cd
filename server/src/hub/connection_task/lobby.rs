//! Holds a peer that uses a legacy protocol and has no identity, until it sends a request that needs a user. An idle
//! connection therefore creates no user.

use std::sync::Arc;

use hubbub_protocol::{
    Appearance, CloseReason, IDLE_TIMEOUT_SECONDS, Millis, Refusal, ServerFrame, User, UserId, UserName,
};
use hubbub_wires::{Endpoint, InboundFrame, Session, SessionOutput};
use tokio::time::{sleep_until, timeout};

use super::timed_transport::WRITE_TIMEOUT;
use super::{ConnectionTask, Credential, hello};
use crate::clock::wall_time;
use crate::hub::Hub;
use crate::hub::peer_files::PeerFiles;
use crate::hub::transient_guest::{self, TransientGuest};
use crate::hub::transport::{Incoming, PING_INTERVAL_MILLIS, TextFrame, Transport};
use crate::limits::RateLimitKind;
use crate::net::client_address::ClientAddress;

/// A connected peer that has no user yet.
pub(crate) struct Lobby {
    hub: Hub,
    from: ClientAddress,
    transport: Transport,
    endpoint: Endpoint,
    files: Arc<PeerFiles>,
    /// Session of the legacy protocol, for a placeholder user that is not stored.
    session: Session,
    name: UserName,
    received_at: Millis,
    pinged: Millis,
}

impl Lobby {
    pub(crate) fn new(
        hub: Hub,
        from: ClientAddress,
        transport: Transport,
        (endpoint, files): (Endpoint, Arc<PeerFiles>),
    ) -> Self {
        let now = hub.clock().now();
        let name = UserName::generated(rand::random());
        let nobody = User { id: UserId(0), name: name.clone() };
        let session = Session::new(endpoint.clone(), nobody, true, files.clone());
        Self { hub, from, transport, endpoint, files, session, name, received_at: now, pinged: now }
    }

    /// Waits for the first request that needs a user, creates the guest, and serves the connection until it ends.
    pub(crate) async fn run(mut self: Box<Self>) {
        match Box::pin(self.wait()).await {
            Ok((user, first)) => {
                let Self { hub, from, transport, endpoint, files, name, pinged, .. } = *self;
                let credential = Credential::TransientGuest(TransientGuest::Exclusive);
                let is_greeted = user.name == name;
                let task = ConnectionTask::on_wire(hub, user, credential, from, transport, (endpoint, files));
                let task =
                    Box::new(ConnectionTask { is_greeted, first: Some(first), ..task.pinged_at(pinged) });
                Box::pin(task.run()).await;
            }
            Err(reason) => Box::pin(self.transport.close(reason)).await,
        }
    }

    /// Returns the new guest and the request that needed it.
    async fn wait(&mut self) -> Result<(User, Incoming), CloseReason> {
        let nobody = User { id: UserId(0), name: self.name.clone() };
        let greeting = ServerFrame::Hello(hello(&self.hub, &nobody, Appearance::default()));
        let greeting = self.session.on_frame(greeting, wall_time());
        self.write_output(greeting).await?;
        loop {
            let idle = self.received_at.plus(u64::from(IDLE_TIMEOUT_SECONDS) * 1_000);
            let deadline = idle.min(self.pinged.plus(PING_INTERVAL_MILLIS));
            let deadline = self.hub.clock().instant(deadline);
            tokio::select! {
                () = self.hub.stopping().cancelled() => return Err(CloseReason::Restart),
                incoming = self.transport.receive() => {
                    self.received_at = self.hub.clock().now();
                    if let Some(user) = self.on_incoming(&incoming).await? {
                        return Ok((user, incoming));
                    }
                }
                () = sleep_until(deadline) => self.tick(idle)?,
            }
            self.flush().await?;
        }
    }

    /// Returns the new guest if the frame needs one. Answers any other frame at once.
    async fn on_incoming(&mut self, incoming: &Incoming) -> Result<Option<User>, CloseReason> {
        let input = match incoming {
            Incoming::Text(text) => InboundFrame::Text(text.as_str()),
            Incoming::Binary(_) => InboundFrame::Binary,
            Incoming::Event { name, json, acknowledge, attachment } => InboundFrame::Event {
                name,
                json,
                acknowledge: *acknowledge,
                has_attachment: attachment.is_some(),
            },
            Incoming::SignOfLife => return Ok(None),
            Incoming::Closed(reason) => return Err(*reason),
        };
        let output = self.session.decode(input, rand::random(), wall_time());
        if output.lookup.is_none() {
            self.write_output(output).await?;
            return Ok(None);
        }
        match guest(&self.hub, &self.name, self.from).await {
            Ok(user) => Ok(Some(user)),
            Err(refusal) => {
                let refused = ServerFrame::Refusal { id: None, refusal };
                let output = self.session.on_frame(refused, wall_time());
                self.write_output(output).await?;
                Ok(None)
            }
        }
    }

    fn tick(&mut self, idle: Millis) -> Result<(), CloseReason> {
        let now = self.hub.clock().now();
        if now >= idle {
            return Err(CloseReason::Idle);
        }
        self.pinged = now;
        if self.transport.is_ready() {
            self.transport.ping();
        }
        Ok(())
    }

    async fn write_output(&mut self, output: SessionOutput) -> Result<(), CloseReason> {
        for frame in output.frames {
            if !self.transport.is_ready() {
                self.flush().await?;
            }
            self.transport.feed(&TextFrame::of_wire(&frame));
        }
        self.flush().await
    }

    /// Frames are short here, so a peer that does not accept them within [`WRITE_TIMEOUT`] counts as slow.
    async fn flush(&mut self) -> Result<(), CloseReason> {
        tokio::select! {
            flushed = timeout(WRITE_TIMEOUT, self.transport.flush()) => flushed.unwrap_or(Err(CloseReason::Slow)),
            () = self.hub.stopping().cancelled() => Err(CloseReason::Restart),
        }
    }
}

async fn guest(hub: &Hub, name: &UserName, from: ClientAddress) -> Result<User, Refusal> {
    hub.limits().try_acquire(RateLimitKind::Entering, None, from)?;
    transient_guest::guest(hub, Some(name)).await.map_err(|_| Refusal::unavailable())
}
