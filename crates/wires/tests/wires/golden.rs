//! Keeps the wire formats stable: one transcript for each wire. `>` marks input, `<` output and `do`
//! commands. After an intended change, `HUBBUB_UPDATE_GOLDEN=1` writes the files again.

use std::fs;
use std::path::Path;

use hubbub_protocol::{Event, Presence, Refusal, RequestId, ServerFrame, Signal, UserEvent};
use hubbub_wires::{InboundFrame, UpdateKind, Wire};

use crate::files::with_files;
use crate::stage::{
    Stage, anna, deleted, edited, message, moved, presence_signal, reacted, read_up_to, room, user,
};
use crate::words::{Wish, says};

fn name(wire: Wire) -> &'static str {
    match wire {
        Wire::Actions => "actions",
        Wire::Plain => "plain",
        Wire::Form => "form",
        Wire::SocketIo => "socketio",
        Wire::Typed => "typed",
    }
}

/// Records all requests and updates of a wire.
fn transcript(wire: Wire) -> String {
    let before = message(1, anna(), "Who is \"there\"?");
    let notice = Event::Joined(moved(hubbub_protocol::Seq(2), anna()));
    let mut stage = Stage::open_in(wire, vec![Event::Posted(before), notice]);
    for wish in Wish::ALL.into_iter().filter(|wish| *wish != Wish::Leave) {
        if says(&mut stage, wish) {
            continue;
        }
        stage.remark(&format!("no words for {wish:?}"));
    }
    stage.remark("sent again");
    says(&mut stage, Wish::Post);

    another_user_comes_and_goes(&mut stage);
    sends_invalid_frames(&mut stage);
    let id = Some(RequestId(10_000));
    stage.tells(ServerFrame::Refusal { id, refusal: Refusal::unavailable() });

    stage.remark("leaves, and then elsewhere too");
    says(&mut stage, Wish::Leave);
    stage.tells(ServerFrame::UserEvent(UserEvent::Left { room: room() }));
    stage.transcript
}

/// Shows what a client receives about another user.
fn another_user_comes_and_goes(stage: &mut Stage) {
    let petr = user(4, "Пётр");
    stage.remark("somebody comes, and is busy");
    stage.happens(UpdateKind::Event(&Event::Joined(moved(stage.head().next(), petr.clone()))));
    stage.happens(UpdateKind::Signal(&presence_signal(petr.clone(), Presence::Online)));
    stage.happens(UpdateKind::Signal(&presence_signal(petr.clone(), Presence::Busy)));
    stage.remark("they write, post, edit and take back");
    stage.happens(UpdateKind::Signal(&Signal::Typing { user: petr.clone(), on: true }));
    stage.happens(UpdateKind::Signal(&Signal::Typing { user: petr.clone(), on: false }));
    let posted = stage.message_by(petr.clone(), "two\nlines");
    stage.happens(UpdateKind::Event(&Event::Posted(posted.clone())));
    stage.happens(UpdateKind::Event(&edited(stage.head().next(), posted.id, "one line")));
    stage.happens(UpdateKind::Event(&reacted(stage.head().next(), posted.id, anna())));
    stage.happens(UpdateKind::Event(&deleted(stage.head().next(), &posted)));
    stage.remark("they post files, and remove one");
    let pictures = with_files(stage.message_by(petr.clone(), "Look"), &["cat.png", "notes.txt"]);
    stage.happens(UpdateKind::Event(&Event::Posted(pictures.clone())));
    stage.happens(UpdateKind::Event(&edited(stage.head().next(), pictures.id, "Look here")));
    let alone = with_files(stage.message_by(petr.clone(), ""), &["dog.png"]);
    stage.happens(UpdateKind::Event(&Event::Posted(alone)));
    stage.remark("they have read, and go");
    stage.happens(UpdateKind::Signal(&read_up_to(&petr, stage.head())));
    stage.happens(UpdateKind::Event(&Event::Left(moved(stage.head().next(), petr.clone()))));
    stage.happens(UpdateKind::Signal(&Signal::People {
        changed: Vec::new(),
        departed: vec![petr.id],
        count: 2,
        members: 2,
    }));
    stage.remark("somebody's last connection is gone");
    stage.happens(UpdateKind::Signal(&presence_signal(anna(), Presence::Offline)));
}

fn sends_invalid_frames(stage: &mut Stage) {
    stage.remark("what cannot be");
    stage.says(InboundFrame::Binary);
    stage.says(InboundFrame::Text(""));
    stage.says(InboundFrame::Text("{"));
    stage.says(InboundFrame::Text("{\"action\":\"dance\",\"type\":\"dance\"}"));
    stage.says(InboundFrame::Text(
        "{\"action\":\"message\",\"type\":\"send_message\",\"chat_id\":3,\"room\":\"general\"}",
    ));
    stage.says(InboundFrame::Event { name: "dance", json: "{}", acknowledge: None, has_attachment: false });
    stage.says(InboundFrame::Event {
        name: "join_room",
        json: "{\"room\":7}",
        acknowledge: Some(8),
        has_attachment: false,
    });
    stage.says(InboundFrame::Event {
        name: "send_file",
        json: "{\"room\":\"general\",\"filename\":\"a.png\",\"data\":{\"_placeholder\":true,\"num\":0}}",
        acknowledge: None,
        has_attachment: false,
    });
}

#[test]
fn every_wire_matches_its_golden_file() {
    for wire in Wire::ALL {
        let written = transcript(wire);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wires/golden");
        let path = folder.join(format!("{}.txt", name(wire)));
        if std::env::var_os("HUBBUB_UPDATE_GOLDEN").is_some() {
            fs::write(&path, &written).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        for (number, (line, expected)) in written.lines().zip(golden.lines()).enumerate() {
            assert_eq!(line, expected, "{}, line {}", path.display(), number + 1);
        }
        assert_eq!(written, golden, "{}", path.display());
    }
}
