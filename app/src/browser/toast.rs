//! Refusals that are shown for a while.

use hubbub_protocol::{Refusal, RoomName};

use super::clock;
use crate::state::ChatSignals;

/// How long a refusal is shown, in milliseconds: long enough to read it twice.
const TOAST_MILLIS: u64 = 10_000;

/// Shows a refusal, and removes it after a while.
pub(crate) fn show(chat: ChatSignals, room: RoomName, refusal: Refusal) {
    let number = chat.add_toast(room, refusal);
    clock::after(TOAST_MILLIS, move || chat.close_toast(number));
}
