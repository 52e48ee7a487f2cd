//! Times on pages without a known time zone. A script converts them to local time (`document.rs`).

use hubbub_protocol::Timestamp;
use leptos::prelude::*;

/// A time in UTC, to the minute.
#[component]
pub(super) fn Moment(at: Timestamp) -> impl IntoView {
    let (year, month, day) = at.date();
    let (hour, minute, ..) = at.time_of_day();
    let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC");
    view! { <time datetime=at.to_string()>{text}</time> }
}
