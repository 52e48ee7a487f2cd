//! What the timeline reports while the reader scrolls. The types are the same on the server, where nobody does.

use hubbub_protocol::Seq;
use leptos::html::Div;
use leptos::prelude::*;

use crate::state::RoomSignals;
use crate::state::scroll_target::ScrollTarget;

/// Something that the reader has come to.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "nobody scrolls on the server"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScrollEvent {
    /// The first line is near.
    NearStart,
    /// The last line is near.
    NearEnd,
    /// The end of the room is reached (true) or left.
    AtEnd(bool),
    /// All lines up to this position have been in view.
    Seen(Seq),
    /// The lines around this position are not held, and are to come into view.
    NeedsAround(Seq),
    /// The page around this position was asked for and has been loaded.
    AroundLoaded(Seq),
}

/// A timeline to watch.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "nobody scrolls on the server"))]
#[derive(Clone, Copy)]
pub(crate) struct ScrollArea {
    /// The box that scrolls.
    pub(crate) scroller: NodeRef<Div>,
    /// The lines in the box.
    pub(crate) content: NodeRef<Div>,
    /// The room that is shown.
    pub(crate) room_signals: RoomSignals,
    /// What is to come into view as soon as it is there.
    pub(crate) scroll_target: RwSignal<Option<ScrollTarget>>,
    /// Receives what the reader comes to.
    pub(crate) on_event: Callback<ScrollEvent>,
}
