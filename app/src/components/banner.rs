//! Banners about the connection, the user's membership and the version of the program.

use hubbub_client::Intent;
use leptos::prelude::*;

use crate::browser::{chat_task, tab};
use crate::client_only::ClientOnly;
use crate::i18n::strings;
use crate::state::connection_problem::ConnectionProblem;
use crate::state::{ChatSignals, MembershipStatus, OlderMessages, RoomSignals, StorageProblem};

/// The banners between the timeline and the composer, stacked.
#[component]
pub(crate) fn Banners(chat: ChatSignals) -> impl IntoView {
    let strings = strings();
    let handle = chat_task::use_handle();
    let on_reload = Callback::new(|()| tab::reload());
    let room_signals = use_context::<RoomSignals>();
    let held_back = move || {
        let seconds = room_signals.and_then(|room_signals| room_signals.held_back.get())?;
        Some(ClientOnly(view! {
            <div class="banner banner-quiet" role="status" data-held-back="">
                <p class="banner-text">{(strings.held_back)(seconds)}</p>
            </div>
        }))
    };
    let storage = move || {
        chat.storage_problem.get().map(|problem| {
            let text = match problem {
                StorageProblem::Full => strings.unkept,
                StorageProblem::Unreadable => strings.unreadable,
            };
            ClientOnly(view! {
                <div class="banner" role="alert" data-storage-problem="">
                    <p class="banner-text">{text}</p>
                </div>
            })
        })
    };
    let membership = move || {
        let message_item = match chat.membership.get() {
            MembershipStatus::In => return None,
            MembershipStatus::Left => strings.frame.left.to_owned(),
            MembershipStatus::Refused(refusal) => strings.refusal(&refusal),
        };
        let again = move |_| {
            handle.submit(Intent::Open { room: chat.route.get_untracked().room });
        };
        Some(ClientOnly(view! {
            <div class="banner banner-quiet" role="status" data-membership="">
                <p class="banner-text">{message_item}</p>
                <button class="button" type="button" on:click=again>
                    {strings.frame.join_again}
                </button>
            </div>
        }))
    };
    view! {
        <div class="banners">
            {held_back}
            {storage}
            {membership}
            <VersionBanner own=chat.own_version server=chat.server_version on_reload />
        </div>
    }
}

/// The banners about the connection. They lie over the top of the timeline, because a connection is lost and comes
/// back without an action of the user, and nothing may move then.
#[component]
pub(crate) fn ConnectionBanners(chat: ChatSignals, room_signals: RoomSignals) -> impl IntoView {
    let strings = strings();
    let handle = chat_task::use_handle();
    let on_retry = Callback::new(move |()| handle.submit(Intent::RetryNow));
    let on_reload = Callback::new(|()| tab::reload());
    let kept = move || {
        let unknown = room_signals.before.get() == OlderMessages::Unknown;
        chat.is_kept.get().then(|| {
            ClientOnly(view! {
                <div class="banner banner-quiet" role="status" data-kept="">
                    <p class="banner-text">
                        {if unknown { strings.frame.nothing_kept_text } else { strings.frame.kept_here }}
                    </p>
                </div>
            })
        })
    };
    let trouble = move || {
        // Another banner says that messages are lost when the tab is closed.
        let are_saved = chat.storage_problem.get() != Some(StorageProblem::Full);
        chat.connection_problem.get().map(|connection_problem| {
            ClientOnly(view! { <TroubleBanner connection_problem are_saved on_retry on_reload /> })
        })
    };
    view! {
        {kept}
        {trouble}
    }
}

/// The banner about a missing connection and the next attempt to connect.
#[component]
fn TroubleBanner(
    connection_problem: ConnectionProblem,
    /// Whether unsent messages are saved.
    are_saved: bool,
    on_retry: Callback<()>,
    on_reload: Callback<()>,
) -> impl IntoView {
    let strings = strings();
    let (state, seconds) = match connection_problem {
        ConnectionProblem::Unresponsive => (strings.no_answer.to_owned(), None),
        ConnectionProblem::Connecting { attempt } => ((strings.connecting)(attempt), None),
        ConnectionProblem::Waiting { attempt, seconds } => {
            ((strings.connection_lost)(attempt), Some(seconds))
        }
        ConnectionProblem::Offline { seconds } => (strings.offline.to_owned(), seconds),
        ConnectionProblem::Stopped { outdated: true } => (strings.stopped_version.to_owned(), None),
        ConnectionProblem::Stopped { outdated: false } => (strings.stopped_elsewhere.to_owned(), None),
    };
    let stopped = matches!(connection_problem, ConnectionProblem::Stopped { .. });
    let (label, action) =
        if stopped { (strings.load_again, on_reload) } else { (strings.retry_now, on_retry) };
    view! {
        <div class="banner" role="status" data-banner="">
            <p class="banner-text">
                <span class="banner-state">{state}</span>
                // The countdown is hidden from screen readers, which would read every second of it.
                <span class="banner-seconds" aria-hidden="true">
                    {seconds.map(|seconds| format!(" · {}", (strings.next_try)(seconds)))}
                </span>
                {(!stopped && are_saved).then(|| view! { <span class="banner-more">{strings.kept}</span> })}
            </p>
            <button class="button" type="button" on:click=move |_| action.run(())>
                {label}
            </button>
        </div>
    }
}

/// The banner that offers a newer version of the page.
#[component]
fn VersionBanner(
    /// The version of this page, if a server rendered it.
    own: StoredValue<Option<String>>,
    /// The version of the server, if it is known.
    server: RwSignal<Option<String>>,
    on_reload: Callback<()>,
) -> impl IntoView {
    let strings = strings();
    move || {
        let outdated = server.with(|server| {
            let versions = server.as_ref().zip(own.get_value());
            versions.is_some_and(|(server, own)| *server != own)
        });
        outdated.then(|| {
            ClientOnly(view! {
                <div class="banner banner-quiet" role="status" data-new-version="">
                    <p class="banner-text">{strings.new_version}</p>
                    <button class="button" type="button" on:click=move |_| on_reload.run(())>
                        {strings.reload}
                    </button>
                </div>
            })
        })
    }
}
