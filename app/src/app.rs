//! The root: from a snapshot to a page.

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

/// The page of a snapshot.
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
        PageSnapshot::Unavailable {} => view! { <UnavailablePage /> }.into_any(),
    };
    Either::Right(page)
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

/// Makes the rendered page live.
///
/// # Panics
/// If the document holds no snapshot that this program can read. The page then says that the program has ended.
#[cfg(feature = "hydrate")]
pub(crate) fn hydrate() {
    use crate::browser::tab;
    use crate::shared_snapshot;

    tab::report_panics();
    // Not through leptos, whose executor `hydrate_body` sets.
    wasm_bindgen_futures::spawn_local(async {
        tab::language().load().await;
        tab::prepare();
        if !tab::comes_alive() {
            // Nothing on it waits for the program.
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
