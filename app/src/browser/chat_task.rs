//! The driver of the client: it owns the client, its socket, its timer and its storage, and shows what the
//! client says has changed. It waits, turns what happens into an [`Input`], handles it, and acts.

use std::cell::RefCell;
use std::time::Duration;

use hubbub_client::{Client, Effect, Intent, LinkState, Millis, SocketEvent};
use hubbub_protocol::RoomName;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::socket_task::Socket;
use super::storage::Storage;
use super::{clock, random, tab};
use crate::RoomPage;
use crate::chat::{Chat, client_of};

/// Lines that stand in the page at most while the reader is at the end.
const MAX_LINES_AT_END: usize = 400;
/// How often the countdown to the next try is drawn, in milliseconds.
const COUNTDOWN_MILLIS: u64 = 500;

thread_local! {
    /// A page has one chat. Nothing called from here comes back here at once: sockets, timers and signals
    /// are all heard of later, so the borrow is never taken twice.
    static TASK: RefCell<Option<ChatTask>> = const { RefCell::new(None) };
}

/// Everything that can happen.
enum Input {
    /// Somebody wants something.
    Intent(Intent),
    /// Something happened to the socket.
    Socket(SocketEvent),
    /// Something is due.
    Tick,
    /// The reader is looking again, perhaps on another day.
    Seen,
}

struct ChatTask {
    client: Client,
    chat: Chat,
    room: RoomName,
    storage: Storage,
    socket_address: String,
    socket: Option<Socket>,
    /// Which socket that is; events of older ones are not delivered.
    socket_number: u64,
    timer: Option<TimeoutHandle>,
    /// Since when there has been no connection.
    lost_since: Option<Millis>,
}

/// Goes live: connects, and keeps `chat` up to date from now on.
pub(crate) fn start(page: &RoomPage, chat: Chat) {
    let storage = Storage::new(page.acting_as);
    let mut client = client_of(page, random::seed());
    client.restore_outbox(storage.entries());
    let query = page.acting_as.map(|user| format!("?as={user}")).unwrap_or_default();
    let task = ChatTask {
        client,
        chat,
        room: page.room.clone(),
        storage,
        socket_address: tab::socket_address(&query),
        socket: None,
        socket_number: 0,
        timer: None,
        lost_since: None,
    };
    TASK.set(Some(task));
    step(Input::Intent(Intent::Start));
    listen("online", || step(Input::Intent(Intent::RetryNow)));
    listen("offline", || step(Input::Intent(Intent::NetworkLost)));
    // After a sleep the socket may be gone without a word; this also finds out quickly whether it is.
    listen("pageshow", || step(Input::Intent(Intent::RetryNow)));
    listen("visibilitychange", || {
        if !document().hidden() {
            step(Input::Seen);
        }
    });
}

/// Passes on what somebody wants.
pub(crate) fn submit(intent: Intent) {
    step(Input::Intent(intent));
}

/// Whether a further message can be taken.
pub(crate) fn can_post() -> bool {
    TASK.with_borrow(|task| task.as_ref().is_some_and(|task| task.client.can_post()))
}

fn step(input: Input) {
    TASK.with_borrow_mut(|task| {
        if let Some(task) = task {
            task.step(input);
        }
    });
}

fn on_socket(number: u64, event: SocketEvent) {
    TASK.with_borrow_mut(|task| {
        if let Some(task) = task.as_mut().filter(|task| task.socket_number == number) {
            task.step(Input::Socket(event));
        }
    });
}

fn listen(event: &str, action: impl Fn() + 'static) {
    // A listener's handle does nothing when it is dropped; the page never takes these back.
    drop(window_event_listener_untyped(event, move |_| action()));
}

impl ChatTask {
    fn step(&mut self, input: Input) {
        let now = clock::monotonic();
        let seen = matches!(input, Input::Seen);
        match input {
            Input::Intent(intent) => self.client.handle(intent, now),
            Input::Socket(event) => {
                if matches!(event, SocketEvent::Closed { .. }) {
                    self.socket = None;
                }
                self.client.on_socket(event, now);
            }
            Input::Tick => self.client.on_tick(now),
            Input::Seen => self.client.handle(Intent::RetryNow, now),
        }
        self.trim(now);
        self.act();
        self.show(seen, now);
        self.set_timer(now);
    }

    fn trim(&mut self, now: Millis) {
        let lines = self.client.room(&self.room).map_or(0, |room| room.timeline.len());
        if lines > MAX_LINES_AT_END && self.chat.at_end.get_untracked() {
            self.client.handle(Intent::TrimOlder { room: self.room.clone() }, now);
        }
    }

    fn act(&mut self) {
        for effect in self.client.take_effects() {
            match effect {
                Effect::Connect => {
                    self.socket_number += 1;
                    let number = self.socket_number;
                    let on_event = move |event| on_socket(number, event);
                    self.socket = Some(Socket::open(self.socket_address.clone(), on_event));
                }
                Effect::Disconnect { code } => {
                    self.socket_number += 1;
                    if let Some(socket) = self.socket.take() {
                        socket.close(code);
                    }
                }
                Effect::Send(text) => {
                    if let Some(socket) = &self.socket {
                        socket.send(text);
                    }
                }
                Effect::Keep(entry) => self.storage.keep(&entry),
                Effect::Forget(client_id) => self.storage.forget(client_id),
            }
        }
    }

    fn show(&mut self, everything: bool, now: Millis) {
        let touched = self.client.take_touched();
        let lost_since = if self.client.link().is_online() {
            self.lost_since = None;
            now
        } else {
            *self.lost_since.get_or_insert(now)
        };
        self.chat.show_link(&self.client, lost_since, now);
        let Some(room) = self.client.room(&self.room) else { return };
        let in_room = touched.rooms.get(&self.room).copied().unwrap_or_default();
        // What waits says whether there is a connection, and what is mine depends on who I am.
        if everything || in_room.timeline || touched.link || touched.me {
            let online = self.client.link().is_online();
            self.chat.show_timeline(room, self.client.me(), online, clock::here());
        }
        if everything || in_room.people || touched.me {
            self.chat.show_people(room, self.client.me());
        }
    }

    fn set_timer(&mut self, now: Millis) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        let mut next = self.client.next_deadline();
        if !matches!(self.client.link(), LinkState::Online { .. } | LinkState::Stopped { .. }) {
            let countdown = now.plus(COUNTDOWN_MILLIS);
            next = Some(next.map_or(countdown, |next| next.min(countdown)));
        }
        if let Some(next) = next {
            let wait = Duration::from_millis(next.since(now));
            self.timer = set_timeout_with_handle(|| step(Input::Tick), wait).ok();
        }
    }
}
