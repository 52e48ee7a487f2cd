//! Rate limits per user and per address.
//!
//! Each kind of request has a bucket for every user and one for every address (the generic cell rate algorithm, ITU-T
//! I.371). An address may send [`ADDRESS_FACTOR`] times as many requests as a user, because a family or a class shares
//! one address.

mod quota;
mod retry_gate;
mod sign_in_attempt;

use std::hash::Hash;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota as Cells, RateLimiter};
pub(crate) use hubbub_chat::RateLimitKind;
use hubbub_protocol::{Refusal, UserId};

use crate::net::client_address::{ClientAddress, ClientKey};
pub use quota::Quota;
pub(crate) use retry_gate::RetryGate;
pub(crate) use sign_in_attempt::SignInAttempt;

/// The quota of an address, as a multiple of the quota of a user.
const ADDRESS_FACTOR: u32 = 10;
/// Time between two removals of buckets that are full again.
pub(crate) const CLEANUP_INTERVAL: Duration = Duration::from_secs(60);

/// The quota for each kind of request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quotas {
    pub(crate) posting: Quota,
    pub(crate) typing: Quota,
    pub(crate) joining: Quota,
    pub(crate) marking: Quota,
    pub(crate) signing_in: Quota,
    /// New guests, per address.
    pub(crate) entering: Quota,
    pub(crate) uploading: Quota,
}

/// The buckets of all users and addresses.
#[derive(Debug)]
pub(crate) struct RateLimits<C: Clock = DefaultClock> {
    clock: C,
    posting: Buckets<C>,
    typing: Buckets<C>,
    joining: Buckets<C>,
    marking: Buckets<C>,
    signing_in: Buckets<C>,
    entering: Buckets<C>,
    uploading: Buckets<C>,
}

/// The buckets of one kind of request.
#[derive(Debug)]
struct Buckets<C: Clock> {
    users: Option<Keyed<UserId, C>>,
    attempts: Option<Keyed<SignInAttempt, C>>,
    clients: Option<Keyed<ClientKey, C>>,
}

type Keyed<K, C> = RateLimiter<K, HashMapStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

impl<C: Clock + Clone> RateLimits<C> {
    pub(crate) fn new(quotas: Quotas, clock: C) -> Self {
        let Quotas { posting, typing, joining, marking, signing_in, entering, uploading } = quotas;
        Self {
            posting: Buckets::new(posting, ADDRESS_FACTOR, &clock),
            typing: Buckets::new(typing, ADDRESS_FACTOR, &clock),
            joining: Buckets::new(joining, ADDRESS_FACTOR, &clock),
            marking: Buckets::new(marking, ADDRESS_FACTOR, &clock),
            signing_in: Buckets::new(signing_in, ADDRESS_FACTOR, &clock),
            // A new guest has no user yet, so the quota is not multiplied.
            entering: Buckets::new(entering, 1, &clock),
            uploading: Buckets::new(uploading, ADDRESS_FACTOR, &clock),
            clock,
        }
    }

    /// Takes one request from the buckets of this user and this client. Programs on this machine have no
    /// bucket: one of them may be a reverse proxy that is not configured as trusted, and all its users would share the
    /// bucket.
    ///
    /// # Errors
    /// A refusal with the time after which to retry.
    pub(crate) fn try_acquire(
        &self,
        kind: RateLimitKind,
        user: Option<UserId>,
        client: ClientAddress,
    ) -> Result<(), Refusal> {
        let buckets = self.buckets(kind);
        if let Some(user) = user {
            self.check(buckets.users.as_ref(), &user)?;
        }
        self.try_acquire_client(buckets, client)
    }

    /// Takes one sign-in attempt from the bucket of the account and from that of the client.
    ///
    /// # Errors
    /// A refusal with the time after which to retry.
    pub(crate) fn try_acquire_attempt(
        &self,
        attempt: &SignInAttempt,
        client: ClientAddress,
    ) -> Result<(), Refusal> {
        self.check(self.signing_in.attempts.as_ref(), attempt)?;
        self.try_acquire_client(&self.signing_in, client)
    }

    /// Removes buckets that are full again, which makes no difference to their owners.
    pub(crate) fn remove_full(&self) {
        for buckets in [
            &self.posting,
            &self.typing,
            &self.joining,
            &self.marking,
            &self.signing_in,
            &self.entering,
            &self.uploading,
        ] {
            buckets.remove_full();
        }
    }

    const fn buckets(&self, kind: RateLimitKind) -> &Buckets<C> {
        match kind {
            RateLimitKind::Posting => &self.posting,
            RateLimitKind::Typing => &self.typing,
            RateLimitKind::Joining => &self.joining,
            RateLimitKind::Marking => &self.marking,
            RateLimitKind::Entering => &self.entering,
            RateLimitKind::Uploading => &self.uploading,
        }
    }

    fn try_acquire_client(&self, buckets: &Buckets<C>, client: ClientAddress) -> Result<(), Refusal> {
        client.key().map_or(Ok(()), |key| self.check(buckets.clients.as_ref(), &key))
    }

    fn check<K: Hash + Eq + Clone>(&self, keyed: Option<&Keyed<K, C>>, key: &K) -> Result<(), Refusal> {
        let Some(keyed) = keyed else { return Ok(()) };
        keyed.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Refusal::too_fast(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).saturating_add(1))
        })
    }
}

impl<C: Clock + Clone> Buckets<C> {
    fn new(quota: Quota, for_address: u32, clock: &C) -> Self {
        Self {
            users: quota.cells(1).map(|cells| keyed(cells, clock)),
            attempts: quota.cells(1).map(|cells| keyed(cells, clock)),
            clients: quota.cells(for_address).map(|cells| keyed(cells, clock)),
        }
    }

    fn remove_full(&self) {
        remove_full(self.users.as_ref());
        remove_full(self.attempts.as_ref());
        remove_full(self.clients.as_ref());
    }
}

/// Removes full buckets, and frees the memory of a map that was large.
fn remove_full<K: Hash + Eq + Clone, C: Clock>(keyed: Option<&Keyed<K, C>>) {
    if let Some(keyed) = keyed {
        keyed.retain_recent();
        keyed.shrink_to_fit();
    }
}

fn keyed<K: Hash + Eq + Clone, C: Clock + Clone>(cells: Cells, clock: &C) -> Keyed<K, C> {
    RateLimiter::hashmap_with_clock(cells, clock.clone())
}

#[cfg(test)]
mod tests;
