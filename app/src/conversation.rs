//! The controller of a conversation: posts, replies, edits, reactions, scrolling. It holds the state that
//! only the view needs; the state of the chat is in the client, and changes are sent to it as intents.

mod actions;
pub(crate) mod completion;
pub(crate) mod emoji;
pub(crate) mod suggestions;

use std::sync::Arc;

use hubbub_client::{Intent, RowKey, UploadEvent};
use hubbub_protocol::{ClientId, Field, MessageId, Refusal, RoomName, Seq, User, UserId, UserName};
use leptos::html::Textarea;
use leptos::prelude::*;

use self::completion::Completion;
use crate::browser::chat_task::ChatHandle;
use crate::browser::scroll_event::ScrollEvent;
use crate::browser::toast;
use crate::i18n::Strings;
use crate::route::message_path;
use crate::state::composer_state::{ComposerState, FileTarget};
use crate::state::message_action::MessageAction;
use crate::state::scroll_target::ScrollTarget;
use crate::state::timeline_item::TimelineItem;
use crate::state::{ChatSignals, NewerMessages, OlderMessages, RoomSignals, SparseSignals};

/// The conversation in one room. Copies refer to the same conversation.
#[derive(Clone, Copy)]
pub(crate) struct ConversationController {
    room: StoredValue<RoomName>,
    handle: ChatHandle,
    chat: ChatSignals,
    pub(crate) room_signals: RoomSignals,
    pub(crate) composer: ComposerState,
    /// The text field of the composer.
    pub(crate) field: NodeRef<Textarea>,
    /// The editor, toolbar or confirmation that is open, by row.
    pub(crate) row_modes: SparseSignals<RowKey, RowMode>,
    /// The open popover.
    pub(crate) popover: RwSignal<Option<Popover>>,
    /// The position to scroll into view once it is loaded.
    pub(crate) scroll_target: RwSignal<Option<ScrollTarget>>,
    active: StoredValue<Option<RowKey>>,
    strings: &'static Strings,
}

/// What is open at a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RowMode {
    #[default]
    Plain,
    /// The toolbar.
    Tools,
    /// The confirmation of a deletion.
    ConfirmDelete,
}

/// A popover and its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Popover {
    pub(crate) key: RowKey,
    pub(crate) kind: PopoverKind,
}

/// The kinds of popovers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PopoverKind {
    /// The menu with all actions.
    Menu,
    /// The emoji picker.
    Emoji,
    /// The earlier versions of the message.
    Edits(MessageId),
}

impl ConversationController {
    /// Creates the conversation of a room.
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

    /// Selects the message at this position, whose toolbar is shown.
    pub(crate) fn set_active(self, seq: Option<Seq>) {
        // While a popover is open, its message stays selected.
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

    /// Scrolls a message into view, and loads it if necessary.
    pub(crate) fn scroll_to(self, seq: Seq) {
        if self.item_at(seq).is_none() {
            // The signal is set before the request, because the answer may arrive before the next rendering.
            self.room_signals.around.set(Some(seq));
            self.submit(|room| Intent::Around { room, seq });
        }
        self.scroll_target.set(Some(ScrollTarget::TimelineItem(seq)));
    }

    /// Scrolls to the first unread message, unless another position is requested.
    pub(crate) fn scroll_to_divider(self) {
        self.room_signals.is_catching_up.set(true);
        if self.scroll_target.with_untracked(Option::is_none) {
            self.scroll_target.set(Some(ScrollTarget::Divider));
        }
    }

    pub(crate) fn scroll_to_end(self) {
        if self.room_signals.after.get_untracked() != NewerMessages::Nothing {
            self.submit(|room| Intent::ToEnd { room });
        }
        self.scroll_target.set(Some(ScrollTarget::End));
    }

    /// Handles an event of the timeline.
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
                // The loaded page does not contain the position.
                if self.scroll_target.get_untracked() == Some(ScrollTarget::TimelineItem(seq))
                    && self.item_at(seq).is_none()
                {
                    toast::show(self.chat, self.room.get_value(), Refusal::not_found(Field::Around));
                    self.scroll_to_end();
                }
            }
        }
    }

    /// Returns the URL of a message.
    pub(crate) fn path_to(self, seq: Seq) -> String {
        self.room.with_value(|room| message_path(room, self.chat.acting_as, seq))
    }

    /// Updates the suggestions for the text before the cursor.
    pub(crate) fn update_completion(self, completion: Completion, text: &str, cursor: u32) {
        let people: Vec<User> = self
            .room_signals
            .people
            .with_untracked(|people| people.listed.iter().map(|it| it.user.clone()).collect());
        let rooms = self.chat.rooms.keys.get_untracked();
        completion.update_completion(text.to_owned(), cursor, people, rooms);
    }

    /// Returns the name whose mentions are highlighted, and the user for whom links are written.
    pub(crate) fn viewer(self) -> (Option<UserName>, Option<UserId>) {
        let name = self.chat.me.with_untracked(|me| me.as_ref().map(|me| me.name.clone()));
        (name, self.chat.acting_as)
    }

    /// Returns the current user.
    pub(crate) fn me(self) -> Option<UserId> {
        self.room_signals.people.with_untracked(|people| people.me)
    }

    pub(crate) fn item(self, key: RowKey) -> Option<Arc<TimelineItem>> {
        self.room_signals.items.value(&key).map(|item| item.get_untracked())
    }

    pub(crate) fn item_at(self, seq: Seq) -> Option<Arc<TimelineItem>> {
        self.find(|item| item.seq() == Some(seq))
    }

    fn item_of_message(self, id: MessageId) -> Option<Arc<TimelineItem>> {
        self.find(|item| item.message().is_some_and(|message| message.id == id))
    }

    fn find(self, is_it: impl Fn(&TimelineItem) -> bool) -> Option<Arc<TimelineItem>> {
        self.room_signals.shown(|items| items.iter().find(|item| is_it(item)).cloned())
    }

    /// Returns where chosen files go.
    pub(crate) const fn file_target(self) -> FileTarget {
        FileTarget { composer: self.composer, field: self.field, strings: self.strings }
    }

    /// Cancels or repeats the upload of a file of an unsent message.
    pub(crate) fn on_upload(self, upload_id: ClientId, event: UploadEvent) {
        self.handle.submit(Intent::Upload { upload_id, event });
    }

    fn submit(self, intent: impl FnOnce(RoomName) -> Intent) {
        if let Some(room) = self.room.try_get_value() {
            self.handle.submit(intent(room));
        }
    }
}
