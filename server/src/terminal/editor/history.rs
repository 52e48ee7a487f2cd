//! The texts that the user has entered.

use std::collections::VecDeque;

/// Maximum number of texts in the history.
const TEXTS: usize = 500;

/// Texts, oldest first, and the position of the text that is shown.
#[derive(Debug, Default)]
pub(super) struct InputHistory {
    texts: VecDeque<String>,
    /// Number of steps from the draft back to the shown text.
    back: usize,
    /// The text that was in the editor before the history was shown.
    draft: String,
}

impl InputHistory {
    pub(super) fn add(&mut self, text: &str) {
        self.back = 0;
        if text.trim().is_empty() || self.texts.back().is_some_and(|last| last == text) {
            return;
        }
        if self.texts.len() >= TEXTS {
            self.texts.pop_front();
        }
        self.texts.push_back(text.to_owned());
    }

    /// Returns the text before the shown one.
    pub(super) fn earlier(&mut self, shown: &str) -> Option<String> {
        if self.back >= self.texts.len() {
            return None;
        }
        if self.back == 0 {
            shown.clone_into(&mut self.draft);
        }
        self.back += 1;
        self.texts.get(self.texts.len() - self.back).cloned()
    }

    /// Returns the text after the shown one; after the last one, the draft.
    pub(super) fn later(&mut self) -> Option<String> {
        self.back = self.back.checked_sub(1)?;
        match self.back {
            0 => Some(std::mem::take(&mut self.draft)),
            back => self.texts.get(self.texts.len() - back).cloned(),
        }
    }
}
