//! The state of the composer: a new message, a reply or an edit.

use std::sync::Arc;

use hubbub_client::LocalFile;
use hubbub_protocol::{Message, Quote};
use leptos::html::Textarea;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::i18n::Strings;

/// The state of the composer. Copies refer to the same signals.
#[derive(Clone, Copy)]
pub(crate) struct ComposerState {
    /// The text in the field.
    pub(crate) draft: RwSignal<String>,
    pub(crate) mode: RwSignal<ComposerMode>,
    /// The files that will be sent with the text. Their contents are stored.
    pub(crate) files: RwSignal<Vec<LocalFile>>,
    /// Number of operations that are adding files. Until they end, nothing is sent.
    pub(crate) adding: RwSignal<usize>,
    /// Reason why the text was refused.
    pub(crate) problem: RwSignal<Option<String>>,
}

/// Where chosen files go, and what tells the user about them.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "files are chosen in a browser"))]
pub(crate) struct FileTarget {
    pub(crate) composer: ComposerState,
    /// The text field, which gets the focus.
    pub(crate) field: NodeRef<Textarea>,
    pub(crate) strings: &'static Strings,
}

/// What the text in the composer becomes when it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum ComposerMode {
    #[default]
    New,
    Reply(Quote),
    Edit(Box<Editing>),
}

/// A message that is being edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Editing {
    /// The message when the edit began.
    pub(crate) message: Arc<Message>,
    /// The draft that is restored after the edit.
    aside: Draft,
}

/// The stored text and reply of the composer in one room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) text: String,
    /// The message to which the draft replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reply_to: Option<Quote>,
}

impl ComposerState {
    /// Creates the state with a text that is in the field already.
    pub(crate) fn new(draft: String, problem: Option<String>) -> Self {
        Self {
            draft: RwSignal::new(draft),
            mode: RwSignal::default(),
            files: RwSignal::default(),
            adding: RwSignal::new(0),
            problem: RwSignal::new(problem),
        }
    }

    /// Makes the text a reply to this message.
    pub(crate) fn answer(self, quote: Quote) {
        self.stop_editing();
        self.mode.set(ComposerMode::Reply(quote));
    }

    /// Starts editing a message and sets the draft aside.
    pub(crate) fn edit(self, message: Arc<Message>) {
        self.stop_editing();
        let aside = self.current_draft_untracked();
        let text = message.text.as_ref().map(ToString::to_string).unwrap_or_default();
        self.mode.set(ComposerMode::Edit(Box::new(Editing { message, aside })));
        self.problem.set(None);
        self.draft.set(text);
    }

    /// Ends a reply or an edit. The text of a reply stays; that of an edit is discarded.
    pub(crate) fn stop(self) {
        if !self.stop_editing() && self.mode.with_untracked(|mode| *mode != ComposerMode::New) {
            self.mode.set(ComposerMode::New);
        }
    }

    /// Clears the composer after the client has accepted the text.
    pub(crate) fn clear(self) {
        if !self.stop_editing() {
            self.set_draft(Draft::default());
        }
        self.problem.set(None);
    }

    /// Returns the draft to store.
    #[cfg(any(feature = "browser", test))]
    pub(crate) fn current_draft(self) -> Draft {
        self.mode.track();
        self.draft.track();
        self.current_draft_untracked()
    }

    /// Replaces the text and mode by a draft.
    pub(crate) fn set_draft(self, draft: Draft) {
        self.mode.set(draft.reply_to.map_or(ComposerMode::New, ComposerMode::Reply));
        self.draft.set(draft.text);
    }

    fn current_draft_untracked(self) -> Draft {
        let text = || self.draft.get_untracked();
        self.mode.with_untracked(|mode| match mode {
            ComposerMode::New => Draft { text: text(), reply_to: None },
            ComposerMode::Reply(quote) => Draft { text: text(), reply_to: Some(quote.clone()) },
            ComposerMode::Edit(editing) => editing.aside.clone(),
        })
    }

    /// Ends the edit. Returns whether a message was being edited.
    fn stop_editing(self) -> bool {
        let editing = self.mode.with_untracked(|mode| matches!(mode, ComposerMode::Edit(_)));
        if editing {
            self.set_draft(self.current_draft_untracked());
            self.problem.set(None);
        }
        editing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::timeline_item::testing::message;

    #[test]
    fn draft_is_restored_after_an_edit() {
        Owner::new().with(|| {
            let composer = ComposerState::new("half a tho".to_owned(), None);
            let quote = message(3).quote();
            composer.answer(quote.clone());
            composer.edit(Arc::new(message(4)));
            assert_eq!(composer.draft.get_untracked(), "hi");
            let kept = Draft { text: "half a tho".to_owned(), reply_to: Some(quote) };
            assert_eq!(composer.current_draft(), kept, "what is kept is the draft, not the edit");
            composer.draft.set("hello".to_owned());
            composer.edit(Arc::new(message(5)));
            assert_eq!(composer.current_draft(), kept, "also when one goes from one to the next");
            composer.clear();
            assert_eq!(composer.current_draft(), kept);
            assert_eq!(composer.draft.get_untracked(), "half a tho");
            composer.stop();
            assert_eq!(composer.current_draft(), Draft { reply_to: None, ..kept });
            composer.clear();
            assert_eq!(composer.current_draft(), Draft::default());
        });
    }
}
