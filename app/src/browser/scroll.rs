//! The place one reads. At the end, the view stays at the end; anywhere else, nothing moves.
//!
//! The timeline is a reversed column: its scroll position is 0 at the end and negative above it, so what is
//! put in before the first message moves nothing by itself, and at rest new messages come into view. What
//! comes at the end while one reads further up does move things, and is made up for here: after layout and
//! before painting, by how far the topmost visible line has moved.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlDivElement, ResizeObserver};

/// So near to the end counts as the end, in CSS pixels.
const AT_END_PIXELS: i32 = 48;
/// Browsers scroll by whole pixels of the screen; less than this is not a movement.
const SLACK_PIXELS: f64 = 0.5;
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
    let place = Place { scroller, content, at_end, on_near_top, anchor: None };
    let (scroller, content) = (place.scroller.clone(), place.content.clone());
    let place = Rc::new(RefCell::new(place));

    let moved = place.clone();
    let scrolled = Closure::<dyn FnMut()>::new(move || moved.borrow_mut().follow());
    _ = scroller.add_event_listener_with_callback("scroll", scrolled.as_ref().unchecked_ref());
    let resized = Closure::<dyn FnMut()>::new(move || place.borrow_mut().hold());
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
    anchor: Option<Anchor>,
}

/// What must not move by itself while one reads above the end.
struct Anchor {
    /// The topmost visible line.
    line: Element,
    /// Where it was on the screen, in CSS pixels.
    top: f64,
    /// How far the timeline was scrolled then.
    scrolled: f64,
}

impl Place {
    /// Something has come, gone or changed its size.
    fn hold(&mut self) {
        if self.at_end.get_untracked() {
            self.scroller.set_scroll_top(0);
        }
        self.follow();
    }

    /// The reader may have moved. So may the lines since, in the same frame: only that is made up for.
    fn follow(&mut self) {
        if let Some(Anchor { line, top, scrolled }) = &self.anchor
            && line.is_connected()
        {
            let by_reader = scroll_of(&self.scroller) - scrolled;
            let by_itself = top_of(line) - (top - by_reader);
            if by_itself.abs() > SLACK_PIXELS {
                self.scroller.scroll_by_with_x_and_y(0.0, by_itself);
            }
        }
        let at_end = -self.scroller.scroll_top() < AT_END_PIXELS;
        if self.at_end.get_untracked() != at_end {
            self.at_end.set(at_end);
        }
        self.anchor = (!at_end).then(|| self.topmost()).flatten();
        self.look_ahead();
    }

    fn look_ahead(&self) {
        let height = self.scroller.client_height();
        let above = self.scroller.scroll_height() - height + self.scroller.scroll_top();
        if above < height * AHEAD_HEIGHTS {
            self.on_near_top.run(());
        }
    }

    /// The first line that reaches into the view. Lines stand in order, so half of them are ruled out at a time.
    fn topmost(&self) -> Option<Anchor> {
        let lines = self.content.get_elements_by_class_name("entry");
        let edge = top_of(&self.scroller);
        let (mut low, mut high) = (0, lines.length());
        while low < high {
            let middle = u32::midpoint(low, high);
            let above =
                lines.item(middle).is_some_and(|line| line.get_bounding_client_rect().bottom() <= edge);
            if above { low = middle + 1 } else { high = middle }
        }
        let line = lines.item(low)?;
        let top = top_of(&line);
        Some(Anchor { line, top, scrolled: scroll_of(&self.scroller) })
    }
}

/// How far an element is scrolled, with the fractions of a pixel that `web_sys` leaves off.
fn scroll_of(element: &Element) -> f64 {
    Reflect::get(element, &"scrollTop".into()).ok().and_then(|scrolled| scrolled.as_f64()).unwrap_or_default()
}

fn top_of(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}
