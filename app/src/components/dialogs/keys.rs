//! The dialog that lists the keyboard shortcuts.

use leptos::prelude::*;

use super::DialogHead;
use crate::i18n::strings;

#[component]
pub(super) fn Keys() -> impl IntoView {
    let frame = strings().frame;
    let groups = frame.keys_about.iter().map(|group| {
        let items = group.keys.iter().map(|(keys, about)| {
            let keys: Vec<_> = keys.iter().map(|key| view! { <kbd class="key">{*key}</kbd> }).collect();
            view! {
                <div class="keys-line">
                    <dt>{keys}</dt>
                    <dd>{*about}</dd>
                </div>
            }
        });
        view! {
            <h3 class="keys-section">{group.route}</h3>
            <dl>{items.collect_view()}</dl>
        }
    });
    view! {
        <DialogHead title=frame.keys />
        // The list is focusable, because it is higher than many windows and must be scrollable by keys.
        <div class="keys" tabindex="0">
            {groups.collect_view()}
        </div>
    }
}
