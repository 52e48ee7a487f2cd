//! Tests of the work for a sign-in, counted in hashes, because a clock would measure how busy the machine is.

use std::net::Ipv4Addr;

use governor::clock::DefaultClock;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::auth::SessionCookie;
use crate::config::{Guests, Registration};
use crate::hub::Hub;
use crate::limits::{Quota, Quotas, RateLimits};
use crate::sqlite::SqliteStore;

const HERE: ClientAddress = ClientAddress::Direct(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST));

fn service(hub: Hub) -> Auth {
    let cookie = SessionCookie::new("0", false);
    Auth::new(hub, cookie, Guests::On, Registration::Open, b"a key of the tests").unwrap()
}

async fn hub(folder: &TempDir) -> Hub {
    let (store, _) = SqliteStore::open(folder.path()).await.unwrap();
    let off = Quota::default();
    let quotas = Quotas {
        posting: off,
        typing: off,
        joining: off,
        marking: off,
        signing_in: off,
        entering: off,
        uploading: off,
    };
    let limits = RateLimits::new(quotas, DefaultClock::default());
    Hub::new("0", store, limits, TaskTracker::new(), CancellationToken::new())
}

#[tokio::test]
async fn sign_in_hashes_equally_for_unknown_and_known_names() {
    let folder = TempDir::new().unwrap();
    let auth = service(hub(&folder).await);
    let headers = HeaderMap::new();
    let empty = Credentials { from: HERE, headers: &headers, name: "", password: "" };
    register(&auth, Credentials { name: "alice", password: "violets are blue", ..empty }).await.unwrap();
    let hashes = async |name: &str, password: &str| {
        let before = auth.passwords.hashed();
        let outcome = sign_in(&auth, Credentials { name, password, ..empty }).await;
        (auth.passwords.hashed() - before, outcome.is_ok())
    };
    assert_eq!(hashes("alice", "violets are blue").await, (1, true));
    assert_eq!(hashes("alice", "roses are red").await, (1, false));
    assert_eq!(hashes("nobody", "violets are blue").await, (1, false));
    assert_eq!(hashes("not::a name", "violets are blue").await, (1, false));
    assert_eq!(hashes("alice", &"x".repeat(60_000)).await, (1, false));
    assert_eq!(hashes("alice", "").await, (1, false));
}
