//! The root component: renders a snapshot as a page.

#[cfg(any(feature = "ssr", feature = "csr"))]
use leptos::either::Either;
use leptos::prelude::*;

use crate::components::crash_notice::CrashNotice;
use crate::i18n::Language;
#[cfg(feature = "ssr")]
use crate::pages::AccountPageView;
use crate::pages::RoomOrShell;
#[cfg(any(feature = "ssr", feature = "csr"))]
use crate::pages::{LandingPage, NotFoundPage, UnavailablePage};
use crate::snapshot::{PageSnapshot, RoomPage, Snapshot};

#[cfg(any(feature = "ssr", feature = "csr"))]
#[component]
pub(crate) fn App(snapshot: Snapshot) -> impl IntoView {
    let Snapshot { language, version, page } = snapshot;
    provide_context(language);
    let page = match page {
        PageSnapshot::Room(page) => {
            return Either::Left(view! { <LivePage language page=Some(*page) version /> });
        }
        PageSnapshot::OfflineShell {} => {
            return Either::Left(view! { <LivePage language page=None version /> });
        }
        PageSnapshot::Landing(landing) => view! { <LandingPage landing /> }.into_any(),
        #[cfg(feature = "ssr")]
        PageSnapshot::Account(page) => view! { <AccountPageView page /> }.into_any(),
        PageSnapshot::NotFound { problem } => view! { <NotFoundPage problem /> }.into_any(),
        #[cfg(feature = "ssr")]
        PageSnapshot::BadRequest { reason } => view! { <crate::pages::BadRequestPage reason /> }.into_any(),
        PageSnapshot::Unavailable {} => view! { <UnavailablePage /> }.into_any(),
    };
    Either::Right(page)
}

/// The page of a room, the only page that is hydrated. Other pages consist of text and forms. The state of
/// the chat lives as long as this component.
#[component]
fn LivePage(language: Language, page: Option<RoomPage>, version: Option<String>) -> impl IntoView {
    provide_context(language);
    view! {
        <RoomOrShell page version />
        <CrashNotice />
    }
}

/// Hydrates the rendered page.
///
/// # Panics
///
/// If the document has no snapshot that this program can read. The page then shows the crash notice.
#[cfg(feature = "hydrate")]
pub(crate) fn hydrate() {
    use crate::browser::tab;
    use crate::shared_snapshot;

    tab::report_panics();
    // The task is spawned without Leptos, because only `hydrate_body` sets the executor of Leptos.
    wasm_bindgen_futures::spawn_local(async {
        tab::language().load().await;
        tab::prepare();
        if !tab::is_hydrated() {
            // The page has no interactive part.
            return tab::mark_ready();
        }
        leptos::mount::hydrate_body(|| {
            let snapshot = shared_snapshot::share(|| panic!("the document holds no readable snapshot"));
            let Snapshot { language, version, page } = snapshot;
            let page = match page {
                PageSnapshot::Room(page) => Some(*page),
                PageSnapshot::OfflineShell {} => None,
                #[cfg(any(feature = "ssr", feature = "csr"))]
                _ => None,
            };
            view! { <LivePage language page version /> }
        });
        tab::mark_hydrated();
    });
}

/// Renders the page in the browser alone, from its address, for `trunk serve`.
#[cfg(feature = "csr")]
pub fn mount() {
    use crate::browser::tab;

    tab::report_panics();
    tab::prepare();
    let snapshot = tab::snapshot_from_address();
    leptos::mount::mount_to_body(move || view! { <App snapshot /> });
    tab::mark_hydrated();
}
