//! Where a day begins, and where what is new begins.

use leptos::prelude::*;

use crate::i18n::strings;
use crate::state::timeline_item::Day;

#[component]
pub(crate) fn DaySeparator(day: Day) -> impl IntoView {
    let strings = strings();
    let date = day.date();
    let in_full = (strings.date)(date);
    let label = match day {
        Day::Today(_) => strings.today.to_owned(),
        Day::Yesterday(_) => strings.yesterday.to_owned(),
        Day::Other(_) => in_full.clone(),
    };
    view! {
        <div class="day-separator">
            <time datetime=date.iso() title=in_full>
                {label}
            </time>
        </div>
    }
}

/// What comes after it was not there when one looked last.
#[component]
pub(crate) fn NewDivider() -> impl IntoView {
    view! {
        <div class="day-separator day-separator-new" data-divider="">
            <span>{strings().conversation.new}</span>
        </div>
    }
}
