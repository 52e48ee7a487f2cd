//! What can be done with a message.

use crate::i18n::Strings;
use crate::state::timeline_item::TimelineItem;

/// Something that can be done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageAction {
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

impl MessageAction {
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
    pub(crate) fn is_for(self, item: &TimelineItem) -> bool {
        let Some(message_item) = item.message_item() else { return false };
        let Some(message) = message_item.message() else { return false };
        match self {
            Self::CopyLink | Self::MarkUnread | Self::More => true,
            Self::React | Self::Reply | Self::CopyText => message.text.is_some(),
            Self::Edit | Self::Delete => message.text.is_some() && message_item.own,
        }
    }

    /// What it is called.
    pub(crate) const fn label(self, strings: &Strings) -> &'static str {
        match self {
            Self::React => strings.conversation.react,
            Self::Reply => strings.conversation.reply,
            Self::Edit => strings.conversation.edit,
            Self::CopyText => strings.conversation.copy_text,
            Self::CopyLink => strings.conversation.copy_link,
            Self::MarkUnread => strings.conversation.mark_unread,
            Self::Delete => strings.conversation.delete,
            Self::More => strings.conversation.more,
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
