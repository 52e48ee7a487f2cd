//! What is said in a room, and where one answers. It is made anew for each room one goes to.

use hubbub_client::Intent;
use hubbub_protocol::MessageText;
use leptos::html::{Div, Textarea};
use leptos::prelude::*;

use super::banner::Banners;
use super::composer::{Composer, PlainForm};
use super::timeline::Timeline;
use crate::RoomPage;
use crate::browser::{chat_task, clock, draft_keeper, random, scroll};
use crate::chat::{Before, Chat, RoomPicture};
use crate::i18n::words;

#[component]
pub(crate) fn Conversation(
    chat: Chat,
    picture: RoomPicture,
    /// The room as the server rendered it, or the empty page of one that the browser has come to by itself.
    page: RoomPage,
) -> impl IntoView {
    let words = words();
    let draft = RwSignal::new(page.draft.clone());
    let problem = RwSignal::new(page.problem.as_ref().map(|problem| words.refusal(problem)));
    let scroller = NodeRef::<Div>::new();
    let content = NodeRef::<Div>::new();
    let field = NodeRef::<Textarea>::new();

    let room = StoredValue::new(page.room.clone());
    let on_post = Callback::new(move |text: MessageText| {
        if !chat_task::can_post() {
            return Err(words.outbox_full.to_owned());
        }
        let (client_id, at) = (random::client_id(), clock::now());
        chat_task::submit(Intent::Post { room: room.get_value(), client_id, text, at, reply_to: None });
        scroll::to_end(scroller);
        Ok(())
    });
    let on_retry =
        Callback::new(|client_id| chat_task::submit(Intent::Retry { client_id, fresh: random::client_id() }));
    let on_cancel = Callback::new(|client_id| chat_task::submit(Intent::Cancel { client_id }));
    let on_to_end = Callback::new(move |()| scroll::to_end(scroller));
    let on_near_top = Callback::new(move |()| {
        if picture.before.get_untracked() == Before::Messages {
            chat_task::submit(Intent::Older { room: room.get_value() });
        }
    });

    let form = PlainForm {
        action: format!("/rooms/{}/messages", page.room),
        client_id: page.form_client_id,
        acting_as: page.acting_as,
    };
    let name = page.room.clone();
    let older_path = page.older_path();
    let newest_path = page.newest_path();
    Effect::new(move |_| {
        draft_keeper::start(&page, draft, field);
        scroll::start(scroller, content, picture.at_end, on_near_top);
    });

    view! {
        <Timeline
            picture
            room=name.clone()
            scroller
            content
            older_path
            newest_path
            on_retry
            on_cancel
            on_to_end
        />
        <Banners chat />
        <Composer room=name form draft problem field on_post />
    }
}
