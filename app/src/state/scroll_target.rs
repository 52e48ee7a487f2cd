//! What the timeline scrolls to.

use hubbub_protocol::Seq;

/// A place in the timeline that the view scrolls to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScrollTarget {
    /// The line at this position.
    TimelineItem(Seq),
    /// The line before the first unread message.
    Divider,
    /// The end of the room.
    End,
}
