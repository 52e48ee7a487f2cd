//! Whatever happens to network, tab and server: nothing is lost, doubled or out of order.

use hubbub_client::Intent;
use hubbub_protocol::{ClientId, Refusal};
use proptest::prelude::*;

use crate::world::{Network, World, lobby};

#[derive(Clone, Debug)]
enum Step {
    Type,
    OthersSay,
    Pass(u64),
    Network(Network),
    ServerCloses(u16),
    Reload,
    RetryNow,
    NetworkLost,
    CancelNewest,
    Delay(u64),
    RefuseForNow(usize),
    MissTooMuch(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Type),
        4 => Just(Step::OthersSay),
        4 => (1_u64..3_000).prop_map(Step::Pass),
        1 => (1_u64..100_000).prop_map(Step::Pass),
        2 => Just(Step::Network(Network::Up)),
        1 => Just(Step::Network(Network::Down)),
        1 => Just(Step::Network(Network::Silent)),
        1 => prop_oneof![Just(1006_u16), Just(1012), Just(1013), Just(4000)].prop_map(Step::ServerCloses),
        1 => Just(Step::Reload),
        1 => Just(Step::RetryNow),
        1 => Just(Step::NetworkLost),
        1 => Just(Step::CancelNewest),
        2 => prop_oneof![Just(0_u64), 1_u64..20_000].prop_map(Step::Delay),
        1 => (1_usize..6).prop_map(Step::RefuseForNow),
        1 => (0_usize..5).prop_map(Step::MissTooMuch),
    ]
}

#[derive(Default)]
struct Typed {
    all: Vec<(ClientId, String)>,
    given_up: Vec<String>,
    refused: bool,
}

fn take(world: &mut World, typed: &mut Typed, step: Step) {
    match step {
        Step::Type => {
            let text = format!("mine {}", typed.all.len());
            let client_id = world.types(&text);
            typed.all.push((client_id, text));
        }
        Step::OthersSay => world.others_say("theirs"),
        Step::Pass(millis) => world.pass(millis),
        Step::Network(network) => world.network(network),
        Step::ServerCloses(code) => world.server_closes(Some(code)),
        Step::Reload => world.reloads(),
        Step::RetryNow => world.wants(Intent::RetryNow),
        Step::NetworkLost => world.wants(Intent::NetworkLost),
        Step::CancelNewest => {
            if let Some((client_id, text)) = typed.all.last().cloned() {
                if world.client.outbox().can_cancel(client_id) {
                    typed.given_up.push(text);
                }
                world.wants(Intent::Cancel { client_id });
            }
        }
        Step::Delay(millis) => world.server.delay = millis,
        Step::RefuseForNow(posts) => {
            typed.refused = true;
            world.server.refuse_posts.extend(vec![Refusal::unavailable(); posts]);
        }
        Step::MissTooMuch(events) => world.server.most_missed = events,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_doubled_or_out_of_order(steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World::in_lobby();
        let mut typed = Typed::default();
        for step in steps {
            take(&mut world, &mut typed, step);
            let rows = world.rows();
            for (_, text) in typed.all.iter().filter(|(_, text)| !typed.given_up.contains(text)) {
                let shown = rows.iter().filter(|row| row.trim_end_matches(['?', '+']) == text).count();
                let stored = world.server.texts().contains(text);
                prop_assert!(shown == 1 || (shown == 0 && stored), "{text} is shown {shown} times: {rows:?}");
            }
        }

        world.server.delay = 0;
        world.server.refuse_posts.clear();
        world.network(Network::Up);
        world.pass(200_000);
        prop_assert!(world.client.link().is_online());
        prop_assert!(world.client.outbox().is_empty() && world.storage.is_empty());
        let stored = world.server.texts();
        let mine: Vec<&String> = stored.iter().filter(|text| text.starts_with("mine")).collect();
        for (_, text) in &typed.all {
            let times = mine.iter().filter(|stored| *stored == &text).count();
            prop_assert!(times == 1 || (times == 0 && typed.given_up.contains(text)), "{text}: {times} times");
        }
        // If the server refuses one of several that are on their way, the next may pass it.
        if !typed.refused {
            let order: Vec<&String> = typed.all.iter().map(|(_, text)| text).filter(|it| mine.contains(it)).collect();
            prop_assert_eq!(mine, order);
        }
        let rows = world.rows();
        prop_assert!(stored.ends_with(&rows), "{:?} is not the end of {:?}", rows, stored);
        prop_assert_eq!(&world.server.joined, &[lobby()]);
    }
}
