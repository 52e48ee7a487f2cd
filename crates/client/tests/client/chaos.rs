//! Checks under random faults of network, tab and server that no message is lost, duplicated or reordered.

use std::collections::BTreeMap;

use hubbub_client::{Entry, Intent, Phase, RowState};
use hubbub_protocol::{ClientId, Code, Event, Message, MessageId, Refusal, RoomName, Seq};
use proptest::prelude::*;

use crate::check::position;
use crate::world::{Network, World, face, lobby, user};

fn garden() -> RoomName {
    RoomName::parse("garden").unwrap()
}

#[derive(Clone, Debug)]
enum Step {
    Type,
    OthersSay,
    Pass(u64),
    Network(Network),
    ServerCloses(u16),
    Reload,
    CloseFor(u64),
    AnotherTab,
    RefuseChanges(usize),
    RetryNow,
    NetworkLost,
    CancelNewest,
    Delay(u64),
    RefuseForNow(usize),
    MissTooMuch(usize),
    Change(u8, usize),
    OthersChange(u8, usize),
    OthersSayInGarden,
    Page(u8, i64),
    Seen(i64),
    MarkUnread(i64),
    OpenGarden,
    OpenAtUnread(bool),
    CloseGarden,
    LeaveGarden,
    Away,
    HoldEvents(bool),
    AtEnd(bool),
    PageLines(usize),
}

fn step() -> BoxedStrategy<Step> {
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
        1 => (1_u64..100_000).prop_map(Step::CloseFor),
        1 => Just(Step::AnotherTab),
        1 => (1_usize..6).prop_map(Step::RefuseChanges),
        1 => Just(Step::RetryNow),
        1 => Just(Step::NetworkLost),
        1 => Just(Step::CancelNewest),
        2 => prop_oneof![Just(0_u64), 1_u64..20_000].prop_map(Step::Delay),
        1 => (1_usize..6).prop_map(Step::RefuseForNow),
        1 => (0_usize..5).prop_map(Step::MissTooMuch),
        4 => (0_u8..6, 0_usize..9).prop_map(|(what, which)| Step::Change(what, which)),
        3 => (0_u8..5, 0_usize..9).prop_map(|(what, which)| Step::OthersChange(what, which)),
        1 => Just(Step::OthersSayInGarden),
        3 => (0_u8..4, 1_i64..40).prop_map(|(what, seq)| Step::Page(what, seq)),
        2 => (1_i64..40).prop_map(Step::Seen),
        1 => (1_i64..40).prop_map(Step::MarkUnread),
        1 => Just(Step::OpenGarden),
        2 => any::<bool>().prop_map(Step::OpenAtUnread),
        1 => Just(Step::CloseGarden),
        1 => Just(Step::LeaveGarden),
        1 => Just(Step::Away),
        1 => any::<bool>().prop_map(Step::HoldEvents),
        2 => any::<bool>().prop_map(Step::AtEnd),
        1 => prop_oneof![Just(50_usize), 2_usize..8].prop_map(Step::PageLines),
    ]
    .boxed()
}

#[derive(Default)]
struct Typed {
    all: Vec<(ClientId, String)>,
    given_up: Vec<String>,
    /// Expected texts of the user's messages after all edits and deletions.
    wanted: BTreeMap<MessageId, Option<String>>,
    edits: usize,
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
        Step::CloseFor(millis) => {
            world.closes();
            world.pass(millis);
            world.others_say("while it was closed");
            world.opens();
        }
        Step::AnotherTab => world.another_tab_opens(),
        Step::RefuseChanges(changes) => {
            world.server.refused_changes.extend(vec![Refusal::unavailable(); changes]);
        }
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
            let refusal =
                if posts.is_multiple_of(2) { Refusal::unavailable() } else { Refusal::too_fast(2_500) };
            world.server.refuse_posts.extend(vec![refusal; posts]);
        }
        Step::MissTooMuch(events) => world.server.most_missed = events,
        Step::Change(what, which) => change(world, typed, what, which),
        Step::OthersChange(what, which) => others_change(world, what, which),
        Step::OthersSayInGarden => world.others_say_in("in the garden", &garden()),
        Step::Page(what, seq) => world.wants(match what {
            0 => Intent::Older { room: lobby() },
            1 => Intent::Newer { room: lobby() },
            2 => Intent::ToEnd { room: lobby() },
            _ => Intent::Around { room: lobby(), seq: Seq(seq) },
        }),
        Step::Seen(seq) => world.sees(seq),
        Step::MarkUnread(seq) => {
            let seq = Seq(seq.min(world.server.head(&lobby()).0));
            if seq > Seq(0) {
                world.wants(Intent::MarkUnread { room: lobby(), seq });
            }
        }
        Step::OpenGarden => world.wants(Intent::Open { room: garden() }),
        Step::OpenAtUnread(here) => {
            world.wants(Intent::OpenAtUnread { room: if here { lobby() } else { garden() } });
        }
        Step::CloseGarden => world.wants(Intent::Close { room: garden() }),
        Step::LeaveGarden => world.wants(Intent::Leave { room: garden() }),
        Step::Away => world.wants(Intent::Away { room: lobby() }),
        Step::HoldEvents(hold) => world.server.hold_events = hold,
        Step::PageLines(lines) => world.server.page_lines = lines,
        Step::AtEnd(at_end) => world.wants(Intent::AtEnd { room: lobby(), at_end }),
    }
}

/// Returns one of the messages stored in the lobby.
fn stored_message(world: &World, which: usize) -> Option<Message> {
    let messages = world.server.messages(&lobby());
    messages.len().checked_sub(1 + which % messages.len().max(1)).map(|index| messages[index].clone())
}

fn change(world: &mut World, typed: &mut Typed, what: u8, which: usize) {
    let Some(Message { id, author, .. }) = stored_message(world, which) else { return };
    if what < 3 && author.id.0 != 1 {
        return;
    }
    match what {
        0 | 1 => {
            typed.edits += 1;
            let text = format!("edited {}", typed.edits);
            world.edits(id, &text);
            let wanted = typed.wanted.entry(id).or_insert_with(|| Some(String::new()));
            *wanted = wanted.take().map(|_| text);
        }
        2 => {
            world.deletes(id);
            typed.wanted.insert(id, None);
        }
        3 => world.reacts(id, "🙂", true),
        4 => world.reacts(id, "🙂", false),
        _ => world.reacts(id, "👍", true),
    }
}

fn others_change(world: &mut World, what: u8, which: usize) {
    let Some(Message { id, text: Some(_), author, .. }) = stored_message(world, which) else { return };
    match what {
        0 if author.id.0 == 2 => world.others_edit(id, "edited by bob"),
        1 if author.id.0 == 2 => world.others_delete(id),
        2 => world.others_react(id, "🙂", true),
        3 => world.others_react(id, "🙂", false),
        // Another device of the same user.
        _ => {
            let frames =
                world.server.react(&lobby(), id, user(1, "alice"), &face("🙂"), which.is_multiple_of(2));
            frames.into_iter().for_each(|frame| world.server_tells(frame));
        }
    }
}

/// Checks that a client without pending work shows the stored state.
fn check_what_is_known(world: &World) {
    for room in world.client.rooms() {
        let stored = &world.server.rooms[&room.name];
        assert_eq!((room.phase().clone(), room.is_member()), (Phase::Live, true), "{}", room.name);
        assert_eq!(room.timeline.cursor(), Some(stored.head()));
        let lines = stored.lines();
        for row in room.timeline.rows() {
            assert!(!row.changing);
            match &row.state {
                RowState::Saved(message) => {
                    assert!(lines.contains(&Event::Posted(message.as_ref().clone())), "{message:?}");
                }
                RowState::Notice(event) => assert!(lines.contains(event)),
                other => panic!("{other:?}"),
            }
        }
        // No row is missing between others, and none at the end if the end is reported.
        let held: Vec<Seq> = room.timeline.rows().filter_map(|row| position(&row)).collect();
        let first = lines.iter().position(|line| Some(line.seq()) == held.first().copied()).unwrap_or(0);
        let run: Vec<Seq> = lines[first..].iter().map(Event::seq).take(held.len()).collect();
        assert_eq!(held, run);
        if room.open && !room.timeline.has_newer() {
            assert_eq!(held.last().copied(), lines.last().map(Event::seq));
        }
        assert_eq!((room.read(), room.unread()), (stored.read, stored.unread(1)), "{}", room.name);
    }
    let members: Vec<&RoomName> = world.client.rooms().map(|room| &room.name).collect();
    let stored: Vec<&RoomName> =
        world.server.rooms.iter().filter(|(_, room)| room.member).map(|(name, _)| name).collect();
    assert_eq!(members, stored);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loses_duplicates_and_reorders_nothing(steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World::in_lobby();
        let mut typed = Typed::default();
        for step in steps {
            take(&mut world, &mut typed, step);
            let rows = world.rows();
            for (id, text) in typed.all.iter().filter(|(_, text)| !typed.given_up.contains(text)) {
                let shown = rows.iter().filter(|row| row.trim_end_matches(['?', '+']) == text).count();
                let messages = world.server.messages(&lobby());
                let stored = messages.iter().any(|message| message.client_id == *id)
                    || world.client.room(&lobby()).is_some_and(|room| room.timeline.has_newer());
                let left = world.left_elsewhere.iter().any(|kept| kept.id() == *id);
                prop_assert!(shown == 1 || (shown == 0 && (stored || left)), "{text} is shown {shown} times: {rows:?}");
            }
        }

        world.server.delay = 0;
        world.server.refuse_posts.clear();
        world.server.refused_changes.clear();
        world.server.hold_events = false;
        world.network(Network::Up);
        world.pass(200_000);
        // The next event reveals the events that were held back.
        world.others_say("the last word");
        world.others_say_in("the last word", &garden());
        world.pass(60_000);
        prop_assert!(world.client.link().is_online());
        // Edits of messages that were deleted before. Their texts are kept until the user decides.
        let failed: Vec<Entry> = world.client.outbox().entries().cloned().collect();
        for entry in failed {
            prop_assert!(entry.text.as_str().starts_with("edited"), "{entry:?}");
            prop_assert_eq!(entry.failed.map(|refusal| refusal.code), Some(Code::NotFound));
            world.wants(Intent::Cancel { client_id: entry.client_id });
        }
        prop_assert!(world.client.outbox().is_empty() && world.storage.is_empty());
        for (id, wanted) in &typed.wanted {
            let message = world.server.rooms[&lobby()].messages[id].clone();
            prop_assert_eq!(message.text.map(|text| text.to_string()), wanted.clone());
        }
        let stored = world.server.messages(&lobby());
        let mine: Vec<ClientId> =
            stored.iter().filter(|message| message.author.id.0 == 1).map(|message| message.client_id).collect();
        for (id, text) in &typed.all {
            let times = mine.iter().filter(|stored| *stored == id).count();
            prop_assert!(times == 1 || (times == 0 && typed.given_up.contains(text)), "{text}: {times} times");
        }
        // If the server refuses one of several posts in flight, a later one may be stored first.
        if !typed.refused {
            let order: Vec<ClientId> = typed.all.iter().map(|(id, _)| *id).filter(|it| mine.contains(it)).collect();
            prop_assert_eq!(mine, order);
        }
        check_what_is_known(&world);
    }
}
