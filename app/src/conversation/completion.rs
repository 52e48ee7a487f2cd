//! The completion of the word that is being written, as a handle that components share. The list itself is
//! `components/completion.rs`; what is offered is decided in `suggestions.rs`, which is loaded later.

use hubbub_protocol::{RoomName, User};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::suggestions::{Accepted, Pressed, Sources, Suggestions};
use crate::lazy_part::lazy_part;

/// The list of a field. Copies are the same list.
#[derive(Clone, Copy)]
pub(crate) struct Completion {
    pub(crate) suggestions: RwSignal<Suggestions>,
    /// How often something was asked for: an answer to an older question is of no use.
    asked: StoredValue<u32>,
}

impl Completion {
    /// A list that offers nothing yet.
    pub(crate) fn new() -> Self {
        Self { suggestions: RwSignal::default(), asked: StoredValue::default() }
    }

    /// Looks what can be completed at the cursor, which is in UTF-16 code units.
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
            // Where it does not load, one writes on without.
            let Ok(suggestions) = suggest(before, text, cursor, people, rooms).await else { return };
            if self.asked.try_get_value() == Some(asked) {
                self.keep(suggestions);
            }
        });
    }

    /// From now on only the answer to this question counts.
    fn ask(self) -> u32 {
        self.asked
            .try_update_value(|asked| {
                *asked = asked.wrapping_add(1);
                *asked
            })
            .unwrap_or_default()
    }

    /// Lets the list have the key first.
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
        self.keep(suggestions);
        if pressed != Pressed::Ignored {
            event.prevent_default();
            event.stop_propagation();
        }
        pressed
    }

    /// Offers nothing any more.
    pub(crate) fn close(self) {
        self.ask();
        self.keep(Suggestions::default());
    }

    /// Whether there is a list.
    pub(crate) fn is_open(self) -> bool {
        self.suggestions.with(|suggestions| !suggestions.candidates.is_empty())
    }

    /// The index of the chosen entry, if there is a list.
    pub(crate) fn chosen(self) -> Option<usize> {
        self.suggestions
            .with(|suggestions| (!suggestions.candidates.is_empty()).then_some(suggestions.chosen))
    }

    /// Takes the entry at this index.
    pub(crate) fn accept(self, index: usize) -> Option<Accepted> {
        let mut suggestions = self.suggestions.get_untracked();
        self.ask();
        let accepted = suggestions.accept(index);
        self.keep(suggestions);
        accepted
    }

    /// Tells those who show the list only if it has changed: this runs with every key.
    fn keep(self, suggestions: Suggestions) {
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
    /// Looks what can be completed.
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
