use governor::clock::FakeRelativeClock;
use hubbub_protocol::Code;

use super::*;
use crate::sqlite::SessionId;

const NOWHERE: &str = "203.0.113.7";

fn limits(posting: &str) -> (RateLimits<FakeRelativeClock>, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    let posting = posting.parse().unwrap();
    let signing_in = "2/6".parse().unwrap();
    let quotas = Quotas { posting, signing_in, ..Quotas::default() };
    (RateLimits::new(quotas, clock.clone()), clock)
}

fn address(text: &str) -> ClientAddress {
    ClientAddress::direct(text.parse().unwrap())
}

#[test]
fn allows_a_burst_and_then_a_rate() {
    let (limits, clock) = limits("3/60");
    let post = || limits.try_acquire(RateLimitKind::Posting, Some(UserId(1)), address("127.0.0.1"));
    for _ in 0..3 {
        post().unwrap();
    }
    let refusal = post().unwrap_err();
    assert_eq!(refusal.code, Code::TooFast);
    let wait = refusal.retry_after_ms.unwrap();
    assert!((900..=1_001).contains(&wait), "{wait}");
    clock.advance(Duration::from_millis(wait));
    post().unwrap();
    post().unwrap_err();
    // Another user, another kind of request, and a kind without a quota.
    limits.try_acquire(RateLimitKind::Posting, Some(UserId(2)), address("127.0.0.1")).unwrap();
    limits.try_acquire(RateLimitKind::Joining, Some(UserId(1)), address("127.0.0.1")).unwrap();
}

#[test]
fn address_limit_is_ten_times_the_user_limit() {
    let (limits, _clock) = limits("3/60");
    let post = |user, from| limits.try_acquire(RateLimitKind::Posting, Some(UserId(user)), address(from));
    for user in 0..30 {
        post(user, NOWHERE).unwrap();
    }
    post(31, NOWHERE).unwrap_err();
    post(32, "203.0.113.8").unwrap();
    // The same address, written as IPv6.
    post(33, "::ffff:203.0.113.7").unwrap_err();
}

#[test]
fn counts_an_ipv6_network_as_one_client() {
    let (limits, _clock) = limits("1/60");
    for host in 0..10 {
        let from = address(&format!("2001:db8:0:1::{host:x}"));
        limits.try_acquire(RateLimitKind::Posting, None, from).unwrap();
    }
    limits.try_acquire(RateLimitKind::Posting, None, address("2001:db8:0:1::ffff")).unwrap_err();
    limits.try_acquire(RateLimitKind::Posting, None, address("2001:db8:0:2::1")).unwrap();
}

#[test]
fn loopback_has_no_address_limit() {
    let (limits, _clock) = limits("1/60");
    for user in 0..100 {
        for from in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            limits
                .try_acquire(
                    RateLimitKind::Posting,
                    Some(UserId(user * 10 + i64::try_from(from.len()).unwrap())),
                    address(from),
                )
                .unwrap();
        }
    }
}

#[test]
fn attempts_count_from_all_addresses() {
    let (limits, _clock) = limits("1/60");
    let account = SignInAttempt::Account(UserId(1));
    limits.try_acquire_attempt(&account, address("127.0.0.1")).unwrap();
    limits.try_acquire_attempt(&account, address(NOWHERE)).unwrap();
    assert_eq!(limits.try_acquire_attempt(&account, address("203.0.113.9")).unwrap_err().code, Code::TooFast);
    limits.try_acquire_attempt(&SignInAttempt::Account(UserId(2)), address(NOWHERE)).unwrap();
    limits.try_acquire_attempt(&SignInAttempt::Session(SessionId(1)), address(NOWHERE)).unwrap();
}

#[test]
fn forgets_full_buckets() {
    let (limits, clock) = limits("1/60");
    limits.try_acquire(RateLimitKind::Posting, Some(UserId(1)), address(NOWHERE)).unwrap();
    let kept = || limits.posting.users.as_ref().unwrap().len();
    limits.remove_full();
    assert_eq!(kept(), 1);
    clock.advance(Duration::from_secs(120));
    limits.remove_full();
    assert_eq!(kept(), 0);
}

#[test]
fn parses_a_quota() {
    for right in ["300/600", "off"] {
        assert_eq!(right.parse::<Quota>().unwrap().to_string(), right);
    }
    for wrong in ["", "on", "300", "0/1", "1/0", "-1/1", "a/b", "1/2/3"] {
        assert!(wrong.parse::<Quota>().unwrap_err().contains("BURST/PER_MINUTE"), "{wrong}");
    }
    // The largest numbers cause no overflow.
    format!("{max}/{max}", max = u32::MAX).parse::<Quota>().unwrap().cells(ADDRESS_FACTOR).unwrap();
}
