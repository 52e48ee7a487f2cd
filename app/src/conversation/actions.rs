//! Actions of the user: send, reply, edit, delete, react, copy.

use hubbub_client::{Intent, RowKey};
use hubbub_protocol::{Code, Emoji, MessageText};
use leptos::prelude::*;

use super::{ConversationController, Popover, PopoverKind, RowMode};
use crate::browser::{clipboard, clock, field, random, recent_emoji, roving_focus, scroll, tab};
use crate::route::message_path;
use crate::state::composer_state::ComposerMode;
use crate::state::message_action::MessageAction;
use crate::state::timeline_item::TimelineItem;

impl ConversationController {
    /// Sends the text in the composer as a message, reply or edit, according to its mode.
    pub(crate) fn send(self) {
        let mode = self.composer.mode.get_untracked();
        // A message with attachments may have no text.
        let has_files = match &mode {
            ComposerMode::Edit(editing) => !editing.message.files.is_empty(),
            ComposerMode::New | ComposerMode::Reply(_) => !self.composer.files.with_untracked(Vec::is_empty),
        };
        let parse = if has_files { MessageText::parse_caption } else { MessageText::parse };
        let text = self.composer.draft.with_untracked(|draft| parse(draft.trim_end()));
        let problem = match (text, mode) {
            (Ok(text), ComposerMode::Edit(editing)) if editing.message.text.as_ref() != Some(&text) => {
                let (message_id, at) = (editing.message.id, clock::now());
                if self.room.with_value(|room| self.handle.can_edit(room, message_id, &text)) {
                    self.submit(|room| Intent::Edit { room, message_id, text, at });
                    None
                } else {
                    Some(self.strings.outbox_full.to_owned())
                }
            }
            (Ok(_), ComposerMode::Edit(_)) => None,
            (_, ComposerMode::New | ComposerMode::Reply(_)) if self.composer.adding.get_untracked() > 0 => {
                Some(self.strings.files.adding.to_owned())
            }
            (Ok(_), _) if !self.handle.can_post() => Some(self.strings.outbox_full.to_owned()),
            (Ok(text), mode) => {
                let reply_to = if let ComposerMode::Reply(quote) = mode { Some(quote) } else { None };
                let (client_id, at) = (random::client_id(), clock::now());
                let files = self.composer.files.try_update(std::mem::take).unwrap_or_default();
                self.submit(|room| Intent::Post { room, client_id, text, at, reply_to, files });
                self.scroll_to_end();
                None
            }
            // An edit to an empty text asks whether to delete the message.
            (Err(refusal), ComposerMode::Edit(editing)) if refusal.code == Code::Empty => {
                if let Some(item) = self.item_of_message(editing.message.id) {
                    self.ask_to_delete(item.key);
                    self.scroll_to(editing.message.seq);
                }
                None
            }
            // An empty message is not sent and reports no error.
            (Err(refusal), _) if refusal.code == Code::Empty => return field::focus(self.field),
            (Err(refusal), _) => Some(self.strings.refusal(&refusal)),
        };
        if problem.is_none() {
            self.composer.clear();
            self.submit(|room| Intent::Typing { room, on: false });
        } else {
            self.composer.problem.set(problem);
        }
        field::focus(self.field);
    }

    /// Handles input in the composer.
    pub(crate) fn write(self, text: String) {
        let on = !text.trim().is_empty();
        self.composer.draft.set(text);
        self.composer.problem.set(None);
        // No typing notice is sent for an edit.
        if self.composer.mode.with_untracked(|mode| !matches!(mode, ComposerMode::Edit(_))) {
            self.submit(|room| Intent::Typing { room, on });
        }
    }

    /// Edits the user's last message that can be edited, if it is in view.
    pub(crate) fn edit_last(self) {
        let last = self.room_signals.shown(|items| {
            items.iter().rev().find(|item| is_mine(item) && MessageAction::Edit.is_for(item)).cloned()
        });
        if let Some(last) = last
            && last.seq().is_some_and(scroll::is_in_view)
        {
            self.perform(MessageAction::Edit, last.key);
        }
    }

    /// Cancels the reply or edit.
    pub(crate) fn stop(self) {
        self.composer.stop();
        field::focus(self.field);
    }

    /// Performs an action on a message.
    pub(crate) fn perform(self, action: MessageAction, key: RowKey) {
        let Some(item) = self.item(key).filter(|item| action.is_for(item)) else { return };
        let Some(message) = item.message().cloned() else { return };
        self.popover.set(None);
        let seq = message.seq;
        match action {
            MessageAction::React => {
                self.popover.set(Some(Popover { key, kind: PopoverKind::Emoji }));
                // Focuses a button, not the scroll container around the buttons, which the browser would
                // focus.
                roving_focus::focus_soon(".over .emoji-button");
            }
            MessageAction::More => self.popover.set(Some(Popover { key, kind: PopoverKind::Menu })),
            MessageAction::Reply => {
                self.composer.answer(message.quote());
                self.focus_field();
            }
            MessageAction::Edit => {
                self.composer.edit(message);
                self.focus_field();
            }
            MessageAction::Delete => self.ask_to_delete(key),
            MessageAction::CopyText => {
                if let Some(text) = &message.text {
                    clipboard::copy(text.as_str());
                }
            }
            MessageAction::CopyLink => {
                let path = self.room.with_value(|room| message_path(room, None, seq));
                clipboard::copy(&(tab::origin() + &path));
            }
            MessageAction::MarkUnread => self.submit(|room| Intent::MarkUnread { room, seq }),
        }
    }

    /// Shows the earlier versions of a message.
    pub(crate) fn show_edits(self, key: RowKey) {
        if let Some(message_id) = self.item(key).and_then(|item| item.message().map(|message| message.id)) {
            self.submit(|room| Intent::Edits { room, message_id });
            self.popover.set(Some(Popover { key, kind: PopoverKind::Edits(message_id) }));
        }
    }

    /// Adds or removes the user's reaction.
    pub(crate) fn react(self, key: RowKey, emoji: Emoji) {
        let Some(item) = self.item(key) else { return };
        let Some(message) = item.message() else { return };
        let me = self.me();
        let reaction = message.reactions.iter().find(|reaction| reaction.emoji == emoji);
        let on = reaction.is_none_or(|reaction| reaction.users.iter().all(|user| Some(user.id) != me));
        let message_id = message.id;
        self.submit(|room| Intent::React { room, message_id, emoji, on });
    }

    /// Handles the selection of an emoji for a message.
    pub(crate) fn pick_emoji(self, key: RowKey, emoji: &str) {
        self.popover.set(None);
        if let Ok(emoji) = Emoji::parse(emoji) {
            recent_emoji::record(emoji.as_str());
            self.react(key, emoji);
        }
    }

    /// Shows the confirmation of a deletion.
    fn ask_to_delete(self, key: RowKey) {
        self.set_active(None);
        self.row_modes.set(key, RowMode::ConfirmDelete);
        roving_focus::focus_soon("[data-asking] button");
    }

    /// Handles the answer to the confirmation.
    pub(crate) fn delete(self, key: RowKey, really: bool) {
        self.row_modes.set(key, RowMode::Plain);
        let item = self.item(key).filter(|_| really);
        if let Some(message_id) = item.and_then(|item| item.message().map(|message| message.id)) {
            self.submit(|room| Intent::Delete { room, message_id });
        }
        field::focus(self.field);
    }

    /// Sends a refused message again.
    pub(crate) fn retry(self, key: RowKey) {
        if let RowKey::Mine(client_id) = key {
            let fresh = random::client_id();
            self.handle.submit(Intent::Retry { client_id, fresh });
        }
    }

    /// Discards a refused message.
    pub(crate) fn cancel(self, key: RowKey) {
        if let RowKey::Mine(client_id) = key {
            self.handle.submit(Intent::Cancel { client_id });
        }
    }

    /// Focuses the composer, and once more in the next frame, because a closing dialog restores the earlier
    /// focus.
    fn focus_field(self) {
        field::focus(self.field);
        roving_focus::focus_soon("#composer");
    }
}

fn is_mine(item: &TimelineItem) -> bool {
    item.message_item().is_some_and(|message_item| message_item.own)
}
