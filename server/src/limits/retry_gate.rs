//! The time that one connection must wait after a refusal.

use hubbub_protocol::{Command, Millis, Refusal};

use super::RateLimitKind;

/// Minimum wait in milliseconds, which is longer than the network delay of a frame.
const SHORTEST_WAIT_MILLIS: u64 = 1_000;

/// Refuses all posts of a connection until the time of the last refusal has passed. Otherwise a message sent after a
/// refused one could find the bucket open again and overtake it, and the author's messages would be in the wrong order.
#[derive(Debug, Default)]
pub(crate) struct RetryGate {
    until: Option<Millis>,
}

impl RetryGate {
    /// Whether a command is accepted now; `take` takes one request from the buckets.
    ///
    /// # Errors
    /// A refusal with the time after which to retry.
    pub(crate) fn admit(
        &mut self,
        command: &Command,
        now: Millis,
        try_acquire: impl FnOnce(RateLimitKind) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        match RateLimitKind::of(command) {
            Some(RateLimitKind::Posting) => {
                self.admit_after_wait(now, || try_acquire(RateLimitKind::Posting))
            }
            Some(kind) => try_acquire(kind),
            None => Ok(()),
        }
    }

    /// Refuses a request before the end of the wait; afterwards calls `try_acquire`.
    fn admit_after_wait(
        &mut self,
        now: Millis,
        try_acquire: impl FnOnce() -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        if let Some(until) = self.until.filter(|until| *until > now) {
            return Err(Refusal::too_fast(until.since(now)));
        }
        self.until = None;
        try_acquire().map_err(|refusal| {
            let wait = refusal.retry_after_ms.unwrap_or_default().max(SHORTEST_WAIT_MILLIS);
            self.until = Some(now.plus(wait));
            Refusal::too_fast(wait)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YES: fn(RateLimitKind) -> Result<(), Refusal> = |_| Ok(());

    fn post() -> Command {
        Command::Delete { room: "general".to_owned(), message_id: hubbub_protocol::MessageId(1) }
    }

    fn waits(said: Result<(), Refusal>) -> Option<u64> {
        said.unwrap_err().retry_after_ms
    }

    #[test]
    fn wait_is_at_least_one_second() {
        let mut retry_gate = RetryGate::default();
        let mut admit = |at, try_acquire: &dyn Fn(RateLimitKind) -> Result<(), Refusal>| {
            retry_gate.admit(&post(), Millis(at), try_acquire)
        };
        admit(10, &YES).unwrap();
        assert_eq!(waits(admit(10, &|_| Err(Refusal::too_fast(3)))), Some(1_000));
        // The bucket would be open again, for a message sent after the refused one.
        assert_eq!(waits(admit(900, &YES)), Some(110));
        admit(1_010, &YES).unwrap();
        assert_eq!(waits(admit(2_000, &|_| Err(Refusal::too_fast(5_000)))), Some(5_000));
    }

    #[test]
    fn requests_that_store_nothing_do_not_wait_for_posts() {
        let mut retry_gate = RetryGate::default();
        retry_gate.admit(&post(), Millis(0), |_| Err(Refusal::too_fast(9_000))).unwrap_err();
        retry_gate.admit(&Command::Type { room: "general".to_owned(), on: true }, Millis(1), YES).unwrap();
        let never = |_: RateLimitKind| -> Result<(), Refusal> { panic!("a ping costs nothing") };
        retry_gate.admit(&Command::Ping { active: true }, Millis(1), never).unwrap();
    }
}
