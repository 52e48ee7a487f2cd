//! The driver of the client in a terminal: it owns socket, clock, input and output. It waits, turns what happens
//! into a [`TerminalEvent`], handles it, and acts.

mod showing;
mod user_commands;

use hubbub_client::{Client, Effect, Intent, SocketEvent};
use hubbub_protocol::{Millis, RoomName};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::connection_notices::ConnectionNotices;
use super::display::Display;
use super::input::{Input, TypedInput};
use super::line::{TranscriptLine, beginning};
use super::output::Output;
use super::shutdown::{PendingWork, ShutdownStage};
use super::socket_task::{ConnectFailure, ServerEndpoint, Socket, SocketUpdate};
use super::transcript::Transcript;
use crate::clock::Clock;

/// News of the socket that wait to be looked at; behind them the socket is not read.
const NEWS: usize = 64;
/// How long the last lines may take to be written, and the goodbye to be said.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);
/// Messages that were not stored and are named at the end.
const NAMED: usize = 10;

/// How it is driven.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChatOptions {
    /// Somebody types: then there are commands.
    pub(crate) person: bool,
    /// Somebody types at a terminal that can be drawn on.
    pub(crate) at_terminal: bool,
    /// Messages of a room's past that are printed first.
    pub(crate) history: usize,
    /// Milliseconds to wait at the end for what is not stored.
    pub(crate) patience_millis: u64,
}

/// Everything that can happen.
enum TerminalEvent {
    Socket(SocketUpdate),
    Typed(TypedInput),
    /// SIGINT, SIGTERM or SIGHUP.
    Signal,
    /// Something was written, or nobody reads any more.
    Output,
    /// Something is due.
    Tick,
}

/// A run of `hubbub chat`.
pub(crate) struct ChatTask {
    options: ChatOptions,
    clock: Clock,
    client: Client,
    room: RoomName,
    transcript: Transcript,
    notices: ConnectionNotices,
    stage: ShutdownStage,
    /// Messages that were not stored when it was last looked.
    pending: usize,
    /// What is to be printed.
    lines: Vec<TranscriptLine>,
    /// What is to be said on standard error at the end.
    problems: Vec<String>,
    /// The refusal of the room that was told last.
    refused: Option<String>,
    endpoint: ServerEndpoint,
    socket: Option<Socket>,
    /// Which socket that is; what happens to older ones is of no interest.
    socket_number: u64,
    last_socket: Option<JoinHandle<()>>,
    /// What happens to sockets comes here, with their numbers; each has a copy of `tells`.
    update: mpsc::Receiver<(u64, SocketUpdate)>,
    tells: mpsc::Sender<(u64, SocketUpdate)>,
    /// Somebody has asked for the list of rooms.
    listing: bool,
    input: Input,
    input_ended: bool,
    display: Display,
    output: Output,
    signals: [Signal; 3],
}

impl ChatTask {
    pub(crate) fn new(
        endpoint: ServerEndpoint,
        room: RoomName,
        options: &ChatOptions,
    ) -> anyhow::Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let [interrupt, terminate, hangup] = kinds.map(signal);
        let (tells, update) = mpsc::channel(NEWS);
        Ok(Self {
            options: *options,
            clock: Clock::start(),
            client: Client::new(rand::random()),
            room,
            transcript: Transcript::new(options.history),
            notices: ConnectionNotices::new(endpoint.address.to_string()),
            stage: ShutdownStage::Running,
            pending: 0,
            lines: Vec::new(),
            problems: Vec::new(),
            refused: None,
            endpoint,
            socket: None,
            socket_number: 0,
            last_socket: None,
            update,
            tells,
            listing: false,
            input: if options.at_terminal { Input::keys() } else { Input::lines() },
            input_ended: false,
            display: if options.at_terminal { Display::screen() } else { Display::plain() },
            output: Output::open(!options.at_terminal),
            signals: [interrupt?, terminate?, hangup?],
        })
    }

    /// Talks until it is over. What did not work.
    pub(crate) async fn run(mut self) -> Vec<String> {
        let now = self.clock.now();
        self.client.handle(Intent::Open { room: self.room.clone() }, now);
        self.client.handle(Intent::Start, now);
        loop {
            let now = self.clock.now();
            self.show(now);
            self.go_on(now);
            self.run_effects();
            self.print();
            if self.stage == ShutdownStage::Over {
                break;
            }
            let event = self.wait().await;
            self.handle(event);
        }
        self.end().await
    }

    async fn wait(&mut self) -> TerminalEvent {
        let deadlines = [self.client.next_deadline(), self.stage.deadline()];
        let deadline = deadlines.into_iter().flatten().min().map(|at| self.clock.instant(at));
        // Keys are heard to the end; lines wait as long as nothing can be done with them.
        let waits = self.stage != ShutdownStage::Running || (!self.options.person && !self.client.can_post());
        let takes_input = !self.input_ended && (self.options.at_terminal || !waits);
        let takes_news = !self.output.is_congested();
        let [interrupt, terminate, hangup] = &mut self.signals;
        loop {
            tokio::select! {
                _ = interrupt.recv() => return TerminalEvent::Signal,
                _ = terminate.recv() => return TerminalEvent::Signal,
                _ = hangup.recv() => return TerminalEvent::Signal,
                () = self.output.progress() => return TerminalEvent::Output,
                Some((number, update)) = self.update.recv(), if takes_news => {
                    if number == self.socket_number {
                        return TerminalEvent::Socket(update);
                    }
                }
                typed = self.input.next(), if takes_input => return TerminalEvent::Typed(typed),
                () = sleep_until(deadline) => return TerminalEvent::Tick,
            }
        }
    }

    fn handle(&mut self, event: TerminalEvent) {
        let now = self.clock.now();
        match event {
            TerminalEvent::Socket(update) => self.on_news(update, now),
            TerminalEvent::Typed(typed) => self.on_typed(typed, now),
            TerminalEvent::Signal => self.go(false, now),
            TerminalEvent::Output if self.output.is_closed() => {
                if self.stage == ShutdownStage::Running {
                    self.go(false, now);
                }
            }
            TerminalEvent::Output => {}
            TerminalEvent::Tick => self.client.on_tick(now),
        }
    }

    fn on_news(&mut self, update: SocketUpdate, now: Millis) {
        let event = match update {
            SocketUpdate::Opened { cookie } => {
                self.endpoint.cookie = cookie.or_else(|| self.endpoint.cookie.take());
                SocketEvent::Opened
            }
            SocketUpdate::Text(text) => SocketEvent::text(&text),
            SocketUpdate::Closed { code } => {
                self.socket = None;
                SocketEvent::Closed { code }
            }
            SocketUpdate::Failed(failure) => {
                self.socket = None;
                match failure {
                    ConnectFailure::Permanent(why) => self.give_up(why),
                    ConnectFailure::NotHubbub(why) if self.client.hello().is_none() => self.give_up(why),
                    ConnectFailure::NotHubbub(why) | ConnectFailure::Temporary(why) => {
                        self.lines.extend(self.notices.failed(&why));
                    }
                }
                SocketEvent::Closed { code: None }
            }
        };
        self.client.on_socket(event, now);
    }

    fn go(&mut self, at_end: bool, now: Millis) {
        self.stage.go(at_end && !self.options.person, self.options.patience_millis, now);
        let unstored = self.client.outbox().pending();
        if self.options.person && unstored > 0 && self.stage != ShutdownStage::Over {
            self.lines.push(TranscriptLine::notice(format!(
                "{unstored} not stored yet; Ctrl+C again leaves at once"
            )));
        }
    }

    /// It will not work, now or later.
    fn give_up(&mut self, why: String) {
        self.problems.push(why);
        self.stage = ShutdownStage::Over;
    }

    /// Goes as far as it can, when it is time to go.
    fn go_on(&mut self, now: Millis) {
        let online = self.client.link().is_online();
        let is_guest = self.endpoint.token.is_none();
        let pending_work = |task: &Self| PendingWork {
            unstored: task.client.outbox().pending() > 0
                || task.transcript.awaits_mine()
                || task.is_changing(),
            entered: task.transcript.up_to(&task.room).is_some(),
            to_leave: online && is_guest && task.client.rooms().next().is_some(),
        };
        let pending = self.client.outbox().pending();
        if pending < std::mem::replace(&mut self.pending, pending) {
            self.stage.progress(self.options.patience_millis, now);
        }
        let before = self.stage;
        self.stage.advance(pending_work(self), now);
        if matches!(before, ShutdownStage::Finishing { at_end: true, .. })
            && self.stage == ShutdownStage::Over
            && !pending_work(self).entered
        {
            self.problems.push(format!("could not come into {} at {}", self.room, self.endpoint.address));
        }
        if matches!(self.stage, ShutdownStage::Leaving { .. }) && before != self.stage {
            let rooms: Vec<RoomName> = self.client.rooms().map(|room| room.name.clone()).collect();
            for room in rooms {
                self.client.handle(Intent::Leave { room }, now);
            }
            self.stage.advance(pending_work(self), now);
        }
    }

    /// Whether an edit is not known to be stored.
    fn is_changing(&self) -> bool {
        self.client.rooms().any(|room| room.timeline.rows().any(|row| row.changing))
    }

    fn run_effects(&mut self) {
        for effect in self.client.take_effects() {
            match effect {
                Effect::Connect => {
                    self.socket_number += 1;
                    self.socket = Some(Socket::open(&self.endpoint, self.socket_number, self.tells.clone()));
                }
                Effect::Disconnect { code } => {
                    self.socket_number += 1;
                    self.last_socket = self.socket.take().map(|socket| socket.close(code));
                }
                // If there is no place, nothing was heard for so long that the client will give it up.
                Effect::Send(text) => drop(self.socket.as_ref().map(|socket| socket.send(text))),
                // A terminal keeps nothing when it ends, so it does not end before all is stored.
                Effect::Keep(_) | Effect::Forget(_) | Effect::Restore => {}
                Effect::Refused { refusal, .. } => self.lines.push(TranscriptLine::error(refusal.message)),
            }
        }
    }

    /// Says goodbye, prints what is left, and names what was not stored.
    async fn end(mut self) -> Vec<String> {
        let mut unstored = self.client.outbox().entries().map(|entry| beginning(entry.text.as_str()));
        self.problems
            .extend(unstored.by_ref().take(NAMED).map(|text| format!("not known to be stored: {text}")));
        let more = unstored.count();
        if more > 0 {
            self.problems.push(format!("and {more} more"));
        }
        if self.is_changing() {
            self.problems.push("the last edit is not known to be stored".to_owned());
        }
        self.client.handle(Intent::Stop, self.clock.now());
        self.run_effects();
        let last = self.display.finish();
        self.output.write(&last);
        if let Some(task) = self.last_socket.take() {
            drop(tokio::time::timeout(PATIENCE, task).await);
        }
        self.output.finish(PATIENCE).await;
        self.problems
    }
}

async fn sleep_until(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
