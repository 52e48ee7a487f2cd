//! What the keys do.

use crate::tree::prelude::*;

use super::DialogHead;
use crate::i18n::words;

#[component]
pub(super) fn Keys() -> Tree {
    let frame = words().frame;
    let lines = frame.keys_about.map(|(keys, about)| {
        let keys: Vec<_> = keys.iter().map(|key| view! { <kbd class="key">{*key}</kbd> }).collect();
        view! {
            <div class="keys-line">
                <dt>{keys}</dt>
                <dd>{about}</dd>
            </div>
        }
    });
    view! {
        <DialogHead title=frame.keys />
        <dl class="keys" tabindex="0">{lines.into_iter().collect::<Tree>()}</dl>
    }
}
