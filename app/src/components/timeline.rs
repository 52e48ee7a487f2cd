//! The timeline: the rows of a room.

use std::sync::atomic::{AtomicBool, Ordering};

use hubbub_client::RowKey;
use hubbub_protocol::{RoomName, Seq};
use leptos::ev::{DragEvent, KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::banner::ConnectionBanners;
use super::ends::{JumpToEnd, TimelineEnd, TimelineStart, UnreadBar};
use super::timeline_item::{ItemEntry, TimelineItemView};
use crate::browser::keys::KeyCommand;
use crate::browser::{field, file_picking, keyboard, picked_files, roving_focus};
use crate::client_only::ClientOnly;
use crate::conversation::ConversationController;
use crate::i18n::strings;
use crate::state::message_action::MessageAction;
use crate::state::{ChatSignals, OlderMessages};

/// The rows of a room. The newest row is at the end, where the view starts.
#[component]
pub(crate) fn Timeline(
    chat: ChatSignals,
    conversation: ConversationController,
    room: RoomName,
    /// The scroll container and the element with the rows.
    scroller: NodeRef<Div>,
    content: NodeRef<Div>,
    /// URL of the page with older messages, for use without a script.
    older_path: Option<String>,
    /// URL of the page with the newest messages, for use without a script, if this page does not end with
    /// them.
    newest_path: Option<String>,
) -> impl IntoView {
    let strings = strings();
    let room_signals = conversation.room_signals;
    // One listener of each kind for all messages; the event's target determines the message.
    let on_pointer = move |event: &PointerEvent, message: Option<Seq>| {
        // A touch that moves over a message is a scroll; only a tap selects the message.
        if !roving_focus::is_touch(event) {
            conversation.set_active(message);
        }
    };
    let on_key = keyboard::unless_composing(move |event: KeyboardEvent| {
        match roving_focus::on_key(&event, scroller) {
            Some(KeyCommand::Do(action, seq)) => perform_at(conversation, action, seq),
            Some(KeyCommand::Leave) => field::focus(conversation.field),
            None => {}
        }
    });
    let is_dragging = RwSignal::new(false);
    let on_drag = move |event: &DragEvent| {
        if picked_files::has_files(event) {
            event.prevent_default();
            is_dragging.set(true);
        }
    };
    let content_class = move || match room_signals.before.get() {
        OlderMessages::Silence => "timeline-content timeline-content-empty",
        _ => "timeline-content",
    };
    view! {
        <div
            class="timeline-frame"
            on:dragover=move |event| on_drag(&event)
            on:dragleave=move |_| is_dragging.set(false)
            on:drop=move |event| {
                is_dragging.set(false);
                file_picking::attach(conversation.file_target(), picked_files::dropped(&event));
            }
        >
            <div
                class="timeline"
                role="log"
                aria-label=strings.messages
                tabindex="0"
                node_ref=scroller
                on:pointerover=move |event| on_pointer(&event, roving_focus::message_of(&event))
                on:pointerleave=move |event| on_pointer(&event, None)
                on:pointerdown=move |_| roving_focus::by_pointer(scroller)
                on:click=move |event| conversation.set_active(roving_focus::message_of(&event))
                on:contextmenu=move |event| on_context_menu(conversation, &event)
                on:focusin=move |event| conversation.set_active(roving_focus::message_of(&event))
                on:focusout=move |event| {
                    if roving_focus::leaves(&event, scroller) {
                        conversation.set_active(None);
                    }
                }
                on:keydown=on_key
            >
                <div class=content_class node_ref=content>
                    <TimelineStart room_signals room older_path />
                    <For each=move || room_signals.items.keys.get() key=|key| *key children=move |key| row(conversation, key) />
                    <TimelineEnd room_signals newest_path />
                </div>
            </div>
            <div class="timeline-overlay">
                <ConnectionBanners chat room_signals />
                <UnreadBar conversation />
            </div>
            <JumpToEnd conversation />
            {move || is_dragging.get().then(|| ClientOnly(view! { <p class="drop-overlay">{strings.files.drop_here}</p> }))}
        </div>
    }
}

/// One row of the timeline.
fn row(conversation: ConversationController, key: RowKey) -> impl IntoView {
    let room_signals = conversation.room_signals;
    let item = room_signals.items.value(&key);
    let row_mode = conversation.row_modes.of(&key);
    let is_new = AtomicBool::new(true);
    let has_arrived = room_signals.has_arrived(key);
    // All signals of a row are read here. A nested closure would be rebuilt whenever the row changes, and a
    // focused button in it would lose the focus.
    move || {
        // The row keeps its animation, because a message is often saved while the animation runs.
        let entry = match (has_arrived, is_new.swap(false, Ordering::Relaxed)) {
            (true, _) => ItemEntry::Arrived,
            (false, true) => ItemEntry::Loaded,
            (false, false) => ItemEntry::Changed,
        };
        item.as_ref().map(|item| {
            view! { <TimelineItemView item=item.get() row_mode=row_mode.get() entry conversation /> }
        })
    }
}

/// Opens the menu of a message on a long press, for which browsers send `contextmenu`. The menu of a mouse is
/// the browser's.
fn on_context_menu(conversation: ConversationController, event: &MouseEvent) {
    let message = roving_focus::message_of(event).filter(|_| roving_focus::is_touch(event));
    if let Some(item) = message.and_then(|seq| conversation.item_at(seq)) {
        event.prevent_default();
        conversation.perform(MessageAction::More, item.key);
    }
}

fn perform_at(conversation: ConversationController, action: MessageAction, seq: Seq) {
    if let Some(item) = conversation.item_at(seq) {
        conversation.perform(action, item.key);
    }
}
