//! Problems of the connection that the page reports.

use hubbub_client::{LinkState, Millis};

/// Interruptions shorter than this are not reported.
const GRACE_MILLIS: u64 = 2_000;

/// A problem of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionProblem {
    /// The connection is open, but the server does not respond.
    Unresponsive,
    /// The client is connecting.
    Connecting { attempt: u32 },
    /// The client waits for the next attempt.
    Waiting { attempt: u32, seconds: u64 },
    /// Many attempts have failed, which suggests a longer interruption; the client continues to try.
    Offline { seconds: Option<u64> },
    /// The server closed the connection for good, or does not understand this version of the page.
    Stopped { outdated: bool },
}

impl ConnectionProblem {
    /// Returns the problem to report `now`, if the connection was lost at `since`. `is_live` is the value of
    /// `hubbub_client::Client::is_live`.
    pub(crate) fn of(link: &LinkState, is_live: bool, since: Millis, now: Millis) -> Option<Self> {
        let connection_problem = match *link {
            LinkState::Online { .. } if !is_live => return Some(Self::Unresponsive),
            LinkState::Online { .. } | LinkState::Stopped { reason: None } => return None,
            LinkState::Stopped { reason: Some(_) } => {
                return Some(Self::Stopped { outdated: link.must_reload() });
            }
            LinkState::Waiting { until, .. } if link.is_offline() => {
                Self::Offline { seconds: Some(seconds(until, now)) }
            }
            LinkState::Connecting { .. } | LinkState::Greeting { .. } if link.is_offline() => {
                Self::Offline { seconds: None }
            }
            LinkState::Waiting { attempt, until } => Self::Waiting { attempt, seconds: seconds(until, now) },
            LinkState::Connecting { attempt, .. } | LinkState::Greeting { attempt, .. } => {
                Self::Connecting { attempt }
            }
        };
        (now.since(since) >= GRACE_MILLIS).then_some(connection_problem)
    }
}

/// Returns the whole seconds until then, rounded up.
fn seconds(until: Millis, now: Millis) -> u64 {
    until.since(now).div_ceil(1_000)
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::CloseReason;

    use super::*;

    #[test]
    fn short_interruption_is_not_reported() {
        let waiting = LinkState::Waiting { attempt: 2, until: Millis(6_500) };
        assert_eq!(ConnectionProblem::of(&waiting, false, Millis(1_000), Millis(2_999)), None);
        let expected = ConnectionProblem::Waiting { attempt: 2, seconds: 4 };
        assert_eq!(ConnectionProblem::of(&waiting, false, Millis(1_000), Millis(3_000)), Some(expected));
        let online = LinkState::Online { since: Millis(0) };
        assert_eq!(ConnectionProblem::of(&online, true, Millis(0), Millis(9_000)), None);
        assert_eq!(
            ConnectionProblem::of(&online, false, Millis(9_000), Millis(9_000)),
            Some(ConnectionProblem::Unresponsive)
        );
    }

    #[test]
    fn reports_offline_after_five_attempts() {
        let waiting = LinkState::Waiting { attempt: 6, until: Millis(20_000) };
        let expected = ConnectionProblem::Offline { seconds: Some(10) };
        assert_eq!(ConnectionProblem::of(&waiting, false, Millis(0), Millis(10_000)), Some(expected));
    }

    #[test]
    fn final_close_is_reported_at_once() {
        let stopped = LinkState::Stopped { reason: Some(CloseReason::WrongVersion) };
        let expected = ConnectionProblem::Stopped { outdated: true };
        assert_eq!(ConnectionProblem::of(&stopped, false, Millis(0), Millis(0)), Some(expected));
        assert_eq!(
            ConnectionProblem::of(&LinkState::Stopped { reason: None }, false, Millis(0), Millis(0)),
            None
        );
    }
}
