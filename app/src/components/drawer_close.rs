//! The button that closes a drawer.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::i18n::strings;

/// Closes a drawer without a script. A column on a wide screen has no visible button.
#[component]
pub(crate) fn DrawerClose(
    /// Id of the drawer.
    drawer: &'static str,
    class: &'static str,
) -> impl IntoView {
    view! {
        <button
            class=class
            type="button"
            popovertarget=drawer
            popovertargetaction="hide"
            aria-label=strings().close
        >
            <Icon name=IconName::Close />
        </button>
    }
}
