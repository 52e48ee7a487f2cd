//! The place one reads. At the end, the view stays at the end; anywhere else, nothing moves.
//!
//! The timeline is a reversed column: its scroll position is 0 at the end and negative above it, so what is
//! put in before the first message moves nothing by itself, and at rest new messages come into view. What
//! comes at the end while one reads further up does move things, and is made up for here: after layout and
//! before painting, by how far the topmost visible line has moved.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDivElement, ResizeObserver};

/// So near to the end counts as the end, in CSS pixels.
const AT_END_PIXELS: i32 = 48;
/// Older messages are wanted when so many heights of the view are left above it.
const AHEAD_HEIGHTS: i32 = 2;

/// Watches the timeline for as long as the page lives.
pub(crate) fn start(
    scroller: NodeRef<Div>,
    content: NodeRef<Div>,
    at_end: RwSignal<bool>,
    on_near_top: Callback<()>,
) {
    let (Some(scroller), Some(content)) = (scroller.get_untracked(), content.get_untracked()) else {
        return;
    };
    let place = Place { scroller: scroller.clone(), content: content.clone(), at_end, on_near_top, line: None };
    let place = Rc::new(RefCell::new(place));

    let remembering = place.clone();
    let scrolled = Closure::<dyn FnMut()>::new(move || remembering.borrow_mut().remember());
    _ = scroller.add_event_listener_with_callback("scroll", scrolled.as_ref().unchecked_ref());
    let resized = Closure::<dyn FnMut()>::new(move || place.borrow_mut().restore());
    if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
        observer.observe(&scroller);
        observer.observe(&content);
    }
    // They live as long as the page.
    scrolled.forget();
    resized.forget();
}

/// Goes to the end.
pub(crate) fn to_end(scroller: NodeRef<Div>) {
    if let Some(scroller) = scroller.get_untracked() {
        scroller.set_scroll_top(0);
    }
}

struct Place {
    scroller: HtmlDivElement,
    content: HtmlDivElement,
    at_end: RwSignal<bool>,
    on_near_top: Callback<()>,
    /// The topmost visible line and where it was.
    line: Option<(Element, f64)>,
}

impl Place {
    /// The reader has moved.
    fn remember(&mut self) {
        let at_end = -self.scroller.scroll_top() < AT_END_PIXELS;
        if self.at_end.get_untracked() != at_end {
            self.at_end.set(at_end);
        }
        self.line = (!at_end).then(|| self.topmost()).flatten();
        self.look_ahead();
    }

    /// Something has come, gone or changed its size.
    fn restore(&mut self) {
        if self.at_end.get_untracked() {
            self.scroller.set_scroll_top(0);
        } else if let Some((line, before)) = &self.line
            && line.is_connected()
        {
            #[expect(clippy::cast_possible_truncation, reason = "distances on a screen")]
            let moved = (top(line) - before).round() as i32;
            if moved != 0 {
                self.scroller.set_scroll_top(self.scroller.scroll_top() + moved);
            }
        }
        self.remember();
    }

    fn look_ahead(&self) {
        let height = self.scroller.client_height();
        let above = self.scroller.scroll_height() - height + self.scroller.scroll_top();
        if above < height * AHEAD_HEIGHTS {
            self.on_near_top.run(());
        }
    }

    /// The first line that reaches into the view. Lines stand in order, so half of them are ruled out at a time.
    fn topmost(&self) -> Option<(Element, f64)> {
        let lines = self.content.get_elements_by_class_name("entry");
        let edge = top(&self.scroller);
        let (mut low, mut high) = (0, lines.length());
        while low < high {
            let middle = u32::midpoint(low, high);
            let above = lines.item(middle).is_some_and(|line| line.get_bounding_client_rect().bottom() <= edge);
            if above { low = middle + 1 } else { high = middle }
        }
        let line = lines.item(low)?;
        let position = top(&line);
        Some((line, position))
    }
}

fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}
