//! The lines of a room.

use hubbub_client::RowKey;
use hubbub_protocol::RoomName;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::ends::{Beginning, Ending, ToEnd};
use super::line::LineView;
use crate::action::Action;
use crate::browser::{field, rove};
use crate::chat::Before;
use crate::i18n::words;
use crate::talk::Talk;

/// The lines of a room, the newest at the end, where the view rests.
#[component]
pub(crate) fn Timeline(
    talk: Talk,
    room: RoomName,
    /// The box that scrolls, and what is in it.
    scroller: NodeRef<Div>,
    content: NodeRef<Div>,
    /// Where older messages are, without a script.
    older_path: Option<String>,
    /// Where the newest messages are, without a script, when this page does not end with them.
    newest_path: Option<String>,
) -> impl IntoView {
    let words = words();
    let picture = talk.picture;
    let line = move |key: RowKey| {
        let line = picture.lines.value(&key);
        let face = talk.faces.of(&key);
        // All that a line depends on is read here: a closure inside of it would be built anew whenever the line
        // changes, and a button in it would lose the focus.
        move || line.as_ref().map(|line| view! { <LineView line=line.get() face=face.get() talk /> })
    };
    // One listener of each kind for all messages, told by the element that the event is about.
    let on_pointer = move |event: PointerEvent| {
        // A finger that goes over a message means to scroll; one that taps it, the message.
        if !rove::is_touch(&event) {
            talk.point_at(rove::message_of(&event));
        }
    };
    let on_click = move |event: MouseEvent| talk.point_at(rove::message_of(&event));
    // What a long press is to a finger.
    let on_long_press = move |event: MouseEvent| {
        let line =
            rove::message_of(&event).filter(|_| rove::is_touch(&event)).and_then(|seq| talk.line_at(seq));
        if let Some(line) = line {
            event.prevent_default();
            talk.act(Action::More, line.key);
        }
    };
    let on_key = move |event: KeyboardEvent| match rove::on_key(&event, scroller) {
        Some(rove::Wish::Do(action, seq)) => {
            if let Some(line) = talk.line_at(seq) {
                talk.act(action, line.key);
            }
        }
        Some(rove::Wish::Leave) => field::focus(talk.field),
        None => {}
    };
    let content_class = move || match picture.before.get() {
        Before::Silence => "timeline-content timeline-content-empty",
        _ => "timeline-content",
    };
    view! {
        <div class="timeline-frame">
            <div
                class="timeline"
                role="log"
                aria-label=words.messages
                tabindex="0"
                node_ref=scroller
                on:pointerover=on_pointer
                on:pointerleave=move |event| {
                    if !rove::is_touch(&event) {
                        talk.point_at(None);
                    }
                }
                on:pointerdown=move |_| rove::by_pointer(scroller)
                on:click=on_click
                on:contextmenu=on_long_press
                on:focusin=move |event| talk.point_at(rove::message_of(&event))
                on:focusout=move |event| {
                    if rove::leaves(&event, scroller) {
                        talk.point_at(None);
                    }
                }
                on:keydown=on_key
            >
                <div class=content_class node_ref=content>
                    <Beginning picture room older_path />
                    <For each=move || picture.lines.keys.get() key=|key| *key children=line />
                    <Ending picture newest_path />
                </div>
            </div>
            <ToEnd talk />
        </div>
    }
}
