//! `/rooms/{room}`: what was said, who is there, and where to write.

use hubbub_client::Intent;
use hubbub_protocol::MessageText;
use leptos::html::{Div, Textarea};
use leptos::prelude::*;

use crate::RoomPage;
use crate::browser::{chat_task, clock, draft_keeper, random, scroll, tab};
use crate::chat::{Before, Chat};
use crate::components::banner::{ConnectionBanner, VersionBanner};
use crate::components::composer::{Composer, PlainForm};
use crate::components::copy_link::CopyLink;
use crate::components::icon::{Icon, Picture};
use crate::components::language::LanguageSwitch;
use crate::components::people::{PeopleCount, PeopleList, PeopleToggle};
use crate::components::timeline::Timeline;
use crate::i18n::words;

/// A room. It goes live when it shows the newest messages; an older page is for reading.
#[component]
pub(crate) fn Room(
    page: RoomPage,
    /// The version of this page.
    version: String,
) -> impl IntoView {
    let words = words();
    let chat = Chat::new(&page);
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
        chat_task::submit(Intent::Post { room: room.get_value(), client_id, text, at });
        scroll::to_end(scroller);
        Ok(())
    });
    let on_retry =
        Callback::new(|client_id| chat_task::submit(Intent::Retry { client_id, fresh: random::client_id() }));
    let on_cancel = Callback::new(|client_id| chat_task::submit(Intent::Cancel { client_id }));
    let on_to_end = Callback::new(move |()| scroll::to_end(scroller));
    let on_retry_now = Callback::new(|()| chat_task::submit(Intent::RetryNow));
    let on_reload = Callback::new(|()| tab::reload());
    let on_near_top = Callback::new(move |()| {
        if chat.before.get_untracked() == Before::Messages {
            chat_task::submit(Intent::Older { room: room.get_value() });
        }
    });

    let form = PlainForm {
        action: format!("/rooms/{}/messages", page.room),
        client_id: page.form_client_id,
        acting_as: page.acting_as,
    };
    let name = page.room.clone();
    let path = page.path();
    let older_path = page.older_path();
    let newest_path = (!page.newest).then(|| page.path());
    let alive = page.newest;
    Effect::new(move |_| {
        if alive {
            draft_keeper::start(&page, draft, field);
            scroll::start(scroller, content, chat.at_end, on_near_top);
            chat_task::start(&page, chat);
        }
    });

    view! {
        <div class="room">
            <header class="room-bar">
                <a class="button button-bare" href="/" aria-label=words.to_entrance title=words.to_entrance>
                    <Icon picture=Picture::Back />
                </a>
                <div class="room-heading">
                    <h1 class="room-name">
                        <span class="room-hash">"#"</span>
                        <bdi>{name.to_string()}</bdi>
                    </h1>
                    <PeopleCount people=chat.people />
                </div>
                <div class="room-tools">
                    <CopyLink room=name.clone() />
                    <LanguageSwitch back=path />
                    <PeopleToggle people=chat.people />
                </div>
            </header>
            <main class="room-main">
                <Timeline
                    chat
                    room=name.clone()
                    scroller
                    content
                    older_path
                    newest_path
                    on_retry
                    on_cancel
                    on_to_end
                />
                <div class="banners">
                    <VersionBanner own=version server=chat.server_version on_reload />
                    <ConnectionBanner trouble=chat.trouble on_retry=on_retry_now on_reload />
                </div>
                <Composer room=name form draft problem field alive on_post />
            </main>
            <PeopleList people=chat.people />
        </div>
    }
}
