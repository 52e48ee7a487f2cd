//! Pointing at messages, by pointer, finger or key. The log is one stop of the Tab key; inside, Up and Down go
//! from message to message, Enter to what can be done with it.

use hubbub_protocol::Seq;
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, Node, PointerEvent};

use super::focus::{all, closest, put_on};
use super::keys::KeyCommand;
use crate::state::message_action::MessageAction;

/// Marks the log while one goes about by keys: letters then mean actions. One who has clicked a message and
/// writes on means the composer.
const BY_KEYS: &str = "data-by-keys";
const TOOL: &str = ".tools button";
/// Everything in a message that Left and Right lead to.
const PART: &str = ".quote, .message-edited, .tools button, .reaction";
const MESSAGE: &str = "article";

/// The message that an event is about.
pub(crate) fn message_of(event: &Event) -> Option<Seq> {
    seq_of(&closest(event, MESSAGE)?)
}

/// Whether a finger did it.
pub(crate) fn is_touch(event: &Event) -> bool {
    event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() == "touch")
}

/// Whether the focus goes out of the log.
pub(crate) fn leaves(event: &FocusEvent, log: NodeRef<Div>) -> bool {
    let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
    log.get_untracked().is_some_and(|log| !log.contains(to.as_ref()))
}

/// From now on one points by a pointer.
pub(crate) fn by_pointer(log: NodeRef<Div>) {
    if let Some(log) = log.get_untracked() {
        _ = log.remove_attribute(BY_KEYS);
    }
}

/// Goes where the key leads; what it wishes beyond that is told.
pub(crate) fn on_key(event: &KeyboardEvent, log: NodeRef<Div>) -> Option<KeyCommand> {
    let log = log.get_untracked()?;
    if event.default_prevented() || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    let message = target.closest(MESSAGE).ok().flatten();
    let inside = message.as_ref().is_some_and(|message| *message != target);
    let key = event.key();
    let command = match (key.as_str(), &message) {
        ("ArrowLeft" | "ArrowRight", Some(message)) if target.matches(PART).unwrap_or_default() => {
            let parts = all(message, PART);
            let at = parts.iter().position(|part| *part == target)?;
            let next = if key == "ArrowLeft" { at.checked_sub(1)? } else { at + 1 };
            return go(event, parts.get(next)?);
        }
        ("Escape", Some(message)) if inside => return go(event, message),
        ("Escape", _) => KeyCommand::Leave,
        ("ArrowUp" | "ArrowDown" | "Home" | "End", _) => {
            let messages = all(&log, MESSAGE);
            let at = message.and_then(|message| messages.iter().position(|it| *it == message));
            let next = match (key.as_str(), at) {
                ("Home", _) => 0,
                ("ArrowUp", Some(at)) => at.saturating_sub(1),
                ("ArrowDown", Some(at)) => at + 1,
                ("ArrowUp" | "ArrowDown", None) => last_visible(&log, &messages)?,
                _ => messages.len().checked_sub(1)?,
            };
            _ = log.set_attribute(BY_KEYS, "");
            return go(event, messages.get(next)?);
        }
        ("Enter", Some(message)) if !inside => return go(event, all(message, TOOL).first()?),
        // The letters of a Russian keyboard are those on the same keys.
        ("r" | "к" | "e" | "у" | "+" | "Delete", Some(message)) if !inside && log.has_attribute(BY_KEYS) => {
            let action = match key.as_str() {
                "r" | "к" => MessageAction::Reply,
                "e" | "у" => MessageAction::Edit,
                "+" => MessageAction::React,
                _ => MessageAction::Delete,
            };
            KeyCommand::Do(action, seq_of(message)?)
        }
        _ => return None,
    };
    event.prevent_default();
    Some(command)
}

/// Puts the focus on the first such element, once what has just changed is drawn.
pub(crate) fn focus_soon(selector: &'static str) {
    request_animation_frame(move || {
        let found = document().query_selector(selector).ok().flatten();
        if let Some(element) = found {
            put_on(&element);
        }
    });
}

/// The last message that begins above the lower edge of the view.
fn last_visible(log: &Element, messages: &[Element]) -> Option<usize> {
    let edge = log.get_bounding_client_rect().bottom();
    messages.partition_point(|message| message.get_bounding_client_rect().top() < edge).checked_sub(1)
}

fn go(event: &KeyboardEvent, to: &Element) -> Option<KeyCommand> {
    event.prevent_default();
    put_on(to);
    None
}

fn seq_of(message: &Element) -> Option<Seq> {
    message.get_attribute("data-seq")?.parse().ok().map(Seq)
}
