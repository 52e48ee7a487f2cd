//! Completion of the word before the cursor, as a handle that components share. `components/completion.rs`
//! shows the list; `suggestions.rs`, which is loaded later, finds the candidates.

use hubbub_protocol::{RoomName, User};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::suggestions::{Accepted, Pressed, Sources, Suggestions};
use crate::lazy_part::lazy_part;

/// The suggestions for a field. Copies refer to the same suggestions.
#[derive(Clone, Copy)]
pub(crate) struct Completion {
    pub(crate) suggestions: RwSignal<Suggestions>,
    /// Number of the last request; answers to earlier requests are ignored.
    asked: StoredValue<u32>,
}

impl Completion {
    /// Creates an empty list.
    pub(crate) fn new() -> Self {
        Self { suggestions: RwSignal::default(), asked: StoredValue::default() }
    }

    /// Updates the suggestions for the word before the cursor; `cursor` is in UTF-16 code units.
    pub(crate) fn update_completion(
        self,
        text: String,
        cursor: u32,
        people: Vec<User>,
        rooms: Vec<RoomName>,
    ) {
        let asked = self.ask();
        spawn_local(async move {
            let Some(before) = self.suggestions.try_get_untracked() else { return };
            // If the code does not load, there are no suggestions.
            let Ok(suggestions) = suggest(before, text, cursor, people, rooms).await else { return };
            if self.asked.try_get_value() == Some(asked) {
                self.set_suggestions(suggestions);
            }
        });
    }

    /// Returns the number of a new request, which invalidates earlier ones.
    fn ask(self) -> u32 {
        self.asked
            .try_update_value(|asked| {
                *asked = asked.wrapping_add(1);
                *asked
            })
            .unwrap_or_default()
    }

    /// Passes a key to the list before the field handles it.
    pub(crate) fn press(self, event: &KeyboardEvent) -> Pressed {
        let modified = event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key();
        if modified {
            return Pressed::Ignored;
        }
        let mut suggestions = self.suggestions.get_untracked();
        let pressed = suggestions.press(&event.key());
        if pressed != Pressed::Ignored {
            self.ask();
        }
        self.set_suggestions(suggestions);
        if pressed != Pressed::Ignored {
            event.prevent_default();
            event.stop_propagation();
        }
        pressed
    }

    pub(crate) fn close(self) {
        self.ask();
        self.set_suggestions(Suggestions::default());
    }

    /// Whether suggestions are shown.
    pub(crate) fn is_open(self) -> bool {
        self.suggestions.with(|suggestions| !suggestions.candidates.is_empty())
    }

    /// Returns the index of the selected entry, if suggestions are shown.
    pub(crate) fn chosen(self) -> Option<usize> {
        self.suggestions
            .with(|suggestions| (!suggestions.candidates.is_empty()).then_some(suggestions.chosen))
    }

    /// Accepts the entry at this index.
    pub(crate) fn accept(self, index: usize) -> Option<Accepted> {
        let mut suggestions = self.suggestions.get_untracked();
        self.ask();
        let accepted = suggestions.accept(index);
        self.set_suggestions(suggestions);
        accepted
    }

    /// Notifies subscribers only if the list has changed, because this function runs for every key.
    fn set_suggestions(self, suggestions: Suggestions) {
        let shows = self.suggestions.with_untracked(|before| {
            before.candidates != suggestions.candidates || before.chosen != suggestions.chosen
        });
        if shows {
            self.suggestions.set(suggestions);
        } else {
            self.suggestions.update_untracked(|kept| *kept = suggestions);
        }
    }
}

lazy_part! {
    file completion, preload preload;
    /// Finds the suggestions for the word before the cursor.
    pub(crate) fn suggest(
        before: Suggestions,
        text: String,
        cursor: u32,
        people: Vec<User>,
        rooms: Vec<RoomName>,
    ) -> Suggestions {
        let mut suggestions = before;
        suggestions.update_completion(&text, cursor, &Sources { people: &people, rooms: &rooms });
        suggestions
    }
}
