//! The root: from a snapshot to a page.

#[cfg(any(feature = "ssr", feature = "csr"))]
use leptos::either::EitherOf4;
use leptos::prelude::*;

use crate::components::crash_notice::CrashNotice;
use crate::pages::RoomOrShell;
#[cfg(any(feature = "ssr", feature = "csr"))]
use crate::pages::{LandingPage, NotFoundPage, UnavailablePage};
use crate::{Language, PageSnapshot, RoomPage, Snapshot};

/// The page of a snapshot.
#[cfg(any(feature = "ssr", feature = "csr"))]
#[component]
pub(crate) fn App(snapshot: Snapshot) -> impl IntoView {
    let Snapshot { language, version, page } = snapshot;
    match page {
        PageSnapshot::Room(page) => EitherOf4::A(view! { <LivePage language page=Some(*page) version /> }),
        PageSnapshot::OfflineShell {} => EitherOf4::A(view! { <LivePage language page=None version /> }),
        PageSnapshot::Landing(landing) => {
            provide_context(language);
            EitherOf4::B(view! { <LandingPage landing /> })
        }
        PageSnapshot::NotFound { problem } => {
            provide_context(language);
            EitherOf4::C(view! { <NotFoundPage problem /> })
        }
        PageSnapshot::Unavailable {} => {
            provide_context(language);
            EitherOf4::D(view! { <UnavailablePage /> })
        }
    }
}

/// The only page that comes alive. The others are text and forms.
/// Everything the chat holds lives as long as this.
#[component]
fn LivePage(language: Language, page: Option<RoomPage>, version: Option<String>) -> impl IntoView {
    provide_context(language);
    view! {
        <RoomOrShell page version />
        <CrashNotice />
    }
}

/// Makes the rendered page live. A document without a readable snapshot stays as it is: text and forms.
#[cfg(feature = "hydrate")]
pub(crate) fn hydrate() {
    use crate::browser::tab;

    tab::report_panics();
    let snapshot = tab::snapshot();
    let language = snapshot.as_ref().map_or_else(Language::default, |snapshot| snapshot.language);
    // Not through leptos, whose executor `hydrate_body` sets.
    wasm_bindgen_futures::spawn_local(async move {
        language.load().await;
        tab::prepare();
        let Some(Snapshot { language, version, page }) = snapshot else { return };
        let page = match page {
            // Nothing on it waits for the program.
            PageSnapshot::Room(page) if page.asks_name => return tab::mark_ready(),
            PageSnapshot::Room(page) => Some(*page),
            PageSnapshot::OfflineShell {} => None,
            _ => return,
        };
        leptos::mount::hydrate_body(move || view! { <LivePage language page version /> });
        tab::mark_hydrated();
    });
}

/// Builds the page in the browser alone, from its address, for `trunk serve`.
#[cfg(feature = "csr")]
pub fn mount() {
    use crate::browser::tab;

    tab::report_panics();
    tab::prepare();
    let snapshot = tab::snapshot_from_address();
    leptos::mount::mount_to_body(move || view! { <App snapshot /> });
    tab::mark_hydrated();
}
