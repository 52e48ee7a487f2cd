//! Clocks of the browser and timers.

use std::time::Duration;

use hubbub_client::Millis;
use hubbub_protocol::Timestamp;
use js_sys::Date;
use leptos::prelude::{
    document, request_animation_frame, request_idle_callback_with_handle, set_timeout, window,
};
use wasm_bindgen::JsValue;

use crate::i18n::{LocalClock, LocalTime};
use crate::state::timeline_item::LocalContext;

/// Milliseconds after which an action for the next frame runs without a frame, because hidden pages get no
/// animation frames.
const UNSEEN_FRAME_MILLIS: u64 = 250;

/// Delay of an action in browsers that do not support idle callbacks, in milliseconds.
const NO_IDLE_CALLBACK_MILLIS: u64 = 2_000;

pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(whole(Date::now()))
}

/// Returns the monotonic time.
pub(crate) fn monotonic() -> Millis {
    let millis = window().performance().map_or(0.0, |performance| performance.now());
    Millis(u64::try_from(whole(millis)).unwrap_or_default())
}

/// Returns the reader's time zone and date.
pub(crate) fn here() -> LocalContext {
    LocalContext { clock: LocalClock::Exact(local), today: Some(local(now()).date()) }
}

/// Returns the milliseconds until shortly after midnight, at most an hour, so that a change of the clock is
/// detected within an hour.
pub(super) fn until_midnight() -> u64 {
    let left = local(now()).millis_left();
    left.min(3_600_000) + 500
}

/// Runs an action after a delay.
pub(crate) fn after(millis: u64, action: impl FnOnce() + 'static) {
    set_timeout(action, Duration::from_millis(millis));
}

/// Runs an action before the next rendering. In hidden pages, which are not rendered, runs it after a short
/// delay.
pub(crate) fn with_next_frame(action: impl FnOnce() + 'static) {
    if document().hidden() {
        after(UNSEEN_FRAME_MILLIS, action);
    } else {
        request_animation_frame(action);
    }
}

/// Runs an action while the browser is idle, but not before the first paint.
pub(crate) fn when_idle(action: impl Fn() + Clone + 'static) {
    let later = action.clone();
    if request_idle_callback_with_handle(action).is_err() {
        // Safari does not support idle callbacks.
        after(NO_IDLE_CALLBACK_MILLIS, later);
    }
}

/// Converts a timestamp to the browser's time zone, including daylight saving time.
fn local(at: Timestamp) -> LocalTime {
    #[expect(clippy::cast_precision_loss, reason = "a date has less than 53 bits of milliseconds")]
    let date = Date::new(&JsValue::from_f64(at.millis() as f64));
    LocalTime::ahead_of_utc(at, -whole(date.get_timezone_offset()))
}

fn whole(number: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the clocks of browsers fit, and `as` saturates")]
    let whole = number as i64;
    whole
}
