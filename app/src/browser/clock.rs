//! Clocks: what time it is, here, and how much time has passed.

use std::time::Duration;

use hubbub_client::Millis;
use hubbub_protocol::Timestamp;
use js_sys::Date;
#[cfg(feature = "split")]
use leptos::prelude::request_idle_callback_with_handle;
use leptos::prelude::{document, request_animation_frame, set_timeout, window};
use wasm_bindgen::JsValue;

use crate::i18n::{LocalClock, LocalTime};
use crate::state::timeline_item::LocalContext;

/// So long a frame lasts that nobody looks at, in milliseconds.
const UNSEEN_FRAME_MILLIS: u64 = 250;

/// How long a browser without idle callbacks waits for them, in milliseconds.
#[cfg(feature = "split")]
const NO_IDLE_CALLBACK_MILLIS: u64 = 2_000;

/// The time on this device.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(whole(Date::now()))
}

/// The monotonic clock.
pub(crate) fn monotonic() -> Millis {
    let millis = window().performance().map_or(0.0, |performance| performance.now());
    Millis(u64::try_from(whole(millis)).unwrap_or_default())
}

/// Where and when the reader is.
pub(crate) fn here() -> LocalContext {
    LocalContext { clock: LocalClock::Browser, today: Some(local(now()).date()) }
}

/// Milliseconds until a new day begins here, and a little more. A clock that is put forward or back is heard of
/// within the hour.
pub(super) fn until_midnight() -> u64 {
    let left = local(now()).millis_left();
    left.min(3_600_000) + 500
}

/// Does it later.
pub(crate) fn after(millis: u64, action: impl FnOnce() + 'static) {
    set_timeout(action, Duration::from_millis(millis));
}

/// Does it when the next frame is drawn; where nobody looks, no frames are drawn, and it is done a little later.
pub(crate) fn with_next_frame(action: impl FnOnce() + 'static) {
    if document().hidden() {
        after(UNSEEN_FRAME_MILLIS, action);
    } else {
        request_animation_frame(action);
    }
}

/// Runs an action when the browser has nothing else to do, but not before the page is painted.
#[cfg(feature = "split")]
pub(crate) fn when_idle(action: impl Fn() + Clone + 'static) {
    let later = action.clone();
    if request_idle_callback_with_handle(action).is_err() {
        // Safari has no idle callbacks.
        after(NO_IDLE_CALLBACK_MILLIS, later);
    }
}

/// The moment as clocks here showed it then, summer time included.
pub(crate) fn local(at: Timestamp) -> LocalTime {
    #[expect(clippy::cast_precision_loss, reason = "a date has less than 53 bits of milliseconds")]
    let date = Date::new(&JsValue::from_f64(at.millis() as f64));
    LocalTime::ahead_of_utc(at, -whole(date.get_timezone_offset()))
}

fn whole(number: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the clocks of browsers fit, and `as` saturates")]
    let whole = number as i64;
    whole
}
