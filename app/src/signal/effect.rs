//! What is done when something changes.

use leptos::reactive::effect::Effect as Erased;
use leptos::reactive::graph::untrack;

/// What is done once the page is there, and again whenever something changes that it has read; until the owner goes
/// that was current when it was made. Never on the server.
pub(crate) struct Effect;

impl Effect {
    /// `act` is given what it gave the last time.
    #[expect(clippy::new_ret_no_self, reason = "as in leptos: an effect is nothing one can have")]
    pub(crate) fn new<T: 'static>(mut act: impl FnMut(Option<T>) -> T + 'static) {
        let mut last = None;
        start(Box::new(move || last = Some(act(last.take()))));
    }

    /// Does it whenever something changes that `look` has read, and not at first.
    pub(crate) fn watch<T: 'static>(look: impl Fn() -> T + 'static, mut act: impl FnMut(T) + 'static) {
        let mut is_first = true;
        start(Box::new(move || {
            let seen = look();
            if !std::mem::take(&mut is_first) {
                untrack(|| act(seen));
            }
        }));
    }
}

fn start(mut act: Box<dyn FnMut()>) {
    Erased::new(move |_: Option<()>| act());
}
