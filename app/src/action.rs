//! What can be done with a message.

use crate::components::icon::Picture;
use crate::i18n::Words;
use crate::line::Line;

/// Something that can be done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    React,
    Reply,
    Edit,
    CopyText,
    CopyLink,
    MarkUnread,
    Delete,
    /// See all of them, with their names.
    More,
}

impl Action {
    /// What stands in the small bar at a message.
    pub(crate) const BAR: [Self; 4] = [Self::React, Self::Reply, Self::Edit, Self::More];
    /// What stands in the menu.
    pub(crate) const MENU: [Self; 7] = [
        Self::React,
        Self::Reply,
        Self::Edit,
        Self::CopyText,
        Self::CopyLink,
        Self::MarkUnread,
        Self::Delete,
    ];

    /// Whether it can be done with this line: only with a stored message, only one's own is changed, and what
    /// is deleted has nothing left to answer.
    pub(crate) fn is_for(self, line: &Line) -> bool {
        let Some(said) = line.said() else { return false };
        let Some(message) = said.message() else { return false };
        match self {
            Self::CopyLink | Self::MarkUnread | Self::More => true,
            Self::React | Self::Reply | Self::CopyText => message.text.is_some(),
            Self::Edit | Self::Delete => message.text.is_some() && said.own,
        }
    }

    /// What it is called.
    pub(crate) const fn label(self, words: &Words) -> &'static str {
        match self {
            Self::React => words.talk.react,
            Self::Reply => words.talk.reply,
            Self::Edit => words.talk.edit,
            Self::CopyText => words.talk.copy_text,
            Self::CopyLink => words.talk.copy_link,
            Self::MarkUnread => words.talk.mark_unread,
            Self::Delete => words.talk.delete,
            Self::More => words.talk.more,
        }
    }

    /// How it looks.
    pub(crate) const fn picture(self) -> Picture {
        match self {
            Self::React => Picture::Smile,
            Self::Reply => Picture::Reply,
            Self::Edit => Picture::Edit,
            Self::CopyText => Picture::Copy,
            Self::CopyLink => Picture::Link,
            Self::MarkUnread => Picture::Unread,
            Self::Delete => Picture::Delete,
            Self::More => Picture::More,
        }
    }

    /// The same, in a word for tests.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::React => "react",
            Self::Reply => "reply",
            Self::Edit => "edit",
            Self::CopyText => "copy-text",
            Self::CopyLink => "copy-link",
            Self::MarkUnread => "mark-unread",
            Self::Delete => "delete",
            Self::More => "more",
        }
    }
}
