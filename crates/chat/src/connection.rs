//! The state of one connection. It parses commands and delivers each event of its rooms once and in order.

mod activity_tracker;
mod command;
mod effect;
mod subscription;

use hubbub_protocol::{
    Answer, Appearance, CatchUp, ClientFrame, CloseReason, Command, Edits, Event, IDLE_TIMEOUT_SECONDS,
    MAX_OPEN_REQUESTS, MessageId, Millis, Page, Refusal, RequestId, RoomId, RoomName, Seq, ServerFrame,
    StartOver, User, UserEvent, UserId, Version,
};

use crate::{
    ConnectionId, History, PageAnchor, RequestOrigin, RoomChange, RoomCommand, RoomReply, RoomRequest,
    StoreError, versions_for,
};
use activity_tracker::ActivityTracker;
pub use effect::{ConnectionEffect, Disposition, StoreQuery};
use subscription::Subscription;

/// A connection of one user.
///
/// The room delivers events from the moment of entering, earlier events are read from the store, and
/// duplicates are dropped by position. Therefore no event is missed between the two.
#[derive(Debug)]
pub struct Connection {
    id: ConnectionId,
    user: User,
    subscriptions: Vec<Subscription>,
    open_requests: usize,
    last_heard: Millis,
    activity: ActivityTracker,
    /// Stored room name that new rules refuse, set by [`Connection::on_stored_name`].
    stored_name: Option<RoomName>,
}

impl Connection {
    /// Creates the state of a connection that has just opened.
    #[must_use]
    pub fn new(id: ConnectionId, user: User, appearance: Appearance, now: Millis) -> Self {
        let activity = ActivityTracker::new(appearance, now);
        let subscriptions = Vec::new();
        Self { id, user, subscriptions, open_requests: 0, last_heard: now, activity, stored_name: None }
    }

    /// Returns the user of this connection.
    #[must_use]
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// Returns the status and settings that the user chose.
    #[must_use]
    pub const fn appearance(&self) -> Appearance {
        self.activity.appearance
    }

    /// Ends all subscriptions when the connection has ended. `leaves` also ends the memberships of the user.
    #[must_use]
    pub fn on_closed(&self, leaves: bool) -> Vec<ConnectionEffect> {
        let request = |room: &RoomName, command| self.notice(room.clone(), command);
        let leave = |room| leaves.then(|| request(room, RoomCommand::Change(RoomChange::Leave)));
        self.rooms()
            .flat_map(|room| leave(room).into_iter().chain([request(room, RoomCommand::Exit)]))
            .collect()
    }

    /// Returns the rooms that the connection has entered or is entering.
    pub fn rooms(&self) -> impl Iterator<Item = &RoomName> {
        self.subscriptions.iter().map(|subscription| &subscription.name)
    }

    /// Returns whether to read another frame. A client that sends requests faster than rooms answer waits, so
    /// that its answers cannot fill its own queue.
    #[must_use]
    pub const fn may_ask(&self) -> bool {
        self.open_requests < MAX_OPEN_REQUESTS
    }

    /// Returns the time at which to call [`Connection::on_tick`].
    #[must_use]
    pub fn deadline(&self) -> Millis {
        let idle = self.idle_deadline();
        self.activity.deadline().map_or(idle, |away| away.min(idle))
    }

    /// Returns the time at which the connection is idle for too long if no further frame arrives.
    fn idle_deadline(&self) -> Millis {
        self.last_heard.plus(u64::from(IDLE_TIMEOUT_SECONDS) * 1_000)
    }

    /// Records that the peer is still connected.
    pub const fn on_sign_of_life(&mut self, now: Millis) {
        self.last_heard = now;
    }

    /// Closes the connection after the idle timeout, and shows the user as away after a time without
    /// activity.
    #[must_use]
    pub fn on_tick(&mut self, now: Millis) -> Vec<ConnectionEffect> {
        if now >= self.idle_deadline() {
            return vec![ConnectionEffect::Close(CloseReason::Idle)];
        }
        self.show(now)
    }

    /// Handles a frame on the native wire, without a rate limit.
    #[must_use]
    pub fn on_frame(&mut self, json: &str, now: Millis) -> Vec<ConnectionEffect> {
        self.on_request(ClientFrame::decode(json), now, |_| Ok(()))
    }

    /// Handles a decoded request, or the refusal of an invalid frame. `admit` applies the rate limit to the
    /// command.
    #[must_use]
    pub fn on_request(
        &mut self,
        request: Result<ClientFrame, (Option<RequestId>, Refusal)>,
        now: Millis,
        admit: impl FnOnce(&Command) -> Result<(), Refusal>,
    ) -> Vec<ConnectionEffect> {
        self.last_heard = now;
        match request {
            Ok(ClientFrame { id, command }) => {
                let mut effects = if command::is_sign_of_life(&command) {
                    self.activity.sign_of_life(now);
                    self.show(now)
                } else {
                    Vec::new()
                };
                match admit(&command).and_then(|()| self.command(id, command, now)) {
                    Ok(further) => effects.extend(further),
                    Err(refusal) => effects.push(refuse(Some(id), refusal)),
                }
                effects
            }
            Err((id, refusal)) => vec![refuse(id, refusal)],
        }
    }

    /// Changes the user's name. Call this only for a connection outside all rooms, because rooms keep the
    /// name from entering.
    pub fn on_renamed(&mut self, user: User) {
        self.user = user;
    }

    /// Handles a change that concerns the user, made on any device.
    #[must_use]
    pub fn on_user_event(&mut self, event: &UserEvent, now: Millis) -> Vec<ConnectionEffect> {
        match event {
            UserEvent::Left { room } => {
                // A subscription that is still entering was requested after this leave, so it stays.
                let subscription = self
                    .subscriptions
                    .iter()
                    .position(|subscription| subscription.name == *room && !subscription.is_entering());
                let Some(subscription) = subscription else { return Vec::new() };
                self.subscriptions.swap_remove(subscription);
                vec![self.notice(room.clone(), RoomCommand::Exit)]
            }
            UserEvent::Appearance(appearance) => {
                self.activity.appearance = *appearance;
                self.activity.update_reported(now);
                self.show_all(now)
            }
            UserEvent::Joined(_) | UserEvent::Read(_) => Vec::new(),
        }
    }

    fn show(&mut self, now: Millis) -> Vec<ConnectionEffect> {
        if self.activity.update_reported(now) { self.show_all(now) } else { Vec::new() }
    }

    fn show_all(&self, now: Millis) -> Vec<ConnectionEffect> {
        let shown = self.activity.shown(now);
        self.rooms().map(|room| self.notice(room.clone(), RoomCommand::Show(shown))).collect()
    }

    /// Returns a request to a room that needs no answer.
    fn notice(&self, room: RoomName, command: RoomCommand) -> ConnectionEffect {
        let origin = RequestOrigin::Connection(self.id);
        ConnectionEffect::Request { room, request: RoomRequest { origin, by: self.user.clone(), command } }
    }

    /// Allows the next request to name a stored room whose name the rules for new names refuse. Later requests
    /// may name it while the connection is in the room.
    pub fn on_stored_name(&mut self, name: RoomName) {
        self.stored_name = Some(name);
    }

    /// Parses the room name of a request, and accepts stored names that new rules refuse.
    fn room_name(&self, typed: &str) -> Result<RoomName, Refusal> {
        let known = self.rooms().chain(&self.stored_name).find(|name| name.as_str() == typed);
        known.cloned().map_or_else(|| RoomName::parse(typed), Ok)
    }

    fn subscription_to(&self, room: &RoomName) -> Result<&Subscription, Refusal> {
        self.subscriptions
            .iter()
            .find(|subscription| subscription.name == *room)
            .ok_or_else(|| Refusal::not_joined(room.as_str()))
    }

    /// Handles a room's answer. The effects are the answer itself and, after a join, the first read from the
    /// store.
    #[must_use]
    pub fn on_room_reply(&mut self, request: RequestId, outcome: RoomReply) -> Vec<ConnectionEffect> {
        self.open_requests = self.open_requests.saturating_sub(1);
        match outcome {
            RoomReply::Done(answer) => vec![reply(request, answer)],
            RoomReply::Refused(refusal) => {
                // The connection may still be in the room by an earlier join, which this one replaced.
                let waiting =
                    self.subscriptions.iter().position(|subscription| subscription.waits_for(request));
                let room = waiting.map(|index| self.subscriptions.swap_remove(index).name);
                let exit = room.map(|room| self.notice(room, RoomCommand::Exit));
                [refuse(Some(request), refusal)].into_iter().chain(exit).collect()
            }
            RoomReply::Entered(answer, head, lost) => {
                let mut effects = Vec::with_capacity(2);
                let room = match &answer {
                    Answer::Joined(joined) => Some(joined.room.id),
                    _ => None,
                };
                effects.push(reply(request, answer));
                if let Some((subscription, room)) = self
                    .subscriptions
                    .iter_mut()
                    .find(|subscription| subscription.waits_for(request))
                    .zip(room)
                {
                    effects.push(subscription.enter(room, head, lost));
                    let shown = self.activity.reported();
                    if subscription.shown != shown {
                        // Reports a presence that changed after the join was requested, because the room did
                        // not receive that change.
                        let room = subscription.name.clone();
                        effects.push(self.notice(room, RoomCommand::Show(shown)));
                    }
                }
                effects
            }
        }
    }

    /// Handles an event that the bus delivered.
    #[must_use]
    pub fn on_event(&mut self, room: &RoomName, seq: Seq) -> Disposition {
        self.subscriptions
            .iter_mut()
            .find(|subscription| subscription.name == *room)
            .map_or(Disposition::Drop, |subscription| subscription.on_event(seq))
    }

    /// Returns the rooms in which the client has all events, with the position of the last one. In these rooms,
    /// the driver may send the next events without [`Connection::on_event`], and signals. It must call
    /// [`Connection::advance`] before any other method.
    pub fn live_rooms(&self) -> impl Iterator<Item = (RoomId, &RoomName, Seq)> {
        self.subscriptions.iter().filter_map(Subscription::live)
    }

    /// Records that the driver has sent the events of a live room up to `position`. Returns the name of the
    /// room.
    pub fn advance(&mut self, room: RoomId, position: Seq) -> Option<&RoomName> {
        let subscription =
            self.subscriptions.iter_mut().find(|subscription| subscription.id == Some(room))?;
        subscription.advance(position);
        Some(&subscription.name)
    }

    /// Returns whether the connection has entered the room. Signals of other rooms are not sent to this client.
    #[must_use]
    pub fn has_entered(&self, room: &RoomName) -> bool {
        self.subscriptions.iter().any(|subscription| subscription.name == *room && subscription.id.is_some())
    }

    /// Handles the result of [`StoreQuery::Events`].
    #[must_use]
    pub fn on_events(&mut self, room: RoomId, read: Result<Vec<Event>, StoreError>) -> Vec<ConnectionEffect> {
        let Some(subscription) =
            self.subscriptions.iter_mut().find(|subscription| subscription.id == Some(room))
        else {
            return Vec::new();
        };
        match read {
            Ok(events) => subscription.on_events(events),
            Err(_) => vec![ConnectionEffect::Close(CloseReason::Broken)],
        }
    }

    /// Handles the result of [`StoreQuery::History`]. The page is read after all forwarded events were
    /// committed, so it is never older than the client's copy.
    #[must_use]
    pub fn on_history(
        &mut self,
        room: RoomId,
        anchor: PageAnchor,
        request: Option<RequestId>,
        read: Result<History, StoreError>,
    ) -> Vec<ConnectionEffect> {
        let Some(subscription) =
            self.subscriptions.iter_mut().find(|subscription| subscription.id == Some(room))
        else {
            return request.map(|id| refuse(Some(id), Refusal::unavailable())).into_iter().collect();
        };
        match (read, request) {
            (Ok(history), Some(request)) => {
                vec![reply(request, Answer::History(subscription::page(&subscription.name, anchor, history)))]
            }
            (Ok(history), None) => subscription.on_fresh_page(history),
            (Err(_), Some(request)) => vec![refuse(Some(request), Refusal::unavailable())],
            // The join is already answered, so no refusal is possible. A new connection resumes from the same
            // cursor.
            (Err(_), None) => vec![ConnectionEffect::Close(CloseReason::Broken)],
        }
    }

    /// Completes a start over for a client that does not need the page, instead of [`Connection::on_history`].
    #[must_use]
    pub fn on_page_skipped(&mut self, room: RoomId) -> Vec<ConnectionEffect> {
        self.subscriptions
            .iter_mut()
            .find(|subscription| subscription.id == Some(room))
            .map_or_else(Vec::new, Subscription::on_page_skipped)
    }

    /// Returns the answer to [`StoreQuery::Edits`] for the result of the store.
    ///
    /// # Errors
    /// A refusal if the message does not exist or has another author.
    pub fn edits(
        &self,
        message_id: MessageId,
        found: Option<(UserId, Vec<Version>)>,
    ) -> Result<Answer, Refusal> {
        let versions = versions_for(self.user.id, found)?;
        Ok(Answer::Edits(Edits { message_id, versions }))
    }

    /// Returns the answer for the result of any other [`StoreQuery`] or of [`ConnectionEffect::Appear`].
    #[must_use]
    pub fn on_answer(
        &self,
        request: RequestId,
        read: Result<Result<Answer, Refusal>, StoreError>,
    ) -> ConnectionEffect {
        match read {
            Ok(Ok(answer)) => reply(request, answer),
            Ok(Err(refusal)) => refuse(Some(request), refusal),
            Err(_) => refuse(Some(request), Refusal::unavailable()),
        }
    }
}

fn reply(id: RequestId, answer: Answer) -> ConnectionEffect {
    ConnectionEffect::Write(ServerFrame::Reply { id, answer })
}

const fn refuse(id: Option<RequestId>, refusal: Refusal) -> ConnectionEffect {
    ConnectionEffect::Write(ServerFrame::Refusal { id, refusal })
}
