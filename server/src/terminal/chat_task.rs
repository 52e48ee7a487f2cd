//! The driver of the client in a terminal: it owns socket, clock, input and output. It waits, turns what happens
//! into a [`Happening`], handles it, and acts.

mod showing;
mod wishes;

use hubbub_client::{Client, Effect, Intent, SocketEvent};
use hubbub_protocol::{Millis, RoomName};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::face::Face;
use super::farewell::{Rest, Stage};
use super::input::{Input, Typed};
use super::line::{Line, beginning};
use super::output::Output;
use super::socket_task::{Door, Failure, News, Socket};
use super::standing::Standing;
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
pub(crate) struct Setting {
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
enum Happening {
    Socket(News),
    Typed(Typed),
    /// SIGINT, SIGTERM or SIGHUP.
    Signal,
    /// Something was written, or nobody reads any more.
    Output,
    /// Something is due.
    Tick,
}

/// A run of `hubbub chat`.
pub(crate) struct ChatTask {
    setting: Setting,
    clock: Clock,
    client: Client,
    room: RoomName,
    transcript: Transcript,
    standing: Standing,
    stage: Stage,
    /// Messages that were not stored when it was last looked.
    pending: usize,
    /// What is to be printed.
    lines: Vec<Line>,
    /// What is to be said on standard error at the end.
    complaints: Vec<String>,
    /// The refusal of the room that was told last.
    refused: Option<String>,
    door: Door,
    socket: Option<Socket>,
    /// Which socket that is; what happens to older ones is of no interest.
    socket_number: u64,
    last_socket: Option<JoinHandle<()>>,
    /// What happens to sockets comes here, with their numbers; each has a copy of `tells`.
    news: mpsc::Receiver<(u64, News)>,
    tells: mpsc::Sender<(u64, News)>,
    /// Somebody has asked for the list of rooms.
    listing: bool,
    input: Input,
    input_ended: bool,
    face: Face,
    output: Output,
    signals: [Signal; 3],
}

impl ChatTask {
    pub(crate) fn new(door: Door, room: RoomName, setting: &Setting) -> anyhow::Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let [interrupt, terminate, hangup] = kinds.map(signal);
        let (tells, news) = mpsc::channel(NEWS);
        Ok(Self {
            setting: *setting,
            clock: Clock::start(),
            client: Client::new(rand::random()),
            room,
            transcript: Transcript::new(setting.history),
            standing: Standing::new(door.address.to_string()),
            stage: Stage::Talking,
            pending: 0,
            lines: Vec::new(),
            complaints: Vec::new(),
            refused: None,
            door,
            socket: None,
            socket_number: 0,
            last_socket: None,
            news,
            tells,
            listing: false,
            input: if setting.at_terminal { Input::keys() } else { Input::lines() },
            input_ended: false,
            face: if setting.at_terminal { Face::screen() } else { Face::plain() },
            output: Output::open(!setting.at_terminal),
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
            self.effect();
            self.print();
            if self.stage == Stage::Over {
                break;
            }
            let happening = self.wait().await;
            self.handle(happening);
        }
        self.end().await
    }

    async fn wait(&mut self) -> Happening {
        let deadlines = [self.client.next_deadline(), self.stage.deadline()];
        let deadline = deadlines.into_iter().flatten().min().map(|at| self.clock.instant(at));
        // Keys are heard to the end; lines wait as long as nothing can be done with them.
        let waits = self.stage != Stage::Talking || (!self.setting.person && !self.client.can_post());
        let takes_input = !self.input_ended && (self.setting.at_terminal || !waits);
        let takes_news = !self.output.is_congested();
        let [interrupt, terminate, hangup] = &mut self.signals;
        loop {
            tokio::select! {
                _ = interrupt.recv() => return Happening::Signal,
                _ = terminate.recv() => return Happening::Signal,
                _ = hangup.recv() => return Happening::Signal,
                () = self.output.progress() => return Happening::Output,
                Some((number, news)) = self.news.recv(), if takes_news => {
                    if number == self.socket_number {
                        return Happening::Socket(news);
                    }
                }
                typed = self.input.next(), if takes_input => return Happening::Typed(typed),
                () = sleep_until(deadline) => return Happening::Tick,
            }
        }
    }

    fn handle(&mut self, happening: Happening) {
        let now = self.clock.now();
        match happening {
            Happening::Socket(news) => self.on_news(news, now),
            Happening::Typed(typed) => self.on_typed(typed, now),
            Happening::Signal => self.go(false, now),
            Happening::Output if self.output.is_closed() => {
                if self.stage == Stage::Talking {
                    self.go(false, now);
                }
            }
            Happening::Output => {}
            Happening::Tick => self.client.on_tick(now),
        }
    }

    fn on_news(&mut self, news: News, now: Millis) {
        let event = match news {
            News::Opened { cookie } => {
                self.door.cookie = cookie.or_else(|| self.door.cookie.take());
                SocketEvent::Opened
            }
            News::Text(text) => SocketEvent::text(&text),
            News::Closed { code } => {
                self.socket = None;
                SocketEvent::Closed { code }
            }
            News::Failed(failure) => {
                self.socket = None;
                match failure {
                    Failure::Unwelcome(why) => self.give_up(why),
                    Failure::Stranger(why) if self.client.hello().is_none() => self.give_up(why),
                    Failure::Stranger(why) | Failure::ForNow(why) => {
                        self.lines.extend(self.standing.failed(&why));
                    }
                }
                SocketEvent::Closed { code: None }
            }
        };
        self.client.on_socket(event, now);
    }

    fn go(&mut self, at_end: bool, now: Millis) {
        self.stage.go(at_end && !self.setting.person, self.setting.patience_millis, now);
        let unstored = self.client.outbox().pending();
        if self.setting.person && unstored > 0 && self.stage != Stage::Over {
            self.lines.push(Line::notice(format!("{unstored} not stored yet; Ctrl+C again leaves at once")));
        }
    }

    /// It will not work, now or later.
    fn give_up(&mut self, why: String) {
        self.complaints.push(why);
        self.stage = Stage::Over;
    }

    /// Goes as far as it can, when it is time to go.
    fn go_on(&mut self, now: Millis) {
        let online = self.client.link().is_online();
        let is_guest = self.door.token.is_none();
        let rest = |task: &Self| Rest {
            unstored: task.client.outbox().pending() > 0
                || task.transcript.awaits_mine()
                || task.is_changing(),
            entered: task.transcript.up_to(&task.room).is_some(),
            to_leave: online && is_guest && task.client.rooms().next().is_some(),
        };
        let pending = self.client.outbox().pending();
        if pending < std::mem::replace(&mut self.pending, pending) {
            self.stage.progress(self.setting.patience_millis, now);
        }
        let before = self.stage;
        self.stage.advance(rest(self), now);
        if matches!(before, Stage::Finishing { at_end: true, .. })
            && self.stage == Stage::Over
            && !rest(self).entered
        {
            self.complaints.push(format!("could not come into {} at {}", self.room, self.door.address));
        }
        if matches!(self.stage, Stage::Leaving { .. }) && before != self.stage {
            let rooms: Vec<RoomName> = self.client.rooms().map(|room| room.name.clone()).collect();
            for room in rooms {
                self.client.handle(Intent::Leave { room }, now);
            }
            self.stage.advance(rest(self), now);
        }
    }

    /// Whether an edit is not known to be stored.
    fn is_changing(&self) -> bool {
        self.client.rooms().any(|room| room.timeline.rows().any(|row| row.changing))
    }

    fn effect(&mut self) {
        for effect in self.client.take_effects() {
            match effect {
                Effect::Connect => {
                    self.socket_number += 1;
                    self.socket = Some(Socket::open(&self.door, self.socket_number, self.tells.clone()));
                }
                Effect::Disconnect { code } => {
                    self.socket_number += 1;
                    self.last_socket = self.socket.take().map(|socket| socket.close(code));
                }
                // If there is no place, nothing was heard for so long that the client will give it up.
                Effect::Send(text) => drop(self.socket.as_ref().map(|socket| socket.send(text))),
                // A terminal keeps nothing when it ends, so it does not end before all is stored.
                Effect::Keep(_) | Effect::Forget(_) | Effect::Restore => {}
                Effect::Refused { refusal, .. } => self.lines.push(Line::error(refusal.message)),
            }
        }
    }

    /// Says goodbye, prints what is left, and names what was not stored.
    async fn end(mut self) -> Vec<String> {
        let mut unstored = self.client.outbox().entries().map(|entry| beginning(entry.text.as_str()));
        self.complaints
            .extend(unstored.by_ref().take(NAMED).map(|text| format!("not known to be stored: {text}")));
        let more = unstored.count();
        if more > 0 {
            self.complaints.push(format!("and {more} more"));
        }
        if self.is_changing() {
            self.complaints.push("the last edit is not known to be stored".to_owned());
        }
        self.client.handle(Intent::Stop, self.clock.now());
        self.effect();
        let last = self.face.finish();
        self.output.write(&last);
        if let Some(task) = self.last_socket.take() {
            drop(tokio::time::timeout(PATIENCE, task).await);
        }
        self.output.finish(PATIENCE).await;
        self.complaints
    }
}

async fn sleep_until(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
