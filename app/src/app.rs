//! The root: from a snapshot to a page.

use crate::tree::prelude::*;

use crate::components::broken::Broken;
use crate::pages::{EntrancePage, NotFoundPage, RoomOrShell, UnavailablePage};
use crate::{PageSnapshot, Snapshot};

/// The element of the document that holds the snapshot.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub(crate) const SNAPSHOT_ID: &str = "snapshot";

/// The page of a snapshot. Everything the chat holds lives as long as this.
#[component]
pub(crate) fn App(snapshot: Snapshot) -> Tree {
    let Snapshot { language, version, page } = snapshot;
    provide_context(language);
    let page = match page {
        PageSnapshot::Entrance(entrance) => view! { <EntrancePage entrance /> },
        PageSnapshot::Room(page) => view! { <RoomOrShell page=Some(*page) version /> },
        PageSnapshot::Shell {} => view! { <RoomOrShell page=None version /> },
        PageSnapshot::NotFound { problem } => view! { <NotFoundPage problem /> },
        PageSnapshot::Broken {} => view! { <UnavailablePage /> },
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
    crate::tree::show_page(true, move || view! { <App snapshot /> });
    tab::mark_hydrated();
}

/// Builds the page in the browser alone, from its address, for `trunk serve`.
#[cfg(feature = "csr")]
pub fn mount() {
    use crate::browser::tab;

    tab::report_panics();
    tab::prepare();
    let snapshot = tab::snapshot_from_address();
    crate::tree::show_page(false, move || view! { <App snapshot /> });
    tab::mark_hydrated();
}
