//! What is said about the connection and the program, when there is something to say.

use hubbub_client::Intent;
use leptos::prelude::*;

use crate::browser::{chat_task, tab};
use crate::chat::{Before, Chat, RoomPicture, Standing};
use crate::i18n::words;
use crate::trouble::Trouble;

/// All of it, one above the other.
#[component]
pub(crate) fn Banners(chat: Chat) -> impl IntoView {
    let words = words();
    let on_retry = Callback::new(|()| chat_task::submit(Intent::RetryNow));
    let on_reload = Callback::new(|()| tab::reload());
    let picture = use_context::<RoomPicture>();
    let before = picture.map(|picture| picture.before);
    let held_back = move || {
        let seconds = picture.and_then(|picture| picture.held_back.get())?;
        Some(view! {
            <div class="banner banner-quiet" role="status" data-held-back="">
                <p class="banner-text">{(words.held_back)(seconds)}</p>
            </div>
        })
    };
    let kept = move || {
        let unknown = before.is_some_and(|before| before.get() == Before::Unknown);
        chat.is_kept.get().then(|| {
            view! {
                <div class="banner banner-quiet" role="status" data-kept="">
                    <p class="banner-text">
                        {if unknown { words.frame.nothing_kept_text } else { words.frame.kept_here }}
                    </p>
                </div>
            }
        })
    };
    let unkept = move || {
        chat.is_unkept.get().then(|| {
            view! {
                <div class="banner" role="alert" data-unkept="">
                    <p class="banner-text">{words.unkept}</p>
                </div>
            }
        })
    };
    let standing = move || {
        let said = match chat.standing.get() {
            Standing::In => return None,
            Standing::Left => words.frame.left.to_owned(),
            Standing::Refused(refusal) => words.refusal(&refusal),
        };
        let again = move |_| {
            chat_task::submit(Intent::Open { room: chat.place.get_untracked().room });
        };
        Some(view! {
            <div class="banner banner-quiet" role="status" data-standing="">
                <p class="banner-text">{said}</p>
                <button class="button" type="button" on:click=again>
                    {words.frame.join_again}
                </button>
            </div>
        })
    };
    view! {
        <div class="banners">
            {kept}
            {held_back}
            {unkept}
            {standing}
            <VersionBanner own=chat.own_version server=chat.server_version on_reload />
            <ConnectionBanner trouble=chat.trouble on_retry on_reload />
        </div>
    }
}

/// Says that there is no connection, and what happens next.
#[component]
fn ConnectionBanner(
    trouble: RwSignal<Option<Trouble>>,
    on_retry: Callback<()>,
    on_reload: Callback<()>,
) -> impl IntoView {
    move || trouble.get().map(|trouble| view! { <TroubleBanner trouble on_retry on_reload /> })
}

#[component]
fn TroubleBanner(trouble: Trouble, on_retry: Callback<()>, on_reload: Callback<()>) -> impl IntoView {
    let words = words();
    let (state, seconds) = match trouble {
        Trouble::Doubt => (words.no_answer.to_owned(), None),
        Trouble::Connecting { attempt } => ((words.connecting)(attempt), None),
        Trouble::Waiting { attempt, seconds } => ((words.connection_lost)(attempt), Some(seconds)),
        Trouble::Offline { seconds } => (words.offline.to_owned(), seconds),
        Trouble::Stopped { outdated: true } => (words.stopped_version.to_owned(), None),
        Trouble::Stopped { outdated: false } => (words.stopped_elsewhere.to_owned(), None),
    };
    let stopped = matches!(trouble, Trouble::Stopped { .. });
    let (label, action) = if stopped { (words.load_again, on_reload) } else { (words.retry_now, on_retry) };
    view! {
        <div class="banner" role="status" data-banner="">
            <p class="banner-text">
                <span class="banner-state">{state}</span>
                // A screen reader would read every second of the countdown aloud.
                <span class="banner-seconds" aria-hidden="true">
                    {seconds.map(|seconds| format!(" · {}", (words.next_try)(seconds)))}
                </span>
                {(!stopped).then(|| view! { <span class="banner-more">{words.kept}</span> })}
            </p>
            <button class="button" type="button" on:click=move |_| action.run(())>
                {label}
            </button>
        </div>
    }
}

/// Offers a newer version of the page.
#[component]
fn VersionBanner(
    /// The version of this page, if a server rendered it.
    own: StoredValue<Option<String>>,
    /// The version of the server, as far as it is known.
    server: RwSignal<Option<String>>,
    on_reload: Callback<()>,
) -> impl IntoView {
    let words = words();
    move || {
        let outdated = server.with(|server| {
            let versions = server.as_ref().zip(own.get_value());
            versions.is_some_and(|(server, own)| *server != own)
        });
        outdated.then(|| {
            view! {
                <div class="banner banner-quiet" role="status" data-new-version="">
                    <p class="banner-text">{words.new_version}</p>
                    <button class="button" type="button" on:click=move |_| on_reload.run(())>
                        {words.reload}
                    </button>
                </div>
            }
        })
    }
}
