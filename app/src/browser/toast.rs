//! Toasts: refusals that are shown for a limited time.

use hubbub_protocol::{Refusal, RoomName};

use super::clock;
use crate::state::ChatSignals;

/// How long a toast is shown, in milliseconds.
const TOAST_MILLIS: u64 = 10_000;

/// Shows a refusal as a toast.
pub(crate) fn show(chat: ChatSignals, room: RoomName, refusal: Refusal) {
    let number = chat.add_toast(room, refusal);
    clock::after(TOAST_MILLIS, move || chat.close_toast(number));
}
