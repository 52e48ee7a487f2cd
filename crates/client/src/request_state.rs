//! The state of a request that may be needed again while it is in flight.

/// Whether a request is needed and whether it is in flight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RequestState {
    /// Not needed.
    #[default]
    Idle,
    /// Needed and not sent.
    Due,
    /// Sent and not answered.
    InFlight,
    /// Sent, not answered, and needed once more.
    InFlightAndDue,
}

impl RequestState {
    /// Marks the request as needed.
    pub(crate) const fn require(&mut self) {
        *self = match self {
            Self::Idle | Self::Due => Self::Due,
            Self::InFlight | Self::InFlightAndDue => Self::InFlightAndDue,
        };
    }

    /// Ends the request in flight, because it was answered or the connection is lost.
    pub(crate) const fn end(&mut self) {
        *self = match self {
            Self::Idle | Self::InFlight => Self::Idle,
            Self::Due | Self::InFlightAndDue => Self::Due,
        };
    }

    /// Returns whether the request should be sent.
    pub(crate) const fn is_due(self) -> bool {
        matches!(self, Self::Due)
    }

    pub(crate) const fn is_in_flight(self) -> bool {
        matches!(self, Self::InFlight | Self::InFlightAndDue)
    }
}
