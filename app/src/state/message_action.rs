//! Actions on a message.

use crate::i18n::Strings;
use crate::state::timeline_item::TimelineItem;

/// An action on a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageAction {
    React,
    Reply,
    Edit,
    CopyText,
    CopyLink,
    MarkUnread,
    Delete,
    /// Opens the menu with all actions.
    More,
}

impl MessageAction {
    /// Actions of the toolbar.
    pub(crate) const BAR: [Self; 4] = [Self::React, Self::Reply, Self::Edit, Self::More];
    /// Actions of the menu.
    pub(crate) const MENU: [Self; 7] = [
        Self::React,
        Self::Reply,
        Self::Edit,
        Self::CopyText,
        Self::CopyLink,
        Self::MarkUnread,
        Self::Delete,
    ];

    /// Whether the action is possible: only for a stored message, changes only for the user's own messages,
    /// and not for deleted ones.
    pub(crate) fn is_for(self, item: &TimelineItem) -> bool {
        let Some(message_item) = item.message_item() else { return false };
        let Some(message) = message_item.message() else { return false };
        match self {
            Self::CopyLink | Self::MarkUnread | Self::More => true,
            Self::React | Self::Reply => message.text.is_some(),
            Self::CopyText => message.text.as_ref().is_some_and(|text| !text.is_empty()),
            Self::Edit | Self::Delete => message.text.is_some() && message_item.own,
        }
    }

    /// Returns the label of the action.
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

    /// Returns the name of the action for tests.
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
