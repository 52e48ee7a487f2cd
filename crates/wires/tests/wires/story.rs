//! Runs the same scenario on every wire: it must send the same commands, and encode or explicitly omit each
//! update.

use std::collections::BTreeMap;

use hubbub_protocol::{Command, Event, Presence, Signal, Topic};
use hubbub_wires::{UpdateKind, UpdateTopic, Wire};

use crate::stage::{
    Stage, anna, deleted, edited, me, message, moved, now, presence_signal, reacted, read_up_to, user,
};
use crate::words::{Wish, says};

/// Opens a connection that has joined the room, and discards the frames so far.
fn in_the_room(wire: Wire) -> Stage {
    let mut stage = Stage::open_in(wire, vec![Event::Posted(message(1, anna(), "Hi"))]);
    says(&mut stage, Wish::Join);
    stage.heard();
    stage
}

#[test]
fn equal_requests_of_all_wires_make_equal_commands() {
    let mut request: BTreeMap<Wish, (Wire, Vec<Command>)> = BTreeMap::new();
    for wire in Wire::ALL {
        // On some wires the URL has already joined the room.
        let mut stage = Stage::pending(wire);
        let arrival = if stage.request.is_empty() { Wish::ALL.as_slice() } else { &Wish::ALL[1..] };
        for wish in arrival {
            stage.request.retain(|command| *wish == Wish::Post && matches!(command, Command::Join { .. }));
            stage.request.clear();
            if !says(&mut stage, *wish) {
                continue;
            }
            let commands = std::mem::take(&mut stage.request).into_iter().map(unnamed).collect();
            let (first, same) = request.entry(*wish).or_insert_with(|| (wire, Vec::clone(&commands)));
            assert_eq!(*same, commands, "{wish:?} on {wire:?} is not what it is on {first:?}");
        }
    }
    assert_eq!(request.len(), Wish::ALL.len(), "each can be wished for on some wire");
}

/// Returns the command without a generated client id.
fn unnamed(command: Command) -> Command {
    match command {
        Command::Post { room, text, reply_to, files, .. } => {
            Command::Post { room, client_id: crate::stage::client_id(), text, reply_to, files }
        }
        command => command,
    }
}

/// Returns all updates of a room, each with the events that must precede it.
fn happenings() -> Vec<(UpdateTopic, Vec<Event>, Vec<Signal>, Happening)> {
    let petr = || user(4, "petr");
    let posted = || message(2, petr(), "Hello");
    let before = || vec![Event::Posted(posted())];
    let seq = hubbub_protocol::Seq;
    let described = hubbub_protocol::Described {
        seq: seq(2),
        user: petr(),
        topic: Topic::parse("Nothing").unwrap(),
        at: now(),
    };
    let here = || vec![presence_signal(petr(), Presence::Online)];
    vec![
        (UpdateTopic::Posted, vec![], vec![], Happening::Event(Event::Posted(posted()))),
        (UpdateTopic::Edited, before(), vec![], Happening::Event(edited(seq(3), posted().id, "Hello!"))),
        (UpdateTopic::Deleted, before(), vec![], Happening::Event(deleted(seq(3), &posted()))),
        (UpdateTopic::Reacted, before(), vec![], Happening::Event(reacted(seq(3), posted().id, anna()))),
        (UpdateTopic::Described, vec![], vec![], Happening::Event(Event::Described(described))),
        (UpdateTopic::Came, vec![], vec![], Happening::Event(Event::Joined(moved(seq(2), petr())))),
        (UpdateTopic::Came, vec![], vec![], Happening::Signal(presence_signal(petr(), Presence::Away))),
        (UpdateTopic::Status, vec![], here(), Happening::Signal(presence_signal(petr(), Presence::Busy))),
        (UpdateTopic::Went, vec![], here(), Happening::Signal(presence_signal(petr(), Presence::Offline))),
        (UpdateTopic::Went, vec![], here(), Happening::Event(Event::Left(moved(seq(2), petr())))),
        (UpdateTopic::Typing, vec![], here(), Happening::Signal(Signal::Typing { user: petr(), on: true })),
        (
            UpdateTopic::TypingEnded,
            vec![],
            here(),
            Happening::Signal(Signal::Typing { user: petr(), on: false }),
        ),
        (UpdateTopic::Read, before(), here(), Happening::Signal(read_up_to(&petr(), seq(2)))),
    ]
}

#[expect(clippy::large_enum_variant, reason = "a test has a few of them")]
enum Happening {
    Event(Event),
    Signal(Signal),
}

impl Happening {
    const fn what(&self) -> UpdateKind<'_> {
        match self {
            Self::Event(event) => UpdateKind::Event(event),
            Self::Signal(signal) => UpdateKind::Signal(signal),
        }
    }
}

#[test]
fn every_update_is_encoded_or_declared_unsupported() {
    let mut outbound = Vec::new();
    for (kind, events, signals, happening) in happenings() {
        outbound.push(kind);
        for wire in Wire::ALL {
            let mut stage = in_the_room(wire);
            events.iter().for_each(|event| stage.happens(UpdateKind::Event(event)));
            signals.iter().for_each(|signal| stage.happens(UpdateKind::Signal(signal)));
            stage.heard();
            stage.happens(happening.what());
            let heard = stage.heard();
            assert_eq!(heard.len(), usize::from(wire.supports(kind)), "{kind:?} on {wire:?}: {heard:?}");
        }
    }
    assert!(UpdateTopic::ALL.iter().all(|kind| outbound.contains(kind)), "each kind has happened");
}

#[test]
fn updates_are_sent_once_and_not_to_their_author() {
    let petr = || user(4, "petr");
    for wire in Wire::ALL {
        let mut stage = in_the_room(wire);
        let seq = stage.head().next();
        stage.happens(UpdateKind::Event(&Event::Joined(moved(seq, petr()))));
        stage.happens(UpdateKind::Signal(&presence_signal(petr(), Presence::Online)));
        stage.happens(UpdateKind::Event(&Event::Joined(moved(seq.next(), petr()))));
        assert_eq!(stage.heard().len(), 1, "{wire:?}: they came once");
        stage.happens(UpdateKind::Signal(&presence_signal(petr(), Presence::Offline)));
        stage.happens(UpdateKind::Event(&Event::Left(moved(seq.next().next(), petr()))));
        let departed = vec![petr().id];
        stage.happens(UpdateKind::Signal(&Signal::People {
            changed: vec![],
            departed,
            count: 1,
            members: 1,
        }));
        assert_eq!(stage.heard().len(), 1, "{wire:?}: they went once");

        stage.happens(UpdateKind::Signal(&presence_signal(anna(), Presence::Online)));
        assert_eq!(stage.heard(), [""; 0], "{wire:?}: anna was there when one came");
        let departed = vec![anna().id];
        stage.happens(UpdateKind::Signal(&Signal::People {
            changed: vec![],
            departed,
            count: 1,
            members: 1,
        }));
        let heard = stage.heard();
        assert!(
            heard.len() == 1 && (wire == Wire::Typed || heard[0].contains("anna")),
            "{wire:?}: {heard:?}"
        );

        stage.happens(UpdateKind::Signal(&presence_signal(me(), Presence::Busy)));
        stage.happens(UpdateKind::Signal(&presence_signal(me(), Presence::Offline)));
        stage.happens(UpdateKind::Signal(&Signal::Typing { user: me(), on: true }));
        stage.happens(UpdateKind::Event(&Event::Joined(moved(seq, me()))));
        assert_eq!(stage.heard(), [""; 0], "{wire:?}: all of this is about oneself");
    }
}
