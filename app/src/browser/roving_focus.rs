//! Selects messages by pointer, touch or keys. The message log is one stop of the Tab key; inside it, Up and
//! Down move between messages, and Enter moves to the actions of a message (roving tabindex).

use hubbub_protocol::Seq;
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, Node, PointerEvent};

use super::focus::{all, closest, focus_element};
use super::keys::KeyCommand;
use crate::state::message_action::MessageAction;

/// Attribute of the log while the user navigates by keys, when letters are shortcuts for actions. After a
/// click on a message, letters are typed into the composer.
const BY_KEYS: &str = "data-by-keys";
const TOOL_SELECTOR: &str = ".tools button";
/// The parts of a message between which Left and Right move.
const PART_SELECTOR: &str = ".quote, .attachments a, .message-edited, .tools button, .reaction";
const MESSAGE_SELECTOR: &str = "article";

/// Returns the position of the message that contains the event's target.
pub(crate) fn message_of(event: &Event) -> Option<Seq> {
    seq_of(&closest(event, MESSAGE_SELECTOR)?)
}

pub(crate) fn is_touch(event: &Event) -> bool {
    event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() == "touch")
}

/// Whether the focus leaves the log.
pub(crate) fn leaves(event: &FocusEvent, log: NodeRef<Div>) -> bool {
    let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
    log.get_untracked().is_some_and(|log| !log.contains(to.as_ref()))
}

/// Records that the user navigates by pointer from now on.
pub(crate) fn by_pointer(log: NodeRef<Div>) {
    if let Some(log) = log.get_untracked() {
        _ = log.remove_attribute(BY_KEYS);
    }
}

/// Moves the focus. Returns the meaning of keys that do not move it.
pub(crate) fn on_key(event: &KeyboardEvent, log: NodeRef<Div>) -> Option<KeyCommand> {
    let log = log.get_untracked()?;
    if event.default_prevented() || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    if target.matches("audio, video").unwrap_or_default() && event.key() != "Escape" {
        // A player has keys of its own.
        return None;
    }
    let message = target.closest(MESSAGE_SELECTOR).ok().flatten();
    let inside = message.as_ref().is_some_and(|message| *message != target);
    let key = event.key();
    let command = match (key.as_str(), &message) {
        ("ArrowLeft" | "ArrowRight", Some(message)) if target.matches(PART_SELECTOR).unwrap_or_default() => {
            let parts = all(message, PART_SELECTOR);
            let at = parts.iter().position(|part| *part == target)?;
            let next = if key == "ArrowLeft" { at.checked_sub(1)? } else { at + 1 };
            return go(event, parts.get(next)?);
        }
        ("Escape", Some(message)) if inside => return go(event, message),
        ("Escape", _) => KeyCommand::Leave,
        ("ArrowUp" | "ArrowDown" | "Home" | "End", _) => {
            let messages = all(&log, MESSAGE_SELECTOR);
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
        ("Enter", Some(message)) if !inside => return go(event, all(message, TOOL_SELECTOR).first()?),
        // The Cyrillic letters are on the same keys of a Russian keyboard.
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

/// Focuses the first matching element after the next rendering.
pub(crate) fn focus_soon(selector: &'static str) {
    request_animation_frame(move || {
        let found = document().query_selector(selector).ok().flatten();
        if let Some(element) = found {
            focus_element(&element);
        }
    });
}

/// Returns the last message that begins above the lower edge of the view.
fn last_visible(log: &Element, messages: &[Element]) -> Option<usize> {
    let edge = log.get_bounding_client_rect().bottom();
    messages.partition_point(|message| message.get_bounding_client_rect().top() < edge).checked_sub(1)
}

fn go(event: &KeyboardEvent, to: &Element) -> Option<KeyCommand> {
    event.prevent_default();
    focus_element(to);
    None
}

fn seq_of(message: &Element) -> Option<Seq> {
    message.get_attribute("data-seq")?.parse().ok().map(Seq)
}
