//! The offline shell: the page without data that the service worker stores. The program fills it with a room
//! of the local copy.

use leptos::either::Either;
use leptos::prelude::*;

use super::Room;
use crate::RoomPage;
use crate::browser::offline_shell;
use crate::client_only::ClientOnly;
use crate::components::icon::Logo;
use crate::effect::effect;
use crate::i18n::strings;
use crate::lazy;
use crate::lazy_part::lazy_part;

#[component]
pub(crate) fn RoomOrShell(
    /// `None` until the program runs.
    page: Option<RoomPage>,
    version: Option<String>,
) -> impl IntoView {
    match page {
        Some(page) => Either::Left(view! { <Room page version is_kept=false /> }),
        None => Either::Right(view! { <Shell version /> }),
    }
}

/// The page of the service worker, and the room that this device has kept.
#[component]
fn Shell(version: Option<String>) -> impl IntoView {
    let page = RwSignal::new(None::<RoomPage>);
    let nothing = RwSignal::new(false);
    effect(move || {
        let kept = offline_shell::page();
        nothing.set(kept.is_none());
        page.set(kept);
    });
    move || match page.get() {
        Some(page) => Either::Left(lazy::show(cached_room(page, version.clone()), || ())),
        None => Either::Right(view! { <Skeleton nothing /> }),
    }
}

lazy_part! {
    file offline_room, preload _preload;
    /// The room. A room that the server rendered is hydrated, so only this page needs the code that builds all of it.
    fn cached_room(page: RoomPage, version: Option<String>) -> AnyView {
        ClientOnly(view! { <Room page version is_kept=true /> }).into_any()
    }
}

/// The placeholder until the data is loaded, and the text if there is none.
#[component]
fn Skeleton(nothing: RwSignal<bool>) -> impl IntoView {
    let strings = strings();
    let frame = strings.frame;
    view! {
        <main class="notice" aria-busy=move || if nothing.get() { "false" } else { "true" }>
            <Logo size=48 />
            {move || {
                nothing
                    .get()
                    .then(|| {
                        ClientOnly(view! {
                            <h1 class="notice-title">{frame.nothing_kept_title}</h1>
                            <p class="notice-text">{frame.nothing_kept_text}</p>
                            <a class="button button-main" href="">
                                {strings.load_again}
                            </a>
                        })
                    })
            }}
        </main>
    }
}
