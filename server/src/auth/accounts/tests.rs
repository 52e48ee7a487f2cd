//! Tests of the work for a sign-in, counted in hashes, because a clock would measure how busy the machine is.

use std::net::Ipv4Addr;
use std::sync::Arc;

use governor::clock::DefaultClock;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::auth::transient_guest::TransientGuests;
use crate::auth::{KnownDevices, Passwords, SessionCookie, TokenSigner};
use crate::config::Guests;
use crate::hub::Hub;
use crate::hub::transport::engine_io::EngineIoSessions;
use crate::limits::{Quota, Quotas, RateLimits};
use crate::net::client_address::ClientAddress;
use crate::net::host::OwnNames;
use crate::net::listener::{ConnectionLimits, ConnectionPermits};
use crate::net::origin::AllowedOrigins;
use crate::net::proxy::Proxies;
use crate::sqlite::SqliteStore;

const HERE: ClientAddress = ClientAddress::Direct(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST));

async fn app(folder: &TempDir) -> AppState {
    let (store, _) = SqliteStore::open(folder.path()).await.unwrap();
    let off = Quota::default();
    let quotas =
        Quotas { posting: off, typing: off, joining: off, marking: off, signing_in: off, entering: off };
    let limits = RateLimits::new(quotas, DefaultClock::default());
    AppState {
        hub: Hub::new("0", store, limits, TaskTracker::new(), CancellationToken::new()),
        connections: ConnectionPermits::new(ConnectionLimits { total: 1, per_address: 1 }),
        engine_io: EngineIoSessions::default(),
        origins: AllowedOrigins::default(),
        own_names: OwnNames::default(),
        proxies: Proxies(Vec::new()),
        secure_cookies: false,
        session_cookie: SessionCookie::new("0", false),
        guests: Guests::On,
        registration: Registration::Open,
        passwords: Passwords::new(),
        token_signer: Arc::new(TokenSigner::new(b"a key of the tests")),
        known_devices: KnownDevices::new(b"a key of the tests").unwrap(),
        transient_guest: TransientGuests::default(),
    }
}

#[tokio::test]
async fn sign_in_hashes_equally_for_unknown_and_known_names() {
    let folder = TempDir::new().unwrap();
    let app = app(&folder).await;
    let headers = HeaderMap::new();
    register(&app, HERE, &headers, "alice", "violets are blue").await.unwrap();
    let hashes = async |name: &str, password: &str| {
        let before = app.passwords.hashed();
        let outcome = sign_in(&app, HERE, &headers, name, password).await;
        (app.passwords.hashed() - before, outcome.is_ok())
    };
    assert_eq!(hashes("alice", "violets are blue").await, (1, true));
    assert_eq!(hashes("alice", "roses are red").await, (1, false));
    assert_eq!(hashes("nobody", "violets are blue").await, (1, false));
    assert_eq!(hashes("not::a name", "violets are blue").await, (1, false));
    assert_eq!(hashes("alice", &"x".repeat(60_000)).await, (1, false));
    assert_eq!(hashes("alice", "").await, (1, false));
}
