//! Shows parts of the program that are loaded after hydration (`app/src/lazy_part.rs`).

use std::future::{Future, poll_fn};
use std::pin::Pin;

use leptos::prelude::*;

use crate::browser::tab;
use crate::client_only::{ClientOnly, lazy_view};
use crate::i18n::strings;
use crate::lazy_part::Loaded;

/// Shows a part once it has loaded. `on_late` runs if that is after the first rendering, for actions that
/// need the content, such as setting the focus or placing a dialog.
pub(crate) fn show(
    part: impl Future<Output = Loaded<AnyView>> + Send + 'static,
    on_late: impl FnOnce() + Send + 'static,
) -> ClientOnly<Suspend<AnyView>> {
    show_or(Box::pin(part), Box::new(on_late), || lazy_view(view! { <NotLoaded /> }))
}

/// Shows a part that is the main content of the page.
pub(crate) fn show_main(
    part: impl Future<Output = Loaded<AnyView>> + Send + 'static,
) -> ClientOnly<Suspend<AnyView>> {
    show_or(Box::pin(part), Box::new(|| ()), || lazy_view(view! { <MainNotLoaded /> }))
}

/// Boxes its arguments, so that the program contains this code once and not for each part.
fn show_or(
    mut part: Pin<Box<dyn Future<Output = Loaded<AnyView>> + Send>>,
    on_late: Box<dyn FnOnce() + Send>,
    placeholder: fn() -> AnyView,
) -> ClientOnly<Suspend<AnyView>> {
    ClientOnly(Suspend::new(async move {
        let mut is_late = false;
        let loaded = poll_fn(|context| {
            let loaded = part.as_mut().poll(context);
            is_late |= loaded.is_pending();
            loaded
        });
        let view = match loaded.await {
            Ok(view) => view,
            Err(_) => placeholder(),
        };
        if is_late {
            on_late();
        }
        view
    }))
}

/// The placeholder for a part that did not load, because there is no network or the server has a newer
/// version.
#[component]
fn NotLoaded() -> impl IntoView {
    let strings = strings();
    view! {
        <form class="not-loaded" method="dialog" data-not-loaded="">
            <p class="dialog-text" role="alert">
                {strings.frame.not_loaded}
            </p>
            <div class="dialog-foot">
                <button class="button" type="submit">
                    {strings.close}
                </button>
                <button class="button button-main" type="button" on:click=move |_| tab::reload()>
                    {strings.load_again}
                </button>
            </div>
        </form>
    }
}

/// The placeholder for the main content. The address of the page names the content, so the page is loaded from there.
#[component]
fn MainNotLoaded() -> impl IntoView {
    let strings = strings();
    view! {
        <main class="notice" data-not-loaded="">
            <p class="notice-text" role="alert">
                {strings.frame.not_loaded}
            </p>
            <a class="button button-main" href="">
                {strings.load_again}
            </a>
        </main>
    }
}
