//! The driver of the client. It owns the client, its socket, its timer and its storage, and updates the
//! signals with the changes that the client reports. Each event becomes an [`Input`].

use std::collections::VecDeque;
use std::time::Duration;

use hubbub_client::{Client, Effect, Intent, LinkState, Millis, Phase};
use hubbub_protocol::{MessageId, MessageText, RoomName, UserId};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::chat_input::Input;
use super::local_copy_task::LocalCopyTask;
use super::socket_task::{Socket, SocketReport};
use super::storage::{Owner, tab_storage};
use super::unsent_task::UnsentTask;
use super::uploads::UploadTask;
use super::{activity, clock, tab, tabs, toast};
use crate::state::{ChatSignals, RoomSignals};

/// Interval at which the countdown to the next connection attempt is updated, in milliseconds.
const COUNTDOWN_MILLIS: u64 = 500;
/// Milliseconds after which an unread message in the visible room is counted in the title. A message that is
/// read at once does not change the title.
const CALM_MILLIS: u64 = 300;
/// Number of sockets that open although the code that reads frames does not load, after which the page is out of date.
const MAX_SOCKETS_WITHOUT_RECEIVER: u32 = 3;

/// Key in the storage of the tab. The value is the id of the user for whom the page was already reloaded.
const RELOADED_FOR_KEY: &str = "hubbub.left_to";

struct ChatTask {
    handle: ChatHandle,
    client: Client,
    chat: ChatSignals,
    /// The visible room and its signals.
    here: Option<(RoomName, RoomSignals)>,
    copy: LocalCopyTask,
    unsent: UnsentTask,
    uploads: UploadTask,
    /// Whether the signals will be updated in the next animation frame.
    will_draw: bool,
    /// Whether the next update covers all signals, and not only the changed signals.
    everything: bool,
    socket_address: String,
    socket: Option<Socket>,
    /// Number of the current socket; events of earlier sockets are ignored.
    socket_number: u64,
    /// Number of sockets since the last frame that opened, but whose frames could not be read.
    sockets_without_receiver: u32,
    timer: Option<TimeoutHandle>,
    /// The user of the last connection, or of the snapshot before the first connection.
    me: Option<UserId>,
    /// Whether the displayed presence is current.
    online: bool,
    /// Time at which the connection was lost.
    lost_since: Option<Millis>,
    /// Time since which the visible room has unread messages that the title does not count yet.
    unread_since: Option<Millis>,
}

/// The chat of the page. Components read it from the context ([`use_handle`]); copies refer to the same chat.
///
/// Functions that the task calls never call it back synchronously: sockets, timers and signals report later.
/// So its lock is never taken twice.
#[derive(Clone, Copy)]
pub(crate) struct ChatHandle(StoredValue<Option<ChatTask>, LocalStorage>);

/// Returns the chat of the current page.
pub(crate) fn use_handle() -> ChatHandle {
    expect_context()
}

impl ChatHandle {
    /// Creates a chat that is not started; it lives as long as the current owner.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// Starts `client`: connects, and updates `chat` from now on.
    pub(crate) fn start(self, mut client: Client, chat: ChatSignals) {
        let mut unsent = UnsentTask::new(self);
        unsent.restore(&mut client);
        let query = chat.acting_as.map(|user| format!("?as={user}")).unwrap_or_default();
        let task = ChatTask {
            handle: self,
            me: client.me().map(|me| me.id),
            client,
            chat,
            here: None,
            copy: LocalCopyTask::new(self, chat.acting_as),
            unsent,
            uploads: UploadTask::new(self, chat.acting_as),
            will_draw: false,
            everything: false,
            socket_address: tab::socket_address(&query),
            socket: None,
            socket_number: 0,
            sockets_without_receiver: 0,
            timer: None,
            online: true,
            lost_since: None,
            unread_since: None,
        };
        self.0.set_value(Some(task));
        self.step(Input::Intent(Intent::Start));
        activity::listen(self);
        tabs::start(move || self.step(Input::TabClosed));
    }

    /// Shows a room from now on and fills its signals. Returns `false`, without any effect, if the chat is
    /// not started.
    pub(crate) fn enter(self, room: &RoomName, room_signals: RoomSignals) -> bool {
        self.update(|task| task.enter(room, room_signals)).is_some()
    }

    pub(crate) fn submit(self, intent: Intent) {
        self.step(Input::Intent(intent));
    }

    /// The user of this tab, to whom stored records belong.
    pub(super) fn owner(self) -> Option<Owner> {
        self.read(|task| Owner::of(&task.client)).flatten()
    }

    /// Whether the outbox accepts another message.
    pub(crate) fn can_post(self) -> bool {
        self.read(|task| task.client.can_post()).unwrap_or_default()
    }

    /// Whether the client accepts this edit.
    pub(crate) fn can_edit(self, room: &RoomName, message_id: MessageId, text: &MessageText) -> bool {
        self.read(|task| task.client.can_edit(room, message_id, text)).unwrap_or_default()
    }

    pub(super) fn step(self, input: Input) {
        self.update(|task| task.step(input));
    }

    fn on_socket(self, number: u64, event: SocketReport) {
        self.update(|task| {
            if task.socket_number == number {
                task.step(Input::Socket(event));
            }
        });
    }

    /// Returns `None` if the chat is not started or its page is gone.
    fn update<T>(self, change: impl FnOnce(&mut ChatTask) -> T) -> Option<T> {
        self.0.try_update_value(|task| task.as_mut().map(change)).flatten()
    }

    fn read<T>(self, look: impl FnOnce(&ChatTask) -> T) -> Option<T> {
        self.0.try_with_value(|task| task.as_ref().map(look)).flatten()
    }
}

impl ChatTask {
    fn enter(&mut self, room: &RoomName, room_signals: RoomSignals) {
        let now = clock::monotonic();
        let before = self.here.replace((room.clone(), room_signals));
        if let Some((before, _)) = before.filter(|(before, _)| before != room) {
            self.client.handle(Intent::Close { room: before }, now);
        }
        // A link to a message scrolls to the message, not to the first unread one.
        let leads_to_message = self.chat.route.with_untracked(|route| route.at.is_some());
        let open = if leads_to_message {
            |room| Intent::Open { room }
        } else {
            |room| Intent::OpenAtUnread { room }
        };
        self.client.handle(open(room.clone()), now);
        self.settle(false, now);
        // The room is rendered now, so its signals must be filled without delay.
        self.everything = true;
        self.show(now);
        // Keep the room as one of the recently opened rooms.
        self.copy.note(std::iter::once(room));
    }

    /// Handles a socket whose frames cannot be read. The network may fail in a way that the socket has not noticed, so the
    /// client tries again; after several sockets, the server has another version, without the code of this one.
    fn on_no_receiver(&mut self, now: Millis) {
        self.sockets_without_receiver += 1;
        if self.sockets_without_receiver >= MAX_SOCKETS_WITHOUT_RECEIVER {
            self.client.on_opened(now);
            self.client.on_unreadable_frame(now);
        }
    }

    fn step(&mut self, input: Input) {
        let now = clock::monotonic();
        self.everything |= matches!(input, Input::Seen | Input::Day);
        let changes = !matches!(input, Input::Draw);
        match input {
            Input::Intent(intent) => self.client.handle(intent, now),
            Input::Socket(SocketReport::Opened) => self.client.on_opened(now),
            Input::Socket(SocketReport::Frame(text, receive)) => {
                self.sockets_without_receiver = 0;
                receive(&mut self.client, &text, now);
            }
            Input::Socket(SocketReport::NoReceiver) => self.on_no_receiver(now),
            Input::Socket(SocketReport::Closed { code }) => {
                self.socket = None;
                self.client.on_closed(code, now);
            }
            Input::Tick => self.client.on_tick(now),
            Input::Seen => {
                self.client.handle(Intent::RetryNow, now);
                self.client.handle(Intent::Active, now);
            }
            Input::Unseen => {
                if let Some((room, _)) = &self.here {
                    self.client.handle(Intent::Away { room: room.clone() }, now);
                }
                self.copy.load_writer();
                // Hidden pages get no animation frames, so a frame that was requested before may not come.
                self.show(now);
            }
            Input::Day => {}
            Input::Calm => self.show_rooms(now),
            Input::TabClosed => self.unsent.on_tab_closed(&mut self.client, now),
            Input::Keep => self.copy.load_writer(),
            Input::Write(write) => {
                if let Some((here, _)) = &self.here {
                    self.copy.write(write, &self.client, here);
                }
            }
            Input::Storage(event) => self.unsent.on_event(event, &mut self.client, now),
            Input::Draw => self.show(now),
        }
        self.settle(changes, now);
    }

    /// Executes the effects of the client and schedules the update of the signals: once in each animation
    /// frame, however many events arrive.
    fn settle(&mut self, changes: bool, now: Millis) {
        self.perform(now);
        if changes && !self.will_draw {
            self.will_draw = true;
            let handle = self.handle;
            clock::with_next_frame(move || handle.step(Input::Draw));
        }
        self.set_timer(now);
    }

    fn perform(&mut self, now: Millis) {
        let mut effects = VecDeque::from(self.client.take_effects());
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Connect => {
                    self.socket_number += 1;
                    let number = self.socket_number;
                    let handle = self.handle;
                    let on_event = move |event| handle.on_socket(number, event);
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
                Effect::Keep(kept) => self.unsent.keep(&kept, &self.client),
                Effect::Forget(id) => self.unsent.forget(id, &self.client),
                Effect::Restore => {
                    self.leave_to_another_user();
                    self.unsent.take_in(&mut self.client, now);
                    effects.extend(self.client.take_effects());
                }
                Effect::Upload { room, upload_id, name, size } => {
                    self.uploads.start(room, upload_id, name, size);
                }
                Effect::StopUpload { upload_id } => self.uploads.stop(upload_id),
                Effect::DiscardFile { upload_id } => self.uploads.discard(upload_id),
                Effect::Refused { room, refusal } => toast::show(self.chat, room, refusal),
            }
        }
    }

    /// Reloads the page if another user has signed in since the last connection, because the text in the
    /// composer belongs to the former user. Reloads only once, in case the page and the socket disagree about
    /// the user.
    fn leave_to_another_user(&mut self) {
        let Some(me) = self.client.me().map(|me| me.id) else { return };
        let before = self.me.replace(me);
        let Some(store) = tab_storage().filter(|_| before.is_some_and(|before| before != me)) else { return };
        let noted = store.get_item(RELOADED_FOR_KEY).ok().flatten();
        if noted != Some(me.to_string()) && store.set_item(RELOADED_FOR_KEY, &me.to_string()).is_ok() {
            tab::reload();
        }
    }

    fn show(&mut self, now: Millis) {
        self.will_draw = false;
        let everything = std::mem::take(&mut self.everything);
        let change_set = self.client.take_change_set();
        let lost_since = if self.client.is_live() {
            self.lost_since = None;
            now
        } else {
            *self.lost_since.get_or_insert(now)
        };
        if self.client.link().is_signed_out() {
            tab::leave(self.client.me().map(|me| me.id));
        }
        self.chat.show_link(&self.client, lost_since, now);
        self.chat.show_storage(self.unsent.problem());
        // A short interruption does not change the page. During a longer interruption, presence is not shown
        // as current.
        let online = self.chat.connection_problem.with_untracked(Option::is_none);
        let everything = everything || std::mem::replace(&mut self.online, online) != online;
        if change_set.me {
            self.chat.show_me(&self.client);
        }
        if change_set.appearance {
            self.chat.show_appearance(&self.client);
        }
        if everything || change_set.rooms_list {
            self.show_rooms(now);
        }
        if change_set.browsed {
            self.chat.show_browsed(&self.client);
        }
        if change_set.edits {
            self.chat.show_edits(&self.client);
        }
        if let Some((name, room_signals)) = &self.here {
            let Some(room) = self.client.room(name) else {
                // The client core drops a room after the server has confirmed that the user left it.
                self.chat.show_membership(&Phase::Left);
                return self.copy.note_changes(&change_set);
            };
            self.chat.show_membership(&room.phase());
            room_signals.show_held_back(self.client.held_back_until(name), now);
            let (me, here) = (self.client.me(), clock::here());
            // The state of pending rows depends on the connection, and the own messages depend on the user.
            if everything || change_set.link || change_set.me {
                room_signals.show_all(room, me, online, here);
            } else if let Some(in_room) = change_set.rooms.get(name) {
                room_signals.show(room, *in_room, me, online, here);
            } else if change_set.rooms_list {
                room_signals.show_unread(room);
            }
        }
        self.copy.note_changes(&change_set);
    }

    fn show_rooms(&mut self, now: Millis) {
        let rising = self.here.as_ref().filter(|_| !document().hidden()).and_then(|(name, _)| {
            let shown = self.chat.unread_of(name);
            (self.client.room(name)?.unread() > shown).then_some((name, shown))
        });
        let calm = rising.filter(|_| match self.unread_since {
            None => {
                self.unread_since = Some(now);
                let handle = self.handle;
                clock::after(CALM_MILLIS + 20, move || handle.step(Input::Calm));
                true
            }
            Some(since) => now.since(since) < CALM_MILLIS,
        });
        if calm.is_none() {
            self.unread_since = None;
        }
        self.chat.show_rooms(&self.client, calm);
    }

    fn set_timer(&mut self, now: Millis) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        let mut next = self.client.next_deadline();
        let held_back =
            self.here.as_ref().is_some_and(|(room, _)| self.client.held_back_until(room).is_some());
        if held_back || !matches!(self.client.link(), LinkState::Online { .. } | LinkState::Stopped { .. }) {
            let countdown = now.plus(COUNTDOWN_MILLIS);
            next = Some(next.map_or(countdown, |next| next.min(countdown)));
        }
        if let Some(next) = next {
            let wait = Duration::from_millis(next.since(now));
            let handle = self.handle;
            self.timer = set_timeout_with_handle(move || handle.step(Input::Tick), wait).ok();
        }
    }
}
