//! The scroll position of the timeline. At the end of the room, the view follows new messages; elsewhere, the
//! visible rows do not move.
//!
//! Without a script, the timeline is a reversed flex column, which rests at its end. Chromium lays out all
//! rows of a reversed column whenever its length changes. Therefore this module makes the column upright, and
//! keeps the position itself, after layout and before painting: at the end by scrolling to the end, elsewhere
//! by the distance that the topmost visible row has moved. The same applies when the last loaded row is not
//! the last one of the room. On iOS the column stays reversed, because correcting the position would stop a
//! momentum scroll when older messages arrive.

mod listeners;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hubbub_protocol::Seq;
use js_sys::Reflect;
use leptos::prelude::*;
use web_sys::{Element, HtmlDivElement, css};

use self::listeners::Listeners;
use super::scroll_event::{ScrollArea, ScrollEvent};
use crate::effect::effect;
use crate::state::NewerMessages;
use crate::state::scroll_target::ScrollTarget;

/// Maximum distance from the end that counts as the end, in CSS pixels.
const END_TOLERANCE_PIXELS: i32 = 48;
/// Movements below this are rounding, because browsers scroll by device pixels.
const ROUNDING_PIXELS: f64 = 0.5;
/// Further messages are requested when less than this number of view heights is left.
const LOAD_AHEAD_HEIGHTS: i32 = 2;
/// Upper limit of that distance for a reader above the end, in CSS pixels.
const AHEAD_PIXELS: i32 = 2_000;
/// Upper limit of that distance for a reader at the end, who needs only the visible rows and some more. It
/// must be less than the height of the rows that `Timeline` keeps there, even on a high screen; otherwise
/// they would be requested repeatedly.
const AHEAD_AT_END_PIXELS: i32 = 600;
/// Part of the view above the divider of unread messages.
const ABOVE_DIVIDER: f64 = 0.2;
/// How long the target of a link is highlighted, in milliseconds.
const HIGHLIGHT_MILLIS: u64 = 2_500;
const HIGHLIGHT: &str = "data-highlight";
/// Attribute of a timeline that is not reversed (`style/timeline.css`).
const UPRIGHT: &str = "data-upright";
/// A CSS property that only browsers on iOS support.
const OF_IOS: (&str, &str) = ("-webkit-touch-callout", "none");

/// Observes the timeline for the lifetime of the conversation.
pub(crate) fn start(area: ScrollArea) {
    let (Some(scroller), Some(content)) = (area.scroller.get_untracked(), area.content.get_untracked())
    else {
        return;
    };
    let upright = !css::supports_with_value(OF_IOS.0, OF_IOS.1).unwrap_or_default();
    if upright {
        _ = scroller.set_attribute(UPRIGHT, "");
    }
    let watched = Rc::new(RefCell::new(Watched {
        scroller: scroller.clone(),
        content: content.clone(),
        area,
        upright,
        scrolled: 0.0,
        anchor: None,
        seen: Seq(0),
        asked_for: None,
    }));
    let (moved, changed) = (watched.clone(), watched.clone());
    let on_scroll = move || moved.borrow_mut().follow();
    let on_change = move || changed.borrow_mut().hold();
    let listeners = Listeners::attach(scroller, &content, on_scroll, on_change);
    hold_at_new_target(area, watched.clone());
    hold_at_new_rows(area, watched);
    report_loaded_targets(area);

    let listeners = StoredValue::new_local(Some(listeners));
    on_cleanup(move || {
        if let Some(listeners) = listeners.try_update_value(Option::take).flatten() {
            listeners.remove();
        }
    });
}

/// Scrolls to a new target. It may be loaded already; otherwise its arrival changes the size of the content.
fn hold_at_new_target(area: ScrollArea, watched: Rc<RefCell<Watched>>) {
    effect(move || {
        if area.scroll_target.get().is_some() {
            let watched = watched.clone();
            // `hold` sets signals whose subscribers may call this module again.
            request_animation_frame(move || watched.borrow_mut().hold());
        }
    });
}

/// Keeps the position when the rows change. If as many rows are added at one end as are removed at the other, the
/// size does not change and the observer reports nothing.
fn hold_at_new_rows(area: ScrollArea, watched: Rc<RefCell<Watched>>) {
    let is_due = Rc::new(Cell::new(false));
    effect(move || {
        area.room_signals.items.keys.track();
        area.room_signals.after.track();
        if !is_due.replace(true) {
            let (watched, is_due) = (watched.clone(), is_due.clone());
            request_animation_frame(move || {
                is_due.set(false);
                watched.borrow_mut().hold();
            });
        }
    });
}

/// Reports when the rows around a requested position are loaded.
fn report_loaded_targets(area: ScrollArea) {
    Effect::new(move |before: Option<Option<Seq>>| {
        let around = area.room_signals.around.get();
        if let Some(Some(seq)) = before.filter(|before| *before != around) {
            area.on_event.run(ScrollEvent::AroundLoaded(seq));
        }
        around
    });
}

/// Whether the message at this position is in view, at least in part.
pub(crate) fn is_in_view(seq: Seq) -> bool {
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    let (Some(view), Some(item)) = (find(".timeline"), find(&format!(".timeline [data-seq=\"{seq}\"]")))
    else {
        return false;
    };
    let (view, item) = (view.get_bounding_client_rect(), item.get_bounding_client_rect());
    item.bottom() > view.top() && item.top() < view.bottom()
}

struct Watched {
    scroller: HtmlDivElement,
    content: HtmlDivElement,
    area: ScrollArea,
    /// Whether scroll position 0 is the beginning of the content, not its end.
    upright: bool,
    /// Last known scroll position, in CSS pixels.
    scrolled: f64,
    anchor: Option<Anchor>,
    /// The newest position that the reader has seen.
    seen: Seq,
    /// The divider around which messages were requested.
    asked_for: Option<Seq>,
}

/// The row that must not move while the reader is above the end.
struct Anchor {
    /// The topmost visible row.
    item: Element,
    /// The position of the row on the screen, in CSS pixels.
    top: f64,
    /// The scroll position when `top` was measured.
    scrolled: f64,
}

impl Watched {
    /// Restores the position after rows were added, removed or resized, or when the page becomes visible.
    fn hold(&mut self) {
        // A hidden page does not scroll, so that messages that arrive meanwhile are unread in view when the
        // reader returns.
        if document().hidden() {
            return;
        }
        let found = match self.area.scroll_target.try_get_untracked().flatten() {
            Some(ScrollTarget::TimelineItem(seq)) => self.show(seq),
            Some(ScrollTarget::Divider) => self.show_divider(),
            Some(ScrollTarget::End) if self.is_attached() => {
                self.go_to_end();
                true
            }
            Some(ScrollTarget::End) | None => false,
        };
        let waits = !found && self.awaits_divider();
        if found {
            // After a jump, the reader is not treated as having stayed at the end.
            self.scrolled = f64::INFINITY;
            self.anchor = None;
            self.area.scroll_target.set(None);
        } else if !waits
            && self.area.room_signals.at_end.try_get_untracked() == Some(true)
            && self.is_attached()
        {
            self.go_to_end();
        }
        self.follow();
    }

    /// Records a scroll of the reader. If rows moved in the same frame, only their movement is corrected.
    fn follow(&mut self) {
        if let Some(Anchor { item, top, scrolled }) = &self.anchor
            && item.is_connected()
        {
            let by_reader = scroll_of(&self.scroller) - scrolled;
            let by_itself = top_of(item) - (top - by_reader);
            if by_itself.abs() > ROUNDING_PIXELS {
                self.scroller.scroll_by_with_x_and_y(0.0, by_itself);
            }
        }
        let scrolled = scroll_of(&self.scroller);
        let was_at_end = self.area.room_signals.at_end.try_get_untracked();
        // A reader at the end is still at the end after scrolling down, because rows below are not laid out
        // yet.
        let stayed = was_at_end == Some(true) && scrolled >= self.scrolled - ROUNDING_PIXELS;
        let at_end = self.is_attached() && (stayed || self.below() < END_TOLERANCE_PIXELS);
        self.scrolled = scrolled;
        if was_at_end == Some(!at_end) {
            self.area.on_event.run(ScrollEvent::AtEnd(at_end));
        }
        self.anchor = (!at_end).then(|| self.topmost()).flatten();
        self.report_seen();
        self.load_more(at_end);
    }

    /// Whether the last loaded row is the last one of the room.
    fn is_attached(&self) -> bool {
        self.area.room_signals.after.try_get_untracked() == Some(NewerMessages::Nothing)
    }

    /// Height of the content below the view, in CSS pixels.
    fn below(&self) -> i32 {
        let Self { scroller, upright, .. } = self;
        let above = if *upright { scroller.scroll_height() - scroller.client_height() } else { 0 };
        above - scroller.scroll_top()
    }

    fn go_to_end(&self) {
        self.scroller.set_scroll_top(if self.upright { self.scroller.scroll_height() } else { 0 });
    }

    fn load_more(&self, at_end: bool) {
        let height = self.scroller.client_height();
        let most = if at_end { AHEAD_AT_END_PIXELS } else { AHEAD_PIXELS };
        let below = self.below();
        let above = self.scroller.scroll_height() - height - below;
        for (event, left) in [(ScrollEvent::NearStart, above), (ScrollEvent::NearEnd, below)] {
            if left < (height * LOAD_AHEAD_HEIGHTS).min(most) {
                self.area.on_event.run(event);
            }
        }
    }

    /// Reports the newest position in view as seen, if the page has the focus.
    fn report_seen(&mut self) {
        if document().hidden() || !document().has_focus().unwrap_or_default() || self.awaits_divider() {
            return;
        }
        let Some(seq) = self.last_seen().filter(|seq| *seq > self.seen) else { return };
        self.seen = seq;
        self.area.on_event.run(ScrollEvent::Seen(seq));
    }

    /// Scrolls a message to the middle and highlights it for a moment. Returns whether it is loaded.
    fn show(&self, seq: Seq) -> bool {
        let found = self.content.query_selector(&format!("[data-seq=\"{seq}\"]")).ok().flatten();
        let Some(item) = found else { return false };
        let (view, at) = (self.scroller.get_bounding_client_rect(), item.get_bounding_client_rect());
        // A message that is higher than the view is shown from its beginning.
        let spare = ((view.height() - at.height()) / 2.0).max(0.0);
        self.scroller.scroll_by_with_x_and_y(0.0, at.top() - view.top() - spare);
        _ = item.set_attribute(HIGHLIGHT, "");
        super::clock::after(HIGHLIGHT_MILLIS, move || _ = item.remove_attribute(HIGHLIGHT));
        true
    }

    /// Whether the view must still be moved to the first unread message. Until then, visible messages do not
    /// count as seen.
    fn awaits_divider(&self) -> bool {
        self.area.scroll_target.try_get_untracked().flatten() == Some(ScrollTarget::Divider)
    }

    /// Scrolls the divider to the upper part of the view, or to the end if the divider cannot be loaded.
    /// Returns whether the scroll was done.
    fn show_divider(&mut self) -> bool {
        let Some(divider) = self.content.query_selector("[data-divider]").ok().flatten() else {
            let room_signals = self.area.room_signals;
            let is_coming = room_signals.around.try_get_untracked().flatten().is_some();
            // The timeline no longer contains the first unread message, because too many messages arrived.
            let divider = room_signals.divider.try_get_untracked().flatten();
            if let Some(divider) = divider.filter(|divider| !is_coming && self.asked_for != Some(*divider)) {
                self.asked_for = Some(divider);
                room_signals.around.set(Some(divider.next()));
                self.area.on_event.run(ScrollEvent::NeedsAround(divider.next()));
                return false;
            }
            let is_there = !is_coming && self.is_attached() && self.content.child_element_count() > 0;
            if is_there {
                self.go_to_end();
            }
            return is_there;
        };
        let view = self.scroller.get_bounding_client_rect();
        let top = view.top() + view.height() * ABOVE_DIVIDER;
        self.scroller.scroll_by_with_x_and_y(0.0, top_of(&divider) - top);
        self.seen = Seq(0);
        true
    }

    /// Returns the first row that is at least partly visible.
    fn topmost(&self) -> Option<Anchor> {
        let edge = top_of(&self.scroller);
        let item = self.first_line(|item| item.get_bounding_client_rect().bottom() > edge)?;
        let top = top_of(&item);
        Some(Anchor { item, top, scrolled: scroll_of(&self.scroller) })
    }

    /// Returns the position of the last row whose end is in view.
    fn last_seen(&self) -> Option<Seq> {
        let edge = self.scroller.get_bounding_client_rect().bottom() + f64::from(END_TOLERANCE_PIXELS);
        // At the end there is no anchor, and no row is below the view.
        let is_beyond = |item: &Element| item.get_bounding_client_rect().bottom() > edge;
        let beyond = self.anchor.as_ref().and_then(|_| self.first_line(is_beyond));
        let mut item = match beyond {
            Some(beyond) => beyond.previous_element_sibling(),
            None => self.content.last_element_child(),
        };
        loop {
            let placed = item.as_ref()?.query_selector("[data-seq]").ok().flatten();
            // Pending rows have no position.
            if let Some(seq) = placed.and_then(|item| item.get_attribute("data-seq")?.parse().ok()) {
                return Some(Seq(seq));
            }
            item = item?.previous_element_sibling();
        }
    }

    /// Returns the first row for which the predicate is true, by binary search: rows are ordered.
    fn first_line(&self, is_true: impl Fn(&Element) -> bool) -> Option<Element> {
        let items = self.content.get_elements_by_class_name("timeline-item");
        let (mut low, mut high) = (0, items.length());
        while low < high {
            let middle = u32::midpoint(low, high);
            if items.item(middle).is_some_and(|item| is_true(&item)) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        items.item(low)
    }
}

/// Returns the scroll position with fractions of a pixel, which the function of `web_sys` truncates.
fn scroll_of(element: &Element) -> f64 {
    Reflect::get(element, &"scrollTop".into()).ok().and_then(|scrolled| scrolled.as_f64()).unwrap_or_default()
}

fn top_of(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}
