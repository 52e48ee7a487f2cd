//! The driver of the client in a terminal: it owns socket, clock, input and output. It waits, turns what happens
//! into a [`Happening`], handles it, and acts.

use hubbub_client::{Client, Effect, Intent, LinkState, Phase, SocketEvent};
use hubbub_protocol::{ClientId, MessageText, Millis, Retry, RoomName};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::farewell::{Rest, Stage};
use super::input::{Input, Typed};
use super::line::{Line, beginning};
use super::output::Output;
use super::socket_task::{Door, Failure, News, Socket};
use super::standing::Standing;
use super::transcript::Transcript;
use super::wish::{self, Unclear, Wish};
use crate::clock::{Clock, wall_time};

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
    /// Somebody types and looks.
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
    input: Input,
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
            lines: Vec::new(),
            complaints: Vec::new(),
            refused: None,
            door,
            socket: None,
            socket_number: 0,
            last_socket: None,
            news,
            tells,
            input: Input::lines(),
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
            self.act();
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
        let takes_input = self.stage == Stage::Talking && self.client.can_post();
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
            Happening::Typed(Typed::Line(line)) => {
                let wish =
                    if self.setting.person { wish::understand(&line) } else { wish::take_literally(&line) };
                match wish {
                    None => {}
                    Some(Ok(wish)) => self.fulfil(wish, now),
                    Some(Err(unclear)) => self.refuse(&line, unclear),
                }
            }
            Happening::Typed(Typed::End) => self.go(true, now),
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
            News::Text(text) => SocketEvent::Text(text),
            News::Closed { code } => {
                self.socket = None;
                SocketEvent::Closed { code }
            }
            News::Failed(failure) => {
                self.socket = None;
                match failure {
                    Failure::ForNow(why) => self.lines.extend(self.standing.failed(&why)),
                    Failure::ForGood(why) => self.give_up(why),
                }
                SocketEvent::Closed { code: None }
            }
        };
        self.client.on_socket(event, now);
    }

    fn fulfil(&mut self, wish: Wish, now: Millis) {
        match wish {
            Wish::Say(text) => self.say(text, now),
            Wish::Quit => self.go(false, now),
            Wish::Help => self.lines.push(Line::notice(wish::HELP)),
            Wish::Rooms | Wish::Join(_) | Wish::Who | Wish::Edit(_) => {}
        }
    }

    fn say(&mut self, text: MessageText, now: Millis) {
        let client_id = ClientId::from_random_bytes(rand::random());
        self.transcript.await_mine(client_id);
        let room = self.room.clone();
        let post = Intent::Post { room, client_id, text, at: wall_time(), reply_to: None };
        self.client.handle(post, now);
    }

    fn refuse(&mut self, line: &str, unclear: Unclear) {
        match unclear {
            Unclear::Command(why) => self.lines.push(Line::error(why)),
            Unclear::Text(refusal) => {
                self.lines.push(Line::not_sent(line, &refusal));
                self.note_failure(line);
            }
        }
    }

    /// A person sees what is refused; who starts a script hears of it when it ends.
    fn note_failure(&mut self, text: &str) {
        if !self.setting.person {
            self.complaints.push(format!("refused: {}", beginning(text)));
        }
    }

    fn go(&mut self, at_end: bool, now: Millis) {
        self.stage.go(at_end, self.setting.patience_millis, now);
    }

    /// It will not work, now or later.
    fn give_up(&mut self, why: String) {
        self.complaints.push(why);
        self.stage = Stage::Over;
    }

    /// Turns what has changed into lines.
    fn show(&mut self, now: Millis) {
        let touched = self.client.take_touched();
        if matches!(self.stage, Stage::Leaving { .. } | Stage::Over) {
            return;
        }
        if let Some(hello) = self.client.hello() {
            self.transcript.begin(&hello.epoch);
        }
        let room = self.client.room(&self.room);
        self.lines.extend(self.standing.look(self.client.link(), room.map(|room| &room.phase)));
        if let LinkState::Stopped { reason: Some(reason) } = *self.client.link() {
            self.give_up(format!("the server does not let us in again: {}", reason.text()));
            return;
        }
        if touched.rooms.get(&self.room).is_some_and(|room| room.timeline || room.phase) || touched.me {
            self.show_room(now);
        }
        if touched.outbox {
            self.show_failed(now);
        }
    }

    fn show_room(&mut self, now: Millis) {
        let (Some(room), Some(me)) = (self.client.room(&self.room), self.client.me()) else { return };
        let refused = match &room.phase {
            Phase::Refused(refusal) => Some((refusal.message.clone(), refusal.retry == Retry::Never)),
            Phase::Left => Some((format!("you have left {} on another device", room.name), true)),
            Phase::Joining => self.refused.take().map(|refused| (refused, false)),
            Phase::Live => None,
        };
        let telling = self.transcript.tell(room, me);
        self.lines.extend(telling.lines);
        if let Some(wish) = telling.wish {
            self.client.handle(wish, now);
        }
        let (message, for_good) = refused.unzip();
        if let Some(message) = message.clone().filter(|_| message != self.refused) {
            self.lines.push(Line::error(&message));
            if for_good == Some(true) && !self.setting.person {
                self.give_up(message);
            }
        }
        self.refused = message;
    }

    /// What the server does not take is told, and let go of.
    fn show_failed(&mut self, now: Millis) {
        let failed = self.client.outbox().entries().filter_map(|entry| {
            entry.failed.as_ref().map(|refusal| (entry.client_id, entry.text.clone(), refusal.clone()))
        });
        for (client_id, text, refusal) in failed.collect::<Vec<_>>() {
            self.lines.push(Line::not_sent(text.as_str(), &refusal));
            self.note_failure(text.as_str());
            self.transcript.give_up(client_id);
            self.client.handle(Intent::Cancel { client_id }, now);
        }
    }

    /// Goes as far as it can, when it is time to go.
    fn go_on(&mut self, now: Millis) {
        let online = self.client.link().is_online();
        let is_guest = self.door.token.is_none();
        let rest = |task: &Self| Rest {
            unstored: task.client.outbox().pending() > 0 || task.transcript.awaits_mine(),
            entered: task.transcript.up_to(&task.room).is_some(),
            to_leave: online && is_guest && task.client.rooms().next().is_some(),
        };
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

    fn act(&mut self) {
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
                Effect::Keep(_) | Effect::Forget(_) => {}
                Effect::Refused { refusal, .. } => self.lines.push(Line::error(refusal.message)),
            }
        }
    }

    fn print(&mut self) {
        for line in self.lines.drain(..) {
            self.output.write(&line.plain());
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
        self.client.handle(Intent::Stop, self.clock.now());
        self.act();
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
