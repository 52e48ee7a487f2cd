//! The conversation: the timeline and the composer of a room. It is created anew for each room.

use hubbub_protocol::RoomName;
#[cfg(any(feature = "ssr", feature = "csr"))]
use leptos::either::Either;
use leptos::html::Div;
use leptos::prelude::*;

use super::banner::Banners;
use super::composer::{Composer, PlainForm};
use super::ends::Typing;
#[cfg(any(feature = "ssr", feature = "csr"))]
use super::name_form::NameForm;
use super::popovers::Popovers;
use super::timeline::Timeline;
use crate::RoomPage;
use crate::browser::scroll_event::ScrollArea;
use crate::browser::{chat_task, draft_storage, field, scroll};
use crate::conversation::ConversationController;
use crate::effect::effect;
use crate::i18n::strings;
use crate::route::room_path;
use crate::state::composer_state::ComposerState;
use crate::state::{ChatSignals, RoomSignals};

#[component]
pub(crate) fn Conversation(
    chat: ChatSignals,
    room_signals: RoomSignals,
    /// The page that the server rendered, or an empty page for a room that the browser opened without the
    /// server.
    page: RoomPage,
) -> impl IntoView {
    let strings = strings();
    let problem = page.problem.as_ref().map(|problem| strings.refusal(problem));
    let composer = ComposerState::new(page.draft.clone(), problem);
    let handle = chat_task::use_handle();
    let conversation =
        ConversationController::new(page.room.clone(), handle, chat, room_signals, composer, strings);
    let scroller = NodeRef::<Div>::new();
    let content = NodeRef::<Div>::new();
    let scroll_target = conversation.scroll_target;
    let on_event = Callback::new(move |event| conversation.on_scroll(event));

    let form = PlainForm {
        action: room_path(&page.room, None) + "/messages",
        client_id: page.form_client_id,
        acting_as: page.acting_as,
    };
    let room = page.room.clone();
    let (older_path, newest_path) = (page.older_path(), page.newest_path());
    let here = room.clone();
    let is_linked = chat.route.with_untracked(|route| route.at.is_some());
    effect(move || {
        draft_storage::start(handle, here.clone(), composer, conversation.field);
        scroll::start(ScrollArea { scroller, content, room_signals, scroll_target, on_event });
        field::start(conversation.field, is_linked);
    });
    // This effect does not move a reader who is not at the end.
    effect(move || {
        if room_signals.opens_at.get().is_some() && room_signals.at_end.get_untracked() {
            conversation.scroll_to_divider();
        }
    });
    follow_links(chat, conversation, room.clone());

    let composer = view! { <Composer conversation room=room.clone() form /> };
    // A page with the name form is not hydrated.
    #[cfg(any(feature = "ssr", feature = "csr"))]
    let composer = if page.asks_name {
        Either::Left(view! { <NameForm room=room.clone() at=page.at /> })
    } else {
        Either::Right(composer)
    };

    view! {
        <Timeline chat conversation room scroller content older_path newest_path />
        <Banners chat />
        <Typing room_signals />
        {composer}
        <Popovers conversation edits=chat.edits />
    }
}

/// Scrolls to the message of a link to this room, which changes only the address.
fn follow_links(chat: ChatSignals, conversation: ConversationController, here: RoomName) {
    effect(move || {
        if let Some(at) = chat.route.with(|route| route.at.filter(|_| route.room == here)) {
            conversation.scroll_to(at);
        }
    });
}
