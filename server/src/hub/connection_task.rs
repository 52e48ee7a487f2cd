//! Drives one [`Connection`]: its socket, its queue, its clock.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::poll_fn;
use futures_util::{FutureExt, SinkExt, StreamExt};
use hubbub_chat::{Act, Ask, Connection, ConnectionId, Entry, Fate, Outcome, Read, Store};
use hubbub_protocol::{
    Answer, Appearance, ClientFrame, CloseReason, Hello, IDLE_TIMEOUT_SECONDS, MAX_FRAME_BYTES,
    MAX_ROOMS_BROWSED, MAX_TEXT_BYTES, MAX_TEXT_CHARS, PROTOCOL_VERSION, Refusal, RequestId, RoomName,
    ServerFrame, User,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::{sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Hub;
use super::delivery::{Delivery, Shared};
use super::outbox::{OUTBOX_DELIVERIES, Outbox};
use super::room_task::{Marker, RoomInput};
use crate::limits::Pace;
use crate::sqlite::SessionId;

/// How long one write may hang on a peer that does not read, before the peer counts as slow.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a close waits for the peer's own close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Bytes of a closing peer that are read and thrown away, so that the system does not answer them with a
/// reset, which would overtake the close frame.
const MAX_DISCARDED_BYTES: usize = 1 << 20;
/// Deliveries written before the socket is flushed and the peer is heard again.
const DELIVERIES_AT_ONCE: usize = 128;

/// One peer on the native wire.
pub(crate) struct ConnectionTask<S> {
    hub: Hub,
    id: ConnectionId,
    connection: Connection,
    /// By what right it is here; none for who passes.
    session: Option<SessionId>,
    /// Where the peer is.
    from: IpAddr,
    pace: Pace,
    socket: WebSocketStream<S>,
    inbox: mpsc::Receiver<Delivery>,
    outbox: Outbox,
}

impl<S: AsyncRead + AsyncWrite + Unpin> ConnectionTask<S> {
    pub(crate) fn new(
        hub: Hub,
        user: User,
        session: Option<SessionId>,
        from: IpAddr,
        socket: WebSocketStream<S>,
    ) -> Self {
        let (queue, inbox) = mpsc::channel(OUTBOX_DELIVERIES);
        let outbox = Outbox { queue, closing: Arc::default() };
        let id = hub.next_connection();
        let connection = Connection::new(user, Appearance::default(), hub.clock().now());
        Self { hub, id, connection, session, from, pace: Pace::default(), socket, inbox, outbox }
    }

    /// Greets, serves, and says goodbye to every room, however it ended.
    pub(crate) async fn run(mut self) {
        let user = self.connection.user().clone();
        self.hub.names().connect(&user.name, user.id);
        // Told from here on, and read after: so no change of appearance slips through.
        self.hub.users().connect(user.id, self.session, self.id, self.outbox.clone());
        let reason = self.serve().await.unwrap_or_else(|end| end);
        for room in self.connection.rooms() {
            self.hub.tell(room, RoomInput::Leave(self.id)).await;
        }
        self.hub.users().disconnect(user.id, self.id);
        self.hub.names().disconnect(&user.name, user.id);
        tracing::debug!(user = %user.id, ?reason, "connection closed");
        self.close(reason).await;
    }

    /// Ends only with a reason to close.
    async fn serve(&mut self) -> Result<CloseReason, CloseReason> {
        let user = self.connection.user().clone();
        let appearance = Box::pin(self.hub.store().appearance(user.id)).await;
        let appearance = appearance.map_err(|_| CloseReason::Broken)?;
        self.connection = Connection::new(user, appearance, self.hub.clock().now());
        self.write(ServerFrame::Hello(self.hello())).await?;
        self.flush().await?;
        loop {
            let deadline = self.hub.clock().instant(self.connection.deadline());
            tokio::select! {
                () = self.hub.stopping().cancelled() => return Ok(CloseReason::Restart),
                reason = self.outbox.closing.wait() => return Ok(*reason),
                Some(delivery) = self.inbox.recv() => self.deliver(delivery).await?,
                message = self.socket.next(), if self.connection.may_ask() => self.hear(message).await?,
                () = sleep_until(deadline) => {
                    let acts = self.connection.on_tick(self.hub.clock().now());
                    self.perform(acts.into()).await?;
                }
            }
            self.flush().await?;
        }
    }

    fn hello(&self) -> Hello {
        let small = |limit: usize| u32::try_from(limit).unwrap_or(u32::MAX);
        Hello {
            protocol: PROTOCOL_VERSION,
            server: env!("CARGO_PKG_VERSION").to_owned(),
            epoch: self.hub.store().epoch(),
            user: self.connection.user().clone(),
            appearance: self.connection.appearance(),
            idle_timeout_seconds: IDLE_TIMEOUT_SECONDS,
            max_frame_bytes: small(MAX_FRAME_BYTES),
            max_text_chars: small(MAX_TEXT_CHARS),
            max_text_bytes: small(MAX_TEXT_BYTES),
        }
    }

    /// Handles what waits in the queue, so that one flush serves it all.
    async fn deliver(&mut self, first: Delivery) -> Result<(), CloseReason> {
        let mut next = Some(first);
        let mut handled = 0;
        while let Some(delivery) = next {
            match delivery {
                Delivery::Answer(answer) => {
                    let (request, outcome) = *answer;
                    let acts = self.connection.on_outcome(request, outcome);
                    self.perform(acts.into()).await?;
                }
                Delivery::Shared(shared) => self.pass_on(&shared).await?,
                Delivery::Mine(mine) => {
                    let acts = self.connection.on_mine(&mine, self.hub.clock().now());
                    self.perform(acts.into()).await?;
                    self.write(ServerFrame::Mine(mine.as_ref().clone())).await?;
                }
            }
            handled += 1;
            next = if handled < DELIVERIES_AT_ONCE { self.inbox.try_recv().ok() } else { None };
        }
        Ok(())
    }

    async fn pass_on(&mut self, shared: &Shared) -> Result<(), CloseReason> {
        let fate = match shared.seq {
            Some(seq) => self.connection.on_event(&shared.room, seq),
            None if self.connection.hears(&shared.room) => Fate::Forward,
            None => Fate::Drop,
        };
        match fate {
            Fate::Forward => self.feed(Message::Text(shared.json.clone())).await,
            Fate::Drop => Ok(()),
            Fate::Repair(read) => self.perform(VecDeque::from([Act::Read(read)])).await,
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, Error>>) -> Result<(), CloseReason> {
        let now = self.hub.clock().now();
        match message {
            Some(Ok(Message::Text(json))) => {
                let (pace, limits, from) = (&mut self.pace, self.hub.limits(), self.from);
                let user = self.connection.user().id;
                let acts = self.connection.on_request(ClientFrame::decode(json.as_str()), now, |command| {
                    pace.admit(command, now, |bucket| limits.take(bucket, Some(user), from))
                });
                self.perform(acts.into()).await
            }
            // The library answers a ping by itself; the answer leaves with the next flush.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                self.connection.on_sign_of_life(now);
                Ok(())
            }
            Some(Ok(Message::Binary(_))) => Err(CloseReason::Unsupported),
            Some(Ok(Message::Close(_) | Message::Frame(_))) | None => Err(CloseReason::Normal),
            Some(Err(error)) => Err(reason(&error)),
        }
    }

    /// Does what the connection decided. A reading brings further acts; they come before the rest.
    async fn perform(&mut self, mut acts: VecDeque<Act>) -> Result<(), CloseReason> {
        while let Some(act) = acts.pop_front() {
            match act {
                Act::Write(frame) => self.write(frame).await?,
                Act::Close(reason) => return Err(reason),
                Act::Enter { room, request, shown } => {
                    let (entry, user) = (self.entry(request), self.connection.user().clone());
                    let input = RoomInput::Enter { entry, user, shown, outbox: self.outbox.clone() };
                    self.send(&room, request, input, &mut acts).await;
                }
                Act::Exit { room } => self.hub.tell(&room, RoomInput::Leave(self.id)).await,
                Act::Ask { room, request, ask } => {
                    let input = self.input(request, ask);
                    self.send(&room, request, input, &mut acts).await;
                }
                Act::Show { room, shown } => {
                    self.hub.tell(&room, RoomInput::Show { connection: self.id, shown }).await;
                }
                Act::Appear { request, appearance } => {
                    let answer = Box::pin(self.hub.appear(self.connection.user().id, appearance)).await;
                    let answer = answer.map(|()| Ok(Answer::Appearance(appearance)));
                    acts.push_front(self.connection.on_answer(request, answer));
                }
                Act::Read(read) => {
                    // Boxed, because it is large and rare, and every idle connection would hold its place.
                    let brought = Box::pin(self.read(read)).await;
                    for act in brought.into_iter().rev() {
                        acts.push_front(act);
                    }
                }
            }
        }
        Ok(())
    }

    const fn entry(&self, request: RequestId) -> Entry {
        Entry { connection: self.id, request }
    }

    fn input(&self, request: RequestId, ask: Ask) -> RoomInput {
        let (entry, user) = (self.entry(request), self.connection.user());
        match ask {
            Ask::Deed(deed) => RoomInput::Deed { entry, by: user.clone(), deed },
            Ask::Mark(mark) => RoomInput::Mark { by: Marker::Connection(entry), user: user.id, mark },
            Ask::Typing(on) => RoomInput::Typing { entry, on },
        }
    }

    async fn send(
        &mut self,
        room: &RoomName,
        request: RequestId,
        input: RoomInput,
        acts: &mut VecDeque<Act>,
    ) {
        if self.hub.send(room, input).await.is_err() {
            acts.extend(self.connection.on_outcome(request, Outcome::Refused(Refusal::unavailable())));
        }
    }

    async fn read(&mut self, read: Read) -> Vec<Act> {
        let store = self.hub.store();
        let user = self.connection.user().id;
        let (request, answer) = match read {
            Read::Events { room, after, limit } => {
                let events = store.events_after(room, after, limit).await;
                return self.connection.on_events(room, events);
            }
            Read::History { room, span, limit, request } => {
                let history = store.history(room, span, limit).await;
                return self.connection.on_history(room, span, request, history);
            }
            Read::Edits { room, message, request } => {
                let edits = store.edits(room, message).await;
                (request, edits.map(|edits| self.connection.edits(message, edits)))
            }
            Read::Rooms { request } => {
                (request, store.my_rooms(user).await.map(|rooms| Ok(Answer::Rooms { rooms })))
            }
            Read::Browse { query, after, request } => {
                let found = store.browse(user, &query, after.as_ref(), MAX_ROOMS_BROWSED).await;
                (request, found.map(|found| Ok(Answer::Browsed(found))))
            }
        };
        vec![self.connection.on_answer(request, answer)]
    }

    async fn write(&mut self, frame: ServerFrame) -> Result<(), CloseReason> {
        self.feed(Message::text(frame.encode())).await
    }

    async fn feed(&mut self, message: Message) -> Result<(), CloseReason> {
        let ready = poll_fn(|context| self.socket.poll_ready_unpin(context)).now_or_never();
        match ready {
            Some(ready) => ready.map_err(|error| reason(&error))?,
            // The system's buffer is full: the frames before this one must leave first.
            None => self.flush().await?,
        }
        self.socket.start_send_unpin(message).map_err(|error| reason(&error))
    }

    /// Waits for a peer that reads slowly, but not for ever, and not while others wait.
    async fn flush(&mut self) -> Result<(), CloseReason> {
        tokio::select! {
            biased;
            flushed = self.socket.flush() => flushed.map_err(|error| reason(&error)),
            reason = self.outbox.closing.wait() => Err(*reason),
            () = self.hub.stopping().cancelled() => Err(CloseReason::Restart),
            () = tokio::time::sleep(WRITE_TIMEOUT) => Err(CloseReason::Slow),
        }
    }

    /// Says why, waits a moment for the peer's goodbye, and lets go.
    async fn close(&mut self, reason: CloseReason) {
        let frame = CloseFrame { code: reason.code().into(), reason: reason.text().into() };
        let goodbye = async {
            // Refused when the peer was first to close: then the library's answer to it is still to leave.
            drop(self.socket.close(Some(frame)).await);
            drop(self.socket.flush().await);
            let stream = self.socket.get_mut();
            let mut discarded = 0;
            // On the heap: on the stack it would be part of every connection's task while it lives.
            let mut buffer = vec![0; 1024];
            while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                discarded += read;
                if discarded > MAX_DISCARDED_BYTES {
                    break;
                }
            }
        };
        // A peer that does not answer is let go all the same.
        drop(timeout(CLOSE_TIMEOUT, goodbye).await);
    }
}

/// The close code for what the peer did (RFC 6455, section 7.4.1).
fn reason(error: &Error) -> CloseReason {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => CloseReason::TooBig,
        Error::Utf8(_) => CloseReason::NotUtf8,
        Error::Protocol(_) => CloseReason::ProtocolError,
        Error::WriteBufferFull(_) => CloseReason::Slow,
        _ => CloseReason::Normal,
    }
}
