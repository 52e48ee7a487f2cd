//! The world test: many clients and the server in one thread, from one seed.
//!
//! Real clients (`hubbub-client`) use real rooms and connections over links that drop, stall and delay
//! frames. In worlds with the profile `Adversarial`, links also duplicate and reorder frames, and writes
//! fail. The server is killed at any point and keeps only committed data; tabs close and open. At the end the
//! test checks:
//! - each acknowledged message is stored once, all clients have the same order, no position is missing, and
//!   all outboxes are empty;
//! - all timelines equal the store, with edits, reactions and quotes;
//! - all devices of a user agree with the store on rooms, read positions, unread counts and appearance;
//! - no user is typing, and all clients have the roster of the server.
//!
//! `HUBBUB_WORLD_SEEDS=N` runs N worlds. A failure names its seed, and `HUBBUB_WORLD_SEED=S` runs that world
//! alone.

#[path = "world/guarantees.rs"]
mod guarantees;
#[path = "world/link.rs"]
mod link;
#[path = "world/outboxes.rs"]
mod outboxes;
#[path = "world/person.rs"]
mod person;
#[path = "world/server.rs"]
mod server;
#[path = "world/simulation.rs"]
mod simulation;
#[path = "world/user_actions.rs"]
mod user_actions;

use std::collections::BTreeMap;

use simulation::{FaultProfile, World};

/// Worlds of each profile in a normal run.
const SEEDS: u64 = 150;

fn seeds() -> Vec<u64> {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match number("HUBBUB_WORLD_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("HUBBUB_WORLD_SEEDS").unwrap_or(SEEDS)).collect(),
    }
}

/// Runs a world of this profile for every seed, and names a seed that fails.
fn run_worlds(profile: FaultProfile) {
    let mut kills = 0;
    let mut messages = 0;
    let mut happened: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in seeds() {
        let outcome = std::panic::catch_unwind(|| {
            let mut world = World::new(seed, profile);
            world.live(2_000);
            world.heal();
            world.check_guarantees();
            (world.kills, world.said, world.happened())
        });
        match outcome {
            Ok((killed, said, tally)) => {
                tally.into_iter().for_each(|(what, times)| *happened.entry(what).or_default() += times);
                kills += killed;
                messages += said;
            }
            Err(_) => {
                panic!(
                    "{profile:?} world {seed} violated the guarantees: run it with HUBBUB_WORLD_SEED={seed}"
                )
            }
        }
    }
    // A world without events tests nothing.
    if seeds().len() > 10 {
        assert!(messages > seeds().len() * 10, "only {messages} messages in all worlds");
        for what in ["edited", "deleted", "reacted", "joined", "left", "described", "answered", "read"] {
            let times = happened.get(what).copied().unwrap_or(0);
            assert!(times > seeds().len() / 4, "{what} only {times} times in all worlds");
        }
        assert!(
            profile == FaultProfile::Latency || kills > seeds().len() / 2,
            "only {kills} kills in all worlds"
        );
    }
}

#[test]
fn with_latency_all_clients_see_all_messages_in_order() {
    run_worlds(FaultProfile::Latency);
}

#[test]
fn with_faults_nothing_is_lost_doubled_or_reordered() {
    run_worlds(FaultProfile::Faulty);
}

#[test]
fn with_failing_writes_and_false_answers_nothing_is_lost_or_doubled() {
    run_worlds(FaultProfile::Adversarial);
}
