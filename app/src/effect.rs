//! An effect whose code exists once.

use leptos::prelude::*;

/// Runs `run` in the browser, and again whenever a signal that it read changes. `Effect::new` is compiled for each type
/// of closure, 600 bytes each time; here it gets one type.
pub(crate) fn effect(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    Effect::new(move |_: Option<()>| run());
}
