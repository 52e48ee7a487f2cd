//! Separators in the timeline: the start of a day, and the start of the unread messages.

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

/// The divider before the messages that arrived since the room was open last.
#[component]
pub(crate) fn NewDivider() -> impl IntoView {
    view! {
        <div class="day-separator day-separator-new" data-divider="">
            <span>{strings().conversation.new}</span>
        </div>
    }
}
