//! What one does in a room: write, answer, edit, react, look for a line. It holds what only the view knows;
//! what is true stays with the client, and what is wished goes there.

mod actions;
pub(crate) mod completion;
pub(crate) mod emoji;
pub(crate) mod suggestions;

use std::sync::Arc;

use hubbub_client::{Intent, RowKey};
use hubbub_protocol::{Field, MessageId, Refusal, RoomName, Seq, User, UserId, UserName};
use leptos::html::Textarea;
use leptos::prelude::*;

use self::completion::Completion;
use crate::browser::chat_task::ChatHandle;
use crate::browser::scroll_event::ScrollEvent;
use crate::browser::toast;
use crate::i18n::Strings;
use crate::route::message_path;
use crate::state::composer_state::ComposerState;
use crate::state::message_action::MessageAction;
use crate::state::scroll_target::ScrollTarget;
use crate::state::timeline_item::TimelineItem;
use crate::state::{ChatSignals, NewerMessages, OlderMessages, RoomSignals, SparseSignals};

/// The conversation in one room. A handle: copies are about the same.
#[derive(Clone, Copy)]
pub(crate) struct ConversationController {
    room: StoredValue<RoomName>,
    /// Takes what is asked of the chat.
    handle: ChatHandle,
    chat: ChatSignals,
    /// What is shown of it.
    pub(crate) room_signals: RoomSignals,
    /// What is being written.
    pub(crate) composer: ComposerState,
    /// Where it is written.
    pub(crate) field: NodeRef<Textarea>,
    /// What is open at a line.
    pub(crate) row_modes: SparseSignals<RowKey, RowMode>,
    /// What lies over the page.
    pub(crate) popover: RwSignal<Option<Popover>>,
    /// What is to come into view as soon as it is there.
    pub(crate) scroll_target: RwSignal<Option<ScrollTarget>>,
    active: StoredValue<Option<RowKey>>,
    strings: &'static Strings,
}

/// What is open at a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RowMode {
    /// Nothing.
    #[default]
    Plain,
    /// The buttons of what can be done with it.
    Tools,
    /// Whether it is really to be deleted.
    ConfirmDelete,
}

/// What lies over the page, and which message it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Popover {
    /// The message.
    pub(crate) key: RowKey,
    /// What is shown.
    pub(crate) kind: PopoverKind,
}

/// What can lie over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PopoverKind {
    /// Everything that can be done with the message.
    Menu,
    /// Emoji to choose from.
    Emoji,
    /// What the message said before.
    Edits(MessageId),
}

impl ConversationController {
    /// The conversation in a room that is shown by `picture`.
    pub(crate) fn new(
        room: RoomName,
        handle: ChatHandle,
        chat: ChatSignals,
        room_signals: RoomSignals,
        composer: ComposerState,
        strings: &'static Strings,
    ) -> Self {
        Self {
            room: StoredValue::new(room),
            handle,
            chat,
            room_signals,
            composer,
            field: NodeRef::new(),
            row_modes: SparseSignals::default(),
            popover: RwSignal::new(None),
            scroll_target: RwSignal::new(None),
            active: StoredValue::new(None),
            strings,
        }
    }

    /// The message at this position is the one that is pointed at; its buttons are shown.
    pub(crate) fn set_active(self, seq: Option<Seq>) {
        // What lies over the page is about the message that was pointed at.
        if self.popover.with_untracked(Option::is_some) {
            return;
        }
        let item = seq.and_then(|seq| self.item_at(seq)).filter(|item| MessageAction::CopyLink.is_for(item));
        let key = item.map(|item| item.key);
        let before = self.active.get_value();
        if before == key {
            return;
        }
        self.active.set_value(key);
        let row_modes = self.row_modes;
        if let Some(before) = before.filter(|before| row_modes.of(before).get_untracked() == RowMode::Tools) {
            row_modes.set(before, RowMode::Plain);
        }
        if let Some(key) = key.filter(|key| row_modes.of(key).get_untracked() == RowMode::Plain) {
            row_modes.set(key, RowMode::Tools);
        }
    }

    /// Brings a line into view, wherever in the room it is.
    pub(crate) fn scroll_to(self, seq: Seq) {
        if self.item_at(seq).is_none() {
            // At once: the answer may come before the question is shown.
            self.room_signals.around.set(Some(seq));
            self.submit(|room| Intent::Around { room, seq });
        }
        self.scroll_target.set(Some(ScrollTarget::TimelineItem(seq)));
    }

    /// Brings the first unread message into view, unless another place is wanted.
    pub(crate) fn scroll_to_divider(self) {
        self.room_signals.is_catching_up.set(true);
        if self.scroll_target.with_untracked(Option::is_none) {
            self.scroll_target.set(Some(ScrollTarget::Divider));
        }
    }

    /// Brings the end of the room into view.
    pub(crate) fn scroll_to_end(self) {
        if self.room_signals.after.get_untracked() != NewerMessages::Nothing {
            self.submit(|room| Intent::ToEnd { room });
        }
        self.scroll_target.set(Some(ScrollTarget::End));
    }

    /// Handles what the timeline reports while the reader scrolls.
    pub(crate) fn on_scroll(self, event: ScrollEvent) {
        match event {
            ScrollEvent::NearStart => {
                if self.room_signals.before.get_untracked() == OlderMessages::Messages {
                    self.submit(|room| Intent::Older { room });
                }
            }
            ScrollEvent::NearEnd => {
                if self.room_signals.after.get_untracked() == NewerMessages::Messages {
                    self.submit(|room| Intent::Newer { room });
                }
            }
            ScrollEvent::AtEnd(at_end) => {
                if at_end {
                    self.room_signals.is_catching_up.set(false);
                }
                self.room_signals.at_end.set(at_end);
                self.submit(|room| Intent::AtEnd { room, at_end });
            }
            ScrollEvent::NeedsAround(seq) => self.submit(|room| Intent::Around { room, seq }),
            ScrollEvent::Seen(seq) => self.submit(|room| Intent::Seen { room, seq }),
            ScrollEvent::AroundLoaded(seq) => {
                // The page that was asked for has no such line.
                if self.scroll_target.get_untracked() == Some(ScrollTarget::TimelineItem(seq))
                    && self.item_at(seq).is_none()
                {
                    toast::show(self.chat, self.room.get_value(), Refusal::not_found(Field::Around));
                    self.scroll_to_end();
                }
            }
        }
    }

    /// Where a line lives.
    pub(crate) fn path_to(self, seq: Seq) -> String {
        self.room.with_value(|room| message_path(room, self.chat.acting_as, seq))
    }

    /// What can be completed while one writes here.
    pub(crate) fn update_completion(self, completion: Completion, text: &str, cursor: u32) {
        let people: Vec<User> = self
            .room_signals
            .people
            .with_untracked(|people| people.listed.iter().map(|it| it.user.clone()).collect());
        let rooms = self.chat.rooms.keys.get_untracked();
        completion.update_completion(text.to_owned(), cursor, people, rooms);
    }

    /// The text of a message is shown to this name, and its links lead this user.
    pub(crate) fn viewer(self) -> (Option<UserName>, Option<UserId>) {
        let name = self.chat.me.with_untracked(|me| me.as_ref().map(|me| me.name.clone()));
        (name, self.chat.acting_as)
    }

    /// Who I am.
    pub(crate) fn me(self) -> Option<UserId> {
        self.room_signals.people.with_untracked(|people| people.me)
    }

    /// The line of a key.
    pub(crate) fn item(self, key: RowKey) -> Option<Arc<TimelineItem>> {
        self.room_signals.items.value(&key).map(|item| item.get_untracked())
    }

    /// The message at a position.
    pub(crate) fn item_at(self, seq: Seq) -> Option<Arc<TimelineItem>> {
        self.find(|item| item.seq() == Some(seq))
    }

    fn item_of_message(self, id: MessageId) -> Option<Arc<TimelineItem>> {
        self.find(|item| item.message().is_some_and(|message| message.id == id))
    }

    fn find(self, is_it: impl Fn(&TimelineItem) -> bool) -> Option<Arc<TimelineItem>> {
        self.room_signals.shown(|items| items.iter().find(|item| is_it(item)).cloned())
    }

    fn submit(self, intent: impl FnOnce(RoomName) -> Intent) {
        if let Some(room) = self.room.try_get_value() {
            self.handle.submit(intent(room));
        }
    }
}
