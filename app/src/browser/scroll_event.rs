//! Events that the timeline reports while the reader scrolls. The server compiles the same types, although it
//! never scrolls.

use hubbub_protocol::Seq;
use leptos::html::Div;
use leptos::prelude::*;

use crate::state::RoomSignals;
use crate::state::scroll_target::ScrollTarget;

/// A position that the reader has reached.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "nobody scrolls on the server"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScrollEvent {
    /// The first loaded row is near.
    NearStart,
    /// The last loaded row is near.
    NearEnd,
    /// The reader reached (true) or left (false) the end of the room.
    AtEnd(bool),
    /// All rows up to this position have been in view.
    Seen(Seq),
    /// The messages around this position are not loaded and must be scrolled into view.
    NeedsAround(Seq),
    /// The page around this position was requested and is loaded.
    AroundLoaded(Seq),
}

/// The elements and signals of a timeline to observe.
#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "nobody scrolls on the server"))]
#[derive(Clone, Copy)]
pub(crate) struct ScrollArea {
    /// The scroll container.
    pub(crate) scroller: NodeRef<Div>,
    /// The element with the rows.
    pub(crate) content: NodeRef<Div>,
    pub(crate) room_signals: RoomSignals,
    /// The position to scroll into view once it is loaded.
    pub(crate) scroll_target: RwSignal<Option<ScrollTarget>>,
    pub(crate) on_event: Callback<ScrollEvent>,
}
