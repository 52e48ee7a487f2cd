//! The offline shell: the page without data that the service worker stores. The program fills it with a room
//! of the local copy.

use leptos::prelude::*;

use super::Room;
use crate::RoomPage;
use crate::browser::offline_shell;
use crate::client_only::ClientOnly;
use crate::components::icon::Logo;
use crate::effect::effect;
use crate::i18n::strings;

#[component]
pub(crate) fn RoomOrShell(
    /// `None` until the program runs.
    page: Option<RoomPage>,
    version: Option<String>,
) -> impl IntoView {
    let is_kept = page.is_none();
    let page = RwSignal::new(page);
    let nothing = RwSignal::new(false);
    effect(move || {
        if is_kept {
            let kept = offline_shell::page();
            nothing.set(kept.is_none());
            page.set(kept);
        }
    });
    let room = move |page| view! { <Room page version=version.clone() is_kept /> };
    view! {
        // A `For` with at most one element. A closure could also switch between different views, which is not
        // needed and adds 9 KB to the program.
        <For each=move || page.get() key=|_| () children=room />
        {move || page.with(Option::is_none).then(|| view! { <Skeleton nothing /> })}
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
