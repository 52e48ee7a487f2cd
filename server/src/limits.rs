//! Rate limits per user and per address.
//!
//! Each kind of request has a bucket for every user and one for every address (the generic cell rate algorithm, ITU-T
//! I.371). An address may send [`ADDRESS_FACTOR`] times as many requests as a user, because a family or a class shares
//! one address.

mod attempt;
mod bucket;
mod pace;
mod quota;

use std::hash::Hash;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota as Cells, RateLimiter};
use hubbub_protocol::{Refusal, UserId};

use crate::net::client::{Client, ClientKey};
pub(crate) use attempt::Attempt;
pub(crate) use bucket::Bucket;
pub(crate) use pace::Pace;
pub use quota::Quota;

/// The quota of an address, as a multiple of the quota of a user.
const ADDRESS_FACTOR: u32 = 10;
/// Time between two removals of buckets that are full again.
pub(crate) const TIDY_INTERVAL: Duration = Duration::from_secs(60);

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
}

/// The buckets of all users and addresses.
#[derive(Debug)]
pub(crate) struct Limits<C: Clock = DefaultClock> {
    clock: C,
    posting: Buckets<C>,
    typing: Buckets<C>,
    joining: Buckets<C>,
    marking: Buckets<C>,
    signing_in: Buckets<C>,
    entering: Buckets<C>,
}

/// The buckets of one kind of request.
#[derive(Debug)]
struct Buckets<C: Clock> {
    users: Option<Keyed<UserId, C>>,
    attempts: Option<Keyed<Attempt, C>>,
    clients: Option<Keyed<ClientKey, C>>,
}

type Keyed<K, C> = RateLimiter<K, HashMapStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

impl<C: Clock + Clone> Limits<C> {
    pub(crate) fn new(quotas: Quotas, clock: C) -> Self {
        let Quotas { posting, typing, joining, marking, signing_in, entering } = quotas;
        Self {
            posting: Buckets::new(posting, ADDRESS_FACTOR, &clock),
            typing: Buckets::new(typing, ADDRESS_FACTOR, &clock),
            joining: Buckets::new(joining, ADDRESS_FACTOR, &clock),
            marking: Buckets::new(marking, ADDRESS_FACTOR, &clock),
            signing_in: Buckets::new(signing_in, ADDRESS_FACTOR, &clock),
            // A new guest has no user yet, so the quota is not multiplied.
            entering: Buckets::new(entering, 1, &clock),
            clock,
        }
    }

    /// Takes one request from the buckets of this user and this client. Programs on this machine have no bucket: a
    /// reverse proxy that is not configured as trusted is one, and it would put all users into one bucket.
    ///
    /// # Errors
    /// A refusal with the time after which to retry.
    pub(crate) fn take(&self, bucket: Bucket, user: Option<UserId>, client: Client) -> Result<(), Refusal> {
        let buckets = self.buckets(bucket);
        if let Some(user) = user {
            self.check(buckets.users.as_ref(), &user)?;
        }
        self.take_of_client(buckets, client)
    }

    /// Takes one sign-in attempt from the bucket of the account and from that of the client.
    ///
    /// # Errors
    /// A refusal with the time after which to retry.
    pub(crate) fn take_attempt(&self, attempt: &Attempt, client: Client) -> Result<(), Refusal> {
        self.check(self.signing_in.attempts.as_ref(), attempt)?;
        self.take_of_client(&self.signing_in, client)
    }

    /// Removes buckets that are full again, which makes no difference to their owners.
    pub(crate) fn tidy(&self) {
        for buckets in
            [&self.posting, &self.typing, &self.joining, &self.marking, &self.signing_in, &self.entering]
        {
            buckets.tidy();
        }
    }

    const fn buckets(&self, bucket: Bucket) -> &Buckets<C> {
        match bucket {
            Bucket::Posting => &self.posting,
            Bucket::Typing => &self.typing,
            Bucket::Joining => &self.joining,
            Bucket::Marking => &self.marking,
            Bucket::Entering => &self.entering,
        }
    }

    fn take_of_client(&self, buckets: &Buckets<C>, client: Client) -> Result<(), Refusal> {
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

    fn tidy(&self) {
        tidy(self.users.as_ref());
        tidy(self.attempts.as_ref());
        tidy(self.clients.as_ref());
    }
}

/// Removes full buckets, and frees the memory of a map that was large.
fn tidy<K: Hash + Eq + Clone, C: Clock>(keyed: Option<&Keyed<K, C>>) {
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
