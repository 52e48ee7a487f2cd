//! Notices about the connection: one when it is lost and one when it is back, not one per attempt.

use hubbub_client::{LinkState, Phase};

use super::line::TranscriptLine;

/// The last notice about the connection.
#[derive(Debug)]
pub(crate) struct ConnectionNotices {
    server: String,
    said: LastNotice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LastNotice {
    Nothing,
    Unreachable,
    Online,
    Lost,
}

impl ConnectionNotices {
    /// `server` is the address as the user gave it.
    pub(crate) fn new(server: String) -> Self {
        Self { server, said: LastNotice::Nothing }
    }

    /// Returns the notice for an attempt that failed for this reason.
    pub(crate) fn failed(&mut self, why: &str) -> Option<TranscriptLine> {
        if self.said != LastNotice::Nothing {
            return None;
        }
        self.said = LastNotice::Unreachable;
        Some(TranscriptLine::notice(format!("cannot reach {} ({why}), reconnecting", self.server)))
    }

    /// Returns the notice for a state of the link and a phase of the current room, if the phase is known.
    pub(crate) fn on_state(&mut self, link: &LinkState, phase: Option<&Phase>) -> Option<TranscriptLine> {
        if !link.is_online() {
            let lost = self.said == LastNotice::Online && !matches!(link, LinkState::Stopped { .. });
            return lost.then(|| {
                self.said = LastNotice::Lost;
                TranscriptLine::notice("connection lost, reconnecting")
            });
        }
        if phase != Some(&Phase::Live) {
            return None;
        }
        let was_lost = self.said == LastNotice::Lost;
        self.said = LastNotice::Online;
        was_lost.then(|| TranscriptLine::notice("back"))
    }
}

#[cfg(test)]
mod tests {
    use hubbub_client::Millis;

    use super::*;

    const ONLINE: LinkState = LinkState::Online { since: Millis(0) };
    const WAITING: LinkState = LinkState::Waiting { attempt: 1, until: Millis(0) };

    #[test]
    fn reports_a_lost_connection_once_and_the_return() {
        let mut notices = ConnectionNotices::new("http://localhost:3000".to_owned());
        assert_eq!(notices.on_state(&ONLINE, Some(&Phase::Joining)), None);
        assert_eq!(notices.on_state(&ONLINE, Some(&Phase::Live)), None);
        let lost = Some(TranscriptLine::notice("connection lost, reconnecting"));
        assert_eq!(notices.on_state(&WAITING, Some(&Phase::Joining)), lost);
        assert_eq!(notices.on_state(&WAITING, Some(&Phase::Joining)), None);
        assert_eq!(notices.failed("refused"), None);
        assert_eq!(notices.on_state(&ONLINE, Some(&Phase::Joining)), None);
        assert_eq!(notices.on_state(&ONLINE, Some(&Phase::Live)), Some(TranscriptLine::notice("back")));
        assert_eq!(notices.on_state(&ONLINE, Some(&Phase::Live)), None);
    }

    #[test]
    fn names_an_unreachable_server_once() {
        let mut notices = ConnectionNotices::new("http://localhost:3000".to_owned());
        let line = notices.failed("Connection refused").unwrap();
        assert_eq!(
            line,
            TranscriptLine::notice("cannot reach http://localhost:3000 (Connection refused), reconnecting")
        );
        assert_eq!(notices.failed("Connection refused"), None);
        assert_eq!(notices.on_state(&WAITING, None), None);
        assert_eq!(notices.on_state(&ONLINE, Some(&Phase::Live)), None);
    }

    #[test]
    fn reports_nothing_when_the_user_quits() {
        let mut notices = ConnectionNotices::new("http://localhost:3000".to_owned());
        assert_eq!(notices.on_state(&ONLINE, Some(&Phase::Live)), None);
        assert_eq!(notices.on_state(&LinkState::Stopped { reason: None }, None), None);
    }
}
