//! What is said of the connection: once when it is lost, once when it is back, not on every try.

use hubbub_client::{LinkState, Phase};

use super::line::Line;

/// What was said of the connection.
#[derive(Debug)]
pub(crate) struct Standing {
    server: String,
    said: Said,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Nothing,
    Unreachable,
    Online,
    Lost,
}

impl Standing {
    /// `server` is its address, as somebody gave it.
    pub(crate) fn new(server: String) -> Self {
        Self { server, said: Said::Nothing }
    }

    /// A try has failed, for this reason.
    pub(crate) fn failed(&mut self, why: &str) -> Option<Line> {
        if self.said != Said::Nothing {
            return None;
        }
        self.said = Said::Unreachable;
        Some(Line::notice(format!("cannot reach {} ({why}), trying again", self.server)))
    }

    /// The link is in this state, and the room one looks at in this phase, as far as it is known.
    pub(crate) fn look(&mut self, link: &LinkState, phase: Option<&Phase>) -> Option<Line> {
        if !link.is_online() {
            let lost = self.said == Said::Online && !matches!(link, LinkState::Stopped { .. });
            return lost.then(|| {
                self.said = Said::Lost;
                Line::notice("connection lost, trying again")
            });
        }
        if phase != Some(&Phase::Live) {
            return None;
        }
        let was_lost = self.said == Said::Lost;
        self.said = Said::Online;
        was_lost.then(|| Line::notice("back"))
    }
}

#[cfg(test)]
mod tests {
    use hubbub_client::Millis;

    use super::*;

    const ONLINE: LinkState = LinkState::Online { since: Millis(0) };
    const WAITING: LinkState = LinkState::Waiting { attempt: 1, until: Millis(0) };

    #[test]
    fn a_loss_is_said_once_and_the_return_when_one_is_in_the_room_again() {
        let mut standing = Standing::new("http://localhost:3000".to_owned());
        assert_eq!(standing.look(&ONLINE, Some(&Phase::Joining)), None);
        assert_eq!(standing.look(&ONLINE, Some(&Phase::Live)), None);
        let lost = Some(Line::notice("connection lost, trying again"));
        assert_eq!(standing.look(&WAITING, Some(&Phase::Joining)), lost);
        assert_eq!(standing.look(&WAITING, Some(&Phase::Joining)), None);
        assert_eq!(standing.failed("refused"), None);
        assert_eq!(standing.look(&ONLINE, Some(&Phase::Joining)), None);
        assert_eq!(standing.look(&ONLINE, Some(&Phase::Live)), Some(Line::notice("back")));
        assert_eq!(standing.look(&ONLINE, Some(&Phase::Live)), None);
    }

    #[test]
    fn a_server_that_was_never_reached_is_named_once() {
        let mut standing = Standing::new("http://localhost:3000".to_owned());
        let line = standing.failed("Connection refused").unwrap();
        assert_eq!(
            line,
            Line::notice("cannot reach http://localhost:3000 (Connection refused), trying again")
        );
        assert_eq!(standing.failed("Connection refused"), None);
        assert_eq!(standing.look(&WAITING, None), None);
        assert_eq!(standing.look(&ONLINE, Some(&Phase::Live)), None);
    }

    #[test]
    fn whoever_leaves_has_not_lost_the_connection() {
        let mut standing = Standing::new("http://localhost:3000".to_owned());
        assert_eq!(standing.look(&ONLINE, Some(&Phase::Live)), None);
        assert_eq!(standing.look(&LinkState::Stopped { reason: None }, None), None);
    }
}
