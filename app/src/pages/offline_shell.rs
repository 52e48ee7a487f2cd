//! The offline shell: the page without data that the service worker stores. The program fills it with a room
//! of the local copy.

use leptos::either::Either;
use leptos::prelude::*;

use super::Room;
use crate::RoomPage;
use crate::browser::offline_shell;
use crate::client_only::lazy_view;
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

/// The page of the service worker, and then the room that this device has stored.
#[component]
fn Shell(version: Option<String>) -> impl IntoView {
    let is_running = RwSignal::new(false);
    effect(move || is_running.set(true));
    move || {
        if is_running.get() {
            Either::Left(lazy::show_main(stored_room(version.clone())))
        } else {
            Either::Right(view! { <Placeholder /> })
        }
    }
}

lazy_part! {
    file room, preload _preload;
    /// The room. A room that the server rendered is hydrated, so only this page needs the code that reads the local copy
    /// and builds all of the room.
    fn stored_room(version: Option<String>) -> AnyView {
        match offline_shell::page() {
            Some(page) => lazy_view(view! { <Room page version is_kept=true /> }),
            None => lazy_view(view! { <NothingStored /> }),
        }
    }
}

/// The page until the program runs.
#[component]
fn Placeholder() -> impl IntoView {
    view! {
        <main class="notice" aria-busy="true">
            <Logo size=48 />
        </main>
    }
}

/// The page if this device has stored no room.
#[component]
fn NothingStored() -> impl IntoView {
    let strings = strings();
    let frame = strings.frame;
    view! {
        <main class="notice">
            <Logo size=48 />
            <h1 class="notice-title">{frame.nothing_kept_title}</h1>
            <p class="notice-text">{frame.nothing_kept_text}</p>
            <a class="button button-main" href="">
                {strings.load_again}
            </a>
        </main>
    }
}
