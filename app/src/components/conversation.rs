//! What is said in a room, and where one answers. It is made anew for each room one goes to.

use leptos::html::Div;
use leptos::prelude::*;

use super::banner::Banners;
use super::composer::{Composer, PlainForm};
use super::ends::Typing;
use super::over::Overs;
use super::timeline::Timeline;
use crate::RoomPage;
use crate::browser::{draft_keeper, scroll};
use crate::chat::{Chat, RoomPicture};
use crate::i18n::words;
use crate::talk::Talk;
use crate::writing::Writing;

#[component]
pub(crate) fn Conversation(
    chat: Chat,
    picture: RoomPicture,
    /// The room as the server rendered it, or the empty page of one that the browser has come to by itself.
    page: RoomPage,
) -> impl IntoView {
    let words = words();
    let problem = page.problem.as_ref().map(|problem| words.refusal(problem));
    let writing = Writing::new(page.draft.clone(), problem);
    let talk = Talk::new(page.room.clone(), chat, picture, writing, words);
    let scroller = NodeRef::<Div>::new();
    let content = NodeRef::<Div>::new();

    let form = PlainForm {
        action: format!("/rooms/{}/messages", page.room),
        client_id: page.form_client_id,
        acting_as: page.acting_as,
    };
    let room = page.room.clone();
    let (older_path, newest_path) = (page.older_path(), page.newest_path());
    let here = room.clone();
    Effect::new(move |_| {
        draft_keeper::start(here.clone(), writing, talk.field);
        scroll::start(scroller, content, talk);
    });
    Effect::new(move |_| {
        if picture.opens_at.get().is_some() {
            talk.to_divider();
        }
    });
    // A link to a line of this room changes the address and nothing else.
    let here = room.clone();
    Effect::new(move |_| {
        if let Some(at) = chat.place.with(|place| place.at.filter(|_| place.room == here)) {
            talk.jump(at);
        }
    });

    view! {
        <Timeline talk room=room.clone() scroller content older_path newest_path />
        <Banners chat />
        <Typing picture />
        <Composer talk room form />
        <Overs talk edits=chat.edits />
    }
}
