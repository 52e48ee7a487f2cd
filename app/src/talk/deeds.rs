//! What one does: send, answer, edit, delete, react, copy.

use hubbub_client::{Intent, RowKey};
use hubbub_protocol::{Code, Emoji, MessageText};
use leptos::prelude::*;

use super::{Face, Float, Over, Talk};
use crate::action::Action;
use crate::browser::{chat_task, clipboard, clock, emoji_keeper, field, random, rove, scroll, tab};
use crate::line::Line;
use crate::snapshot::line_path;
use crate::writing::Purpose;

impl Talk {
    /// Sends what is written, as what it was meant to be.
    pub(crate) fn send(self) {
        let text = MessageText::parse(
            self.writing.draft.with_untracked(|draft| draft.trim_end().to_owned()).as_str(),
        );
        let purpose = self.writing.purpose.get_untracked();
        let problem = match (text, purpose) {
            (Ok(text), Purpose::Edit(editing)) if editing.message.text.as_ref() != Some(&text) => {
                let (message_id, at) = (editing.message.id, clock::now());
                if self.room.with_value(|room| chat_task::can_edit(room, message_id, &text)) {
                    self.submit(|room| Intent::Edit { room, message_id, text, at });
                    None
                } else {
                    Some(self.words.outbox_full.to_owned())
                }
            }
            (Ok(_), Purpose::Edit(_)) => None,
            (Ok(_), _) if !chat_task::can_post() => Some(self.words.outbox_full.to_owned()),
            (Ok(text), purpose) => {
                let reply_to = if let Purpose::Answer(quote) = purpose { Some(quote) } else { None };
                let (client_id, at) = (random::client_id(), clock::now());
                self.submit(|room| Intent::Post { room, client_id, text, at, reply_to });
                self.to_end();
                None
            }
            // A message without a text is one that is not there.
            (Err(refusal), Purpose::Edit(editing)) if refusal.code == Code::Empty => {
                if let Some(line) = self.line_of(editing.message.id) {
                    self.ask_to_delete(line.key);
                    self.jump(editing.message.seq);
                }
                None
            }
            // Nothing to send is nothing to complain about.
            (Err(refusal), _) if refusal.code == Code::Empty => return field::focus(self.field),
            (Err(refusal), _) => Some(self.words.refusal(&refusal)),
        };
        if problem.is_none() {
            self.writing.clear();
            self.submit(|room| Intent::Typing { room, on: false });
        } else {
            self.writing.problem.set(problem);
        }
        field::focus(self.field);
    }

    /// Something was written.
    pub(crate) fn write(self, text: String) {
        let on = !text.trim().is_empty();
        self.writing.draft.set(text);
        self.writing.problem.set(None);
        // Nobody waits for an old message in other words.
        if self.writing.purpose.with_untracked(|purpose| !matches!(purpose, Purpose::Edit(_))) {
            self.submit(|room| Intent::Typing { room, on });
        }
    }

    /// Begins to edit the last message of mine that can be, if it is in view.
    pub(crate) fn edit_last(self) {
        let last = self.picture.shown(|lines| {
            lines.iter().rev().find(|line| is_mine(line) && Action::Edit.is_for(line)).cloned()
        });
        if let Some(last) = last
            && last.seq().is_some_and(scroll::is_in_view)
        {
            self.act(Action::Edit, last.key);
        }
    }

    /// Not what I was about to do.
    pub(crate) fn stop(self) {
        self.writing.stop();
        field::focus(self.field);
    }

    /// Does something with a message.
    pub(crate) fn act(self, action: Action, key: RowKey) {
        let Some(line) = self.line(key).filter(|line| action.is_for(line)) else { return };
        let Some(message) = line.message().cloned() else { return };
        self.float.set(None);
        let seq = message.seq;
        match action {
            Action::React => {
                self.float.set(Some(Float { key, what: Over::Emoji }));
                // Not on what scrolls around them, where the browser would put it.
                rove::focus_soon(".over .emoji-button");
            }
            Action::More => self.float.set(Some(Float { key, what: Over::Menu })),
            Action::Reply => {
                self.writing.answer(message.quote());
                self.focus_field();
            }
            Action::Edit => {
                self.writing.edit(message);
                self.focus_field();
            }
            Action::Delete => self.ask_to_delete(key),
            Action::CopyText => {
                if let Some(text) = &message.text {
                    clipboard::copy(text.as_str());
                }
            }
            Action::CopyLink => {
                let path = self.room.with_value(|room| line_path(room, None, seq));
                clipboard::copy(&(tab::origin() + &path));
            }
            Action::MarkUnread => self.submit(|room| Intent::MarkUnread { room, seq }),
        }
    }

    /// Shows what a message said before.
    pub(crate) fn show_edits(self, key: RowKey) {
        if let Some(message_id) = self.line(key).and_then(|line| line.message().map(|message| message.id)) {
            self.submit(|room| Intent::Edits { room, message_id });
            self.float.set(Some(Float { key, what: Over::Edits(message_id) }));
        }
    }

    /// Puts an emoji of mine to a message, or takes it away.
    pub(crate) fn react(self, key: RowKey, emoji: Emoji) {
        let Some(line) = self.line(key) else { return };
        let Some(message) = line.message() else { return };
        let me = self.me();
        let reaction = message.reactions.iter().find(|reaction| reaction.emoji == emoji);
        let on = reaction.is_none_or(|reaction| reaction.users.iter().all(|user| Some(user.id) != me));
        let message_id = message.id;
        self.submit(|room| Intent::React { room, message_id, emoji, on });
    }

    /// An emoji was picked for a message.
    pub(crate) fn pick(self, key: RowKey, emoji: &str) {
        self.float.set(None);
        if let Ok(emoji) = Emoji::parse(emoji) {
            emoji_keeper::note(emoji.as_str());
            self.react(key, emoji);
        }
    }

    /// Asks at the message whether it is to be deleted.
    fn ask_to_delete(self, key: RowKey) {
        self.point_at(None);
        self.faces.set(key, Face::Asking);
        rove::focus_soon("[data-asking] button");
    }

    /// The answer.
    pub(crate) fn delete(self, key: RowKey, really: bool) {
        self.faces.set(key, Face::Plain);
        let line = self.line(key).filter(|_| really);
        if let Some(message_id) = line.and_then(|line| line.message().map(|message| message.id)) {
            self.submit(|room| Intent::Delete { room, message_id });
        }
        field::focus(self.field);
    }

    /// Sends a message again that was refused.
    pub(crate) fn retry(self, key: RowKey) {
        if let RowKey::Mine(client_id) = key {
            let fresh = random::client_id();
            chat_task::submit(Intent::Retry { client_id, fresh });
        }
    }

    /// Gives up a message that was refused.
    pub(crate) fn cancel(self, key: RowKey) {
        if let RowKey::Mine(client_id) = key {
            chat_task::submit(Intent::Cancel { client_id });
        }
    }

    /// Puts the focus where one writes. A dialog that closes at this moment gives it back to where it was, so it
    /// is put there once more.
    fn focus_field(self) {
        field::focus(self.field);
        rove::focus_soon("#composer");
    }
}

fn is_mine(line: &Line) -> bool {
    line.said().is_some_and(|said| said.own)
}
