//! The listeners for scrolling, for resizing, and for the return of the user to the page.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlDivElement, ResizeObserver};

/// The registered listeners. They are active until [`Listeners::remove`].
pub(super) struct Listeners {
    scroller: HtmlDivElement,
    scrolled: Closure<dyn FnMut()>,
    observer: Option<ResizeObserver>,
    _resized: Closure<dyn FnMut()>,
    window_listeners: Vec<WindowListenerHandle>,
}

impl Listeners {
    /// Calls `on_scroll` when the view is scrolled, and `on_change` when the size of the view or of its content changes
    /// and when the user returns to the page.
    pub(super) fn attach(
        scroller: HtmlDivElement,
        content: &HtmlDivElement,
        on_scroll: impl Fn() + 'static,
        on_change: impl Fn() + Clone + 'static,
    ) -> Self {
        let scrolled = Closure::<dyn FnMut()>::new(on_scroll);
        // The listener is not `on:scroll`, which would run the reactive system for every scroll step.
        _ = scroller.add_event_listener_with_callback("scroll", scrolled.as_ref().unchecked_ref());
        let resized = Closure::<dyn FnMut()>::new(on_change.clone());
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(&scroller);
            observer.observe(content);
        }
        let window_listeners = ["focus", "visibilitychange"].into_iter().map(|event| {
            let on_change = on_change.clone();
            window_event_listener_untyped(event, move |_| on_change())
        });
        Self { window_listeners: window_listeners.collect(), scroller, scrolled, observer, _resized: resized }
    }

    pub(super) fn remove(self) {
        let scrolled = self.scrolled.as_ref().unchecked_ref();
        _ = self.scroller.remove_event_listener_with_callback("scroll", scrolled);
        if let Some(observer) = self.observer {
            observer.disconnect();
        }
        self.window_listeners.into_iter().for_each(WindowListenerHandle::remove);
    }
}
