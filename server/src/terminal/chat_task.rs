//! The driver of the terminal client: owns socket, clock, input and output. It waits, turns each input into a
//! [`TerminalEvent`], handles it, and performs the effects.

mod showing;
mod user_commands;

use hubbub_client::{Client, Effect, Intent, SocketEvent};
use hubbub_protocol::{Millis, RoomName};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::connection_notices::ConnectionNotices;
use super::display::Display;
use super::input::{InputSource, TypedInput};
use super::line::{TranscriptLine, beginning};
use super::output::Output;
use super::shutdown::{PendingWork, ShutdownStage};
use super::socket_task::{ConnectFailure, ServerEndpoint, Socket, SocketUpdate};
use super::transcript::Transcript;
use crate::clock::Clock;
use crate::file_links::FileLinks;

/// Maximum number of socket updates in the queue. When it is full, the socket is not read.
const SOCKET_UPDATES: usize = 64;
/// Maximum time for writing the last lines, and for closing the connection.
const SHUTDOWN_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(2);
/// Maximum number of unstored messages that are shown at the end.
const MAX_UNSTORED_SHOWN: usize = 10;

/// Options of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChatOptions {
    /// Whether a person types; only then are commands recognized.
    pub(crate) person: bool,
    /// Whether a person types at a terminal that supports cursor movement.
    pub(crate) at_terminal: bool,
    /// Number of earlier messages of a room that are printed first.
    pub(crate) history: usize,
    /// Milliseconds to wait at the end for messages that are not stored.
    pub(crate) patience_millis: u64,
}

/// All events of the client.
enum TerminalEvent {
    Socket(SocketUpdate),
    Typed(TypedInput),
    /// SIGINT, SIGTERM or SIGHUP.
    Signal,
    /// A piece of output was written, or the reader of standard output has closed it.
    Output,
    /// A deadline has passed.
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
    /// Number of unstored messages at the previous check, which shows progress.
    pending: usize,
    /// Lines to print.
    lines: Vec<TranscriptLine>,
    /// Failures to print to standard error at the end.
    problems: Vec<String>,
    /// The last refusal of the room that was printed.
    refused: Option<String>,
    endpoint: ServerEndpoint,
    socket: Option<Socket>,
    /// Number of the current socket. Updates of older sockets are ignored.
    socket_number: u64,
    last_socket: Option<JoinHandle<()>>,
    /// Receives updates of sockets with their numbers; each socket has a clone of `update_sender`.
    update: mpsc::Receiver<(u64, SocketUpdate)>,
    update_sender: mpsc::Sender<(u64, SocketUpdate)>,
    /// Whether the user has requested the list of rooms.
    listing: bool,
    input: InputSource,
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
        let (update_sender, update) = mpsc::channel(SOCKET_UPDATES);
        Ok(Self {
            options: *options,
            clock: Clock::start(),
            client: Client::new(rand::random()),
            room,
            transcript: Transcript::new(options.history, FileLinks::at(&endpoint.address.site())),
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
            update_sender,
            listing: false,
            input: if options.at_terminal { InputSource::keys() } else { InputSource::lines() },
            input_ended: false,
            display: if options.at_terminal { Display::screen() } else { Display::plain() },
            output: Output::open(!options.at_terminal),
            signals: [interrupt?, terminate?, hangup?],
        })
    }

    /// Chats until the end, and returns the failures.
    pub(crate) async fn run(mut self) -> Vec<String> {
        let now = self.clock.now();
        self.client.handle(Intent::Open { room: self.room.clone() }, now);
        self.client.handle(Intent::Start, now);
        loop {
            let now = self.clock.now();
            self.show(now);
            self.advance_shutdown(now);
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
        // Keys are always read; lines wait while no message can be posted.
        let waits = self.stage != ShutdownStage::Running || (!self.options.person && !self.client.can_post());
        let takes_input = !self.input_ended && (self.options.at_terminal || !waits);
        let accepts_updates = !self.output.is_congested();
        let [interrupt, terminate, hangup] = &mut self.signals;
        loop {
            tokio::select! {
                _ = interrupt.recv() => return TerminalEvent::Signal,
                _ = terminate.recv() => return TerminalEvent::Signal,
                _ = hangup.recv() => return TerminalEvent::Signal,
                () = self.output.progress() => return TerminalEvent::Output,
                Some((number, update)) = self.update.recv(), if accepts_updates => {
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
            TerminalEvent::Socket(update) => self.on_socket_update(update, now),
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

    fn on_socket_update(&mut self, update: SocketUpdate, now: Millis) {
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
                "{unstored} not stored yet; press Ctrl+C again to quit now"
            )));
        }
    }

    /// Ends the run because of a permanent failure.
    fn give_up(&mut self, why: String) {
        self.problems.push(why);
        self.stage = ShutdownStage::Over;
    }

    /// Advances the shutdown as far as possible.
    fn advance_shutdown(&mut self, now: Millis) {
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
            self.problems.push(format!("could not join {} at {}", self.room, self.endpoint.address));
        }
        if matches!(self.stage, ShutdownStage::Leaving { .. }) && before != self.stage {
            let rooms: Vec<RoomName> = self.client.rooms().map(|room| room.name.clone()).collect();
            for room in rooms {
                self.client.handle(Intent::Leave { room }, now);
            }
            self.stage.advance(pending_work(self), now);
        }
    }

    /// Whether an edit may still be unstored.
    fn is_changing(&self) -> bool {
        self.client.rooms().any(|room| room.timeline.rows().any(|row| row.changing))
    }

    fn run_effects(&mut self) {
        for effect in self.client.take_effects() {
            match effect {
                Effect::Connect => {
                    self.socket_number += 1;
                    self.socket =
                        Some(Socket::open(&self.endpoint, self.socket_number, self.update_sender.clone()));
                }
                Effect::Disconnect { code } => {
                    self.socket_number += 1;
                    self.last_socket = self.socket.take().map(|socket| socket.close(code));
                }
                // If the queue is full, the server has been silent so long that the client will close the connection.
                Effect::Send(text) => _ = self.socket.as_ref().map(|socket| socket.send(text)),
                // The terminal client persists nothing, so it does not end before everything is stored.
                Effect::Keep(_) | Effect::Forget(_) | Effect::Restore => {}
                // Messages of the terminal have no files.
                Effect::Upload { .. } | Effect::StopUpload { .. } | Effect::DiscardFile { .. } => {}
                Effect::Refused { refusal, .. } => self.lines.push(TranscriptLine::error(refusal.message)),
            }
        }
    }

    /// Closes the connection, prints the remaining lines, and returns the failures with the messages that were not
    /// stored.
    async fn end(mut self) -> Vec<String> {
        let mut unstored = self.client.outbox().entries().map(|entry| beginning(entry.text.as_str()));
        self.problems.extend(
            unstored.by_ref().take(MAX_UNSTORED_SHOWN).map(|text| format!("not confirmed as stored: {text}")),
        );
        let more = unstored.count();
        if more > 0 {
            self.problems.push(format!("and {more} more"));
        }
        if self.is_changing() {
            self.problems.push("the last edit is not confirmed as stored".to_owned());
        }
        self.client.handle(Intent::Stop, self.clock.now());
        self.run_effects();
        let last = self.display.finish();
        self.output.write(&last);
        if let Some(task) = self.last_socket.take() {
            _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, task).await;
        }
        self.output.finish(SHUTDOWN_TIMEOUT).await;
        self.problems
    }
}

async fn sleep_until(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
