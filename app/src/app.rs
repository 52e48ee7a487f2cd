//! The root: from a snapshot to a page.

use leptos::either::EitherOf4;
use leptos::prelude::*;

use crate::components::broken::Broken;
use crate::pages::{EntrancePage, NotFoundPage, RoomOrShell, UnavailablePage};
use crate::{PageSnapshot, Snapshot};

/// The element of the document that holds the snapshot.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub(crate) const SNAPSHOT_ID: &str = "snapshot";

/// The page of a snapshot. Everything the chat holds lives as long as this.
#[component]
pub(crate) fn App(snapshot: Snapshot) -> impl IntoView {
    let Snapshot { language, version, page } = snapshot;
    provide_context(language);
    // Not `into_any`, which carries every way to render a page that the browser never uses: 60 KB of them.
    let page = match page {
        PageSnapshot::Entrance(entrance) => EitherOf4::A(view! { <EntrancePage entrance /> }),
        PageSnapshot::Room(page) => EitherOf4::B(view! { <RoomOrShell page=Some(*page) version /> }),
        PageSnapshot::Shell {} => EitherOf4::B(view! { <RoomOrShell page=None version /> }),
        PageSnapshot::NotFound { problem } => EitherOf4::C(view! { <NotFoundPage problem /> }),
        PageSnapshot::Broken {} => EitherOf4::D(view! { <UnavailablePage /> }),
    };
    view! {
        {page}
        <Broken />
    }
}

/// Makes the rendered page live. A document without a readable snapshot stays as it is: text and forms.
#[cfg(feature = "hydrate")]
pub(crate) fn hydrate() {
    use crate::browser::tab;

    tab::report_panics();
    tab::prepare();
    let Some(snapshot) = tab::snapshot() else { return };
    leptos::mount::hydrate_body(move || view! { <App snapshot /> });
    tab::mark_hydrated();
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
