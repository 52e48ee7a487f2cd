//! The elements before the first and after the last row of the timeline.

use hubbub_protocol::RoomName;
use leptos::either::Either;
use leptos::prelude::*;

use super::copy_link::RoomLink;
use super::icon::{Icon, IconName};
use crate::client_only::ClientOnly;
use crate::conversation::ConversationController;
use crate::i18n::strings;
use crate::state::{NewerMessages, OlderMessages, RoomSignals};

/// The element before the first row.
#[component]
pub(crate) fn TimelineStart(
    room_signals: RoomSignals,
    room: RoomName,
    /// URL of the page with older messages, for use without a script.
    older_path: Option<String>,
) -> impl IntoView {
    let strings = strings();
    let sentence = |sentence| Some(Either::Right(view! { <p class="timeline-edge">{sentence}</p> }));
    let edge = move || match room_signals.before.get() {
        OlderMessages::Unknown => None,
        // Reserves the space of the sentence that is shown once older messages are loaded.
        OlderMessages::Messages => sentence(""),
        OlderMessages::Silence => Some(Either::Left(view! { <EmptyRoom room=room.clone() /> })),
        OlderMessages::Nothing => sentence(strings.beginning),
        OlderMessages::Loading => sentence(strings.loading),
    };
    view! {
        <PlainLink path=older_path label=strings.older_messages />
        {edge}
    }
}

/// The element after the last row.
#[component]
pub(crate) fn TimelineEnd(
    room_signals: RoomSignals,
    /// URL of the page with the newest messages, for use without a script.
    newest_path: Option<String>,
) -> impl IntoView {
    let strings = strings();
    let edge = move || {
        (room_signals.after.get() == NewerMessages::Loading)
            .then(|| ClientOnly(view! { <p class="timeline-edge">{strings.conversation.loading_newer}</p> }))
    };
    view! {
        {edge}
        <PlainLink path=newest_path label=strings.newest_messages />
    }
}

/// A link that is shown only without a script.
#[component]
fn PlainLink(path: Option<String>, label: &'static str) -> impl IntoView {
    path.map(|path| {
        view! {
            <p class="timeline-edge without-script">
                <a class="button" href=path>
                    {label}
                </a>
            </p>
        }
    })
}

/// The placeholder for a room without messages.
#[component]
fn EmptyRoom(room: RoomName) -> impl IntoView {
    let strings = strings();
    view! {
        <div class="timeline-empty">
            <h2 class="timeline-empty-title">{strings.empty_title}</h2>
            <p class="timeline-empty-text">{strings.empty_text}</p>
            <RoomLink room />
        </div>
    }
}

/// The button that jumps to the end, with the number of new messages, for a reader who has scrolled up.
#[component]
pub(crate) fn JumpToEnd(conversation: ConversationController) -> impl IntoView {
    let strings = strings();
    let room_signals = conversation.room_signals;
    move || {
        if room_signals.at_end.get() {
            return None;
        }
        let (class, text_class, text) = match room_signals.unread.get() {
            0 => ("button timeline-pill", "visually-hidden", strings.newest_messages.to_owned()),
            new => {
                let new = usize::try_from(new).unwrap_or(usize::MAX);
                ("button button-main timeline-pill", "", (strings.new_messages)(new))
            }
        };
        Some(ClientOnly(view! {
            <button class=class type="button" on:click=move |_| conversation.scroll_to_end()>
                <Icon name=IconName::Down size=16 />
                <span class=text_class>{text}</span>
            </button>
        }))
    }
}

/// The number of new messages, the time of the first one, and a button that jumps to the end. Shown to a
/// reader who was placed at the first unread message.
#[component]
pub(crate) fn UnreadBar(conversation: ConversationController) -> impl IntoView {
    let strings = strings();
    let room_signals = conversation.room_signals;
    move || {
        let since = room_signals.unread_since.get().filter(|_| room_signals.is_catching_up.get())?;
        let text = (strings.conversation.new_since)(since);
        Some(ClientOnly(view! {
            <div class="unread-bar" role="status" data-unread-since="">
                <span>{text}</span>
                <button class="button button-bare" type="button" on:click=move |_| conversation.scroll_to_end()>
                    {strings.conversation.jump_to_end}
                    <Icon name=IconName::Down size=16 />
                </button>
            </div>
        }))
    }
}

/// The typing notice. Its space is always reserved, so that nothing moves. Screen readers announce the
/// first user who starts to type, but not each further user.
#[component]
pub(crate) fn Typing(room_signals: RoomSignals) -> impl IntoView {
    let strings = strings();
    let sentence = move || {
        room_signals.typing.with(|users| {
            let names: Vec<String> =
                users.iter().map(|user| crate::i18n::isolated(user.name.as_str())).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            (strings.conversation.typing)(&names)
        })
    };
    let told = Memo::new(move |before: Option<&String>| {
        let now = sentence();
        match before {
            Some(before) if !before.is_empty() && !now.is_empty() => before.clone(),
            _ => now,
        }
    });
    view! {
        <div class="typing" data-typing="">
            <span class="typing-text" aria-hidden="true">
                {sentence}
            </span>
            <span class="visually-hidden" aria-live="polite">
                {told}
            </span>
        </div>
    }
}
