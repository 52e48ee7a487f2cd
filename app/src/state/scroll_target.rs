use hubbub_protocol::Seq;

/// A position to which the timeline scrolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScrollTarget {
    /// The row at this position.
    TimelineItem(Seq),
    /// The divider before the first unread message.
    Divider,
    End,
}
