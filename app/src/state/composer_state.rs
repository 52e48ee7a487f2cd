//! What is being written: something new, an answer, or an old message in other words.

use std::sync::Arc;

use hubbub_protocol::{Message, Quote};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the composer holds. A handle: copies are about the same.
#[derive(Clone, Copy)]
pub(crate) struct ComposerState {
    /// The text in the field.
    pub(crate) draft: RwSignal<String>,
    /// What it will be.
    pub(crate) mode: RwSignal<ComposerMode>,
    /// Why it was not taken.
    pub(crate) problem: RwSignal<Option<String>>,
}

/// What a text will be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum ComposerMode {
    /// A message.
    #[default]
    New,
    /// A message that answers another one.
    Reply(Quote),
    /// What an old message says from then on.
    Edit(Box<Editing>),
}

/// A message that is being edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Editing {
    /// As it was when one began.
    pub(crate) message: Arc<Message>,
    /// What was being written before, and waits.
    aside: Draft,
}

/// What is kept of a room while one is elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// The text.
    pub(crate) text: String,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reply_to: Option<Quote>,
}

impl ComposerState {
    /// With a text that stands in the field already.
    pub(crate) fn new(draft: String, problem: Option<String>) -> Self {
        Self { draft: RwSignal::new(draft), mode: RwSignal::default(), problem: RwSignal::new(problem) }
    }

    /// The text will be an answer to this.
    pub(crate) fn answer(self, quote: Quote) {
        self.stop_editing();
        self.mode.set(ComposerMode::Reply(quote));
    }

    /// Begins to edit a message; what was being written waits.
    pub(crate) fn edit(self, message: Arc<Message>) {
        self.stop_editing();
        let aside = self.kept_untracked();
        let text = message.text.as_ref().map(ToString::to_string).unwrap_or_default();
        self.mode.set(ComposerMode::Edit(Box::new(Editing { message, aside })));
        self.problem.set(None);
        self.draft.set(text);
    }

    /// Back to a message that is nothing but itself; the text of an answer stays, that of an edit is let go.
    pub(crate) fn stop(self) {
        if !self.stop_editing() && self.mode.with_untracked(|mode| *mode != ComposerMode::New) {
            self.mode.set(ComposerMode::New);
        }
    }

    /// What was written has been taken.
    pub(crate) fn clear(self) {
        if !self.stop_editing() {
            self.put(Draft::default());
        }
        self.problem.set(None);
    }

    /// What is to be kept of it.
    #[cfg(any(feature = "browser", test))]
    pub(crate) fn kept(self) -> Draft {
        self.mode.track();
        self.draft.track();
        self.kept_untracked()
    }

    /// Puts a text into the field.
    pub(crate) fn put(self, draft: Draft) {
        self.mode.set(draft.reply_to.map_or(ComposerMode::New, ComposerMode::Reply));
        self.draft.set(draft.text);
    }

    fn kept_untracked(self) -> Draft {
        let text = || self.draft.get_untracked();
        self.mode.with_untracked(|mode| match mode {
            ComposerMode::New => Draft { text: text(), reply_to: None },
            ComposerMode::Reply(quote) => Draft { text: text(), reply_to: Some(quote.clone()) },
            ComposerMode::Edit(editing) => editing.aside.clone(),
        })
    }

    /// Whether a message was being edited.
    fn stop_editing(self) -> bool {
        let editing = self.mode.with_untracked(|mode| matches!(mode, ComposerMode::Edit(_)));
        if editing {
            self.put(self.kept_untracked());
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
    fn a_draft_waits_while_a_message_is_edited() {
        Owner::new().with(|| {
            let composer = ComposerState::new("half a tho".to_owned(), None);
            let quote = message(3).quote();
            composer.answer(quote.clone());
            composer.edit(Arc::new(message(4)));
            assert_eq!(composer.draft.get_untracked(), "hi");
            let kept = Draft { text: "half a tho".to_owned(), reply_to: Some(quote) };
            assert_eq!(composer.kept(), kept, "what is kept is the draft, not the edit");
            composer.draft.set("hello".to_owned());
            composer.edit(Arc::new(message(5)));
            assert_eq!(composer.kept(), kept, "also when one goes from one to the next");
            composer.clear();
            assert_eq!(composer.kept(), kept);
            assert_eq!(composer.draft.get_untracked(), "half a tho");
            composer.stop();
            assert_eq!(composer.kept(), Draft { reply_to: None, ..kept });
            composer.clear();
            assert_eq!(composer.kept(), Draft::default());
        });
    }
}
