//! What one does in a room: write, answer, edit, react, look for a line. It holds what only the view knows;
//! what is true stays with the client, and what is wished goes there.

mod deeds;

use std::sync::Arc;

use hubbub_client::{Intent, RowKey};
#[cfg(feature = "browser")]
use hubbub_protocol::{Field, Refusal};
use hubbub_protocol::{MessageId, RoomName, Seq, User, UserId, UserName};
use leptos::html::Textarea;
use leptos::prelude::*;

use crate::action::Action;
use crate::browser::chat_task;
#[cfg(feature = "browser")]
use crate::chat::Before;
use crate::chat::{After, Chat, RoomPicture, Sparse};
use crate::components::completion::Completion;
use crate::i18n::Words;
use crate::line::Line;
use crate::snapshot::line_path;
use crate::writing::Writing;

/// The conversation in one room. A handle: copies are about the same.
#[derive(Clone, Copy)]
pub(crate) struct Talk {
    room: StoredValue<RoomName>,
    chat: Chat,
    /// What is shown of it.
    pub(crate) picture: RoomPicture,
    /// What is being written.
    pub(crate) writing: Writing,
    /// Where it is written.
    pub(crate) field: NodeRef<Textarea>,
    /// What is open at a line.
    pub(crate) faces: Sparse<RowKey, Face>,
    /// What lies over the page.
    pub(crate) float: RwSignal<Option<Float>>,
    /// What is to come into view as soon as it is there.
    pub(crate) wanted: RwSignal<Option<Wanted>>,
    active: StoredValue<Option<RowKey>>,
    words: &'static Words,
}

/// What is open at a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Face {
    /// Nothing.
    #[default]
    Plain,
    /// The buttons of what can be done with it.
    Tools,
    /// Whether it is really to be deleted.
    Asking,
}

/// What lies over the page, and which message it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Float {
    /// The message.
    pub(crate) key: RowKey,
    /// What is shown.
    pub(crate) what: Over,
}

/// What can lie over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// Everything that can be done with the message.
    Menu,
    /// Emoji to choose from.
    Emoji,
    /// What the message said before.
    Edits(MessageId),
}

/// What is to come into view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The line at this position.
    Line(Seq),
    /// The line before the first unread message.
    Divider,
    /// The end of the room.
    End,
}

impl Talk {
    /// The conversation in a room that is shown by `picture`.
    pub(crate) fn new(
        room: RoomName,
        chat: Chat,
        picture: RoomPicture,
        writing: Writing,
        words: &'static Words,
    ) -> Self {
        Self {
            room: StoredValue::new(room),
            chat,
            picture,
            writing,
            field: NodeRef::new(),
            faces: Sparse::default(),
            float: RwSignal::new(None),
            wanted: RwSignal::new(None),
            active: StoredValue::new(None),
            words,
        }
    }

    /// The message at this position is the one that is pointed at; its buttons are shown.
    pub(crate) fn point_at(self, seq: Option<Seq>) {
        // What lies over the page is about the message that was pointed at.
        if self.float.with_untracked(Option::is_some) {
            return;
        }
        let line = seq.and_then(|seq| self.line_at(seq)).filter(|line| Action::CopyLink.is_for(line));
        let key = line.map(|line| line.key);
        let before = self.active.get_value();
        if before == key {
            return;
        }
        self.active.set_value(key);
        let faces = self.faces;
        if let Some(before) = before.filter(|before| faces.of(before).get_untracked() == Face::Tools) {
            faces.set(before, Face::Plain);
        }
        if let Some(key) = key.filter(|key| faces.of(key).get_untracked() == Face::Plain) {
            faces.set(key, Face::Tools);
        }
    }

    /// Brings a line into view, wherever in the room it is.
    pub(crate) fn jump(self, seq: Seq) {
        if self.line_at(seq).is_none() {
            // At once: the answer may come before the question is shown.
            self.picture.around.set(Some(seq));
            self.submit(|room| Intent::Around { room, seq });
        }
        self.wanted.set(Some(Wanted::Line(seq)));
    }

    /// Brings the first unread message into view, unless another place is wanted.
    pub(crate) fn to_divider(self) {
        if self.wanted.with_untracked(Option::is_none) {
            self.wanted.set(Some(Wanted::Divider));
        }
    }

    /// What is around this position has come. Says so if no line is there, and shows the end instead.
    #[cfg(feature = "browser")]
    pub(crate) fn look_for(self, seq: Seq) {
        if self.wanted.get_untracked() == Some(Wanted::Line(seq)) && self.line_at(seq).is_none() {
            self.chat.show_toast(self.room.get_value(), Refusal::not_found(Field::Around));
            self.to_end();
        }
    }

    /// Brings the end of the room into view.
    pub(crate) fn to_end(self) {
        if self.picture.after.get_untracked() != After::Nothing {
            self.submit(|room| Intent::ToEnd { room });
        }
        self.wanted.set(Some(Wanted::End));
    }

    /// The reader comes near the first line, or near the last.
    #[cfg(feature = "browser")]
    pub(crate) fn look_ahead(self, older: bool) {
        if older && self.picture.before.get_untracked() == Before::Messages {
            self.submit(|room| Intent::Older { room });
        }
        if !older && self.picture.after.get_untracked() == After::Messages {
            self.submit(|room| Intent::Newer { room });
        }
    }

    /// The reader comes to the end, or leaves it.
    #[cfg(feature = "browser")]
    pub(crate) fn come_to_end(self, at_end: bool) {
        self.picture.at_end.set(at_end);
        self.submit(|room| Intent::AtEnd { room, at_end });
    }

    /// The reader has seen the lines up to this position.
    #[cfg(feature = "browser")]
    pub(crate) fn saw(self, seq: Seq) {
        self.submit(|room| Intent::Seen { room, seq });
    }

    /// Where a line lives.
    pub(crate) fn path_to(self, seq: Seq) -> String {
        self.room.with_value(|room| line_path(room, self.chat.acting_as, seq))
    }

    /// What can be completed while one writes here.
    pub(crate) fn look(self, completion: Completion, text: &str, cursor: u32) {
        let people: Vec<User> = self
            .picture
            .people
            .with_untracked(|people| people.listed.iter().map(|it| it.user.clone()).collect());
        let rooms = self.chat.rooms.keys.get_untracked();
        completion.look(text.to_owned(), cursor, people, rooms);
    }

    /// The text of a message is shown to this name, and its links lead this user.
    pub(crate) fn reader(self) -> (Option<UserName>, Option<UserId>) {
        let name = self.chat.me.with_untracked(|me| me.as_ref().map(|me| me.name.clone()));
        (name, self.chat.acting_as)
    }

    /// Who I am.
    pub(crate) fn me(self) -> Option<UserId> {
        self.picture.people.with_untracked(|people| people.me)
    }

    /// The line of a key.
    pub(crate) fn line(self, key: RowKey) -> Option<Arc<Line>> {
        self.picture.lines.value(&key).map(|line| line.get_untracked())
    }

    /// The message at a position.
    pub(crate) fn line_at(self, seq: Seq) -> Option<Arc<Line>> {
        self.find(|line| line.seq() == Some(seq))
    }

    fn line_of(self, id: MessageId) -> Option<Arc<Line>> {
        self.find(|line| line.message().is_some_and(|message| message.id == id))
    }

    fn find(self, is_it: impl Fn(&Line) -> bool) -> Option<Arc<Line>> {
        self.picture.shown(|lines| lines.iter().find(|line| is_it(line)).cloned())
    }

    fn submit(self, intent: impl FnOnce(RoomName) -> Intent) {
        if let Some(room) = self.room.try_get_value() {
            chat_task::submit(intent(room));
        }
    }
}
