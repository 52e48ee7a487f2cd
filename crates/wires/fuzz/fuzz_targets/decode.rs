//! Checks that no wire panics, whatever a peer sends. The first byte of each line selects the kind of frame;
//! the rest is its content.

#![no_main]

use std::sync::Arc;

use hubbub_protocol::{
    Appearance, Attachment, Epoch, Hello, Refusal, RequestId, RoomName, ServerFrame, Timestamp, User, UserId, UserName,
};
use hubbub_wires::{InboundFrame, Endpoint, FileUrls, SessionOutput, Session, Lookup};
use libfuzzer_sys::fuzz_target;

/// The stage has no files.
#[derive(Debug)]
struct NoUrls;

impl FileUrls for NoUrls {
    fn url(&self, _file: &Attachment) -> String {
        String::new()
    }
}

const NOW: i64 = 1_790_000_000_000;

fuzz_target!(|data: &[u8]| {
    let (Ok(room), Ok(name)) = (RoomName::parse("general"), UserName::parse("user_kqzvbn42")) else { return };
    let openings = [
        Endpoint::Actions,
        Endpoint::Plain { room: room.clone(), history: 2 },
        Endpoint::Form { room },
        Endpoint::SocketIo { sid: "sid".to_owned() },
        Endpoint::Typed,
    ];
    let now = Timestamp::from_millis(NOW);
    for endpoint in openings {
        let me = User { id: UserId(1), name: name.clone() };
        let mut session = Session::new(endpoint, me.clone(), true, Arc::new(NoUrls));
        answer(&mut session, ServerFrame::Hello(hello(me)), now);
        for line in data.split(|byte| *byte == b'\n') {
            let Some((kind, rest)) = line.split_first() else { continue };
            let text = String::from_utf8_lossy(rest);
            let (event, json) = text.split_once(' ').unwrap_or((&text, ""));
            let input = match kind % 4 {
                0 => InboundFrame::Binary,
                1 => InboundFrame::Event { name: event, json, acknowledge: None, has_attachment: false },
                2 => InboundFrame::Event { name: event, json, acknowledge: Some(1), has_attachment: false },
                _ => InboundFrame::Text(&text),
            };
            let output = session.decode(input, [0; 16], now);
            refuse_all(&mut session, output, now);
        }
    }
});

fn answer(session: &mut Session, frame: ServerFrame, now: Timestamp) {
    let output = session.on_frame(frame, now);
    refuse_all(session, output, now);
}

/// Answers a lookup as not found or refused.
fn refuse_all(session: &mut Session, output: SessionOutput, now: Timestamp) {
    if let Some(lookup) = output.lookup {
        let further = match lookup {
            Lookup::Do(frame) => refused(session, frame.id, now),
            Lookup::Rename { id, name } => session.on_renamed(id, Ok(User { id: UserId(1), name }), now),
            Lookup::Room { id, .. } => session.on_room(id, Ok(None), now),
            Lookup::StoreFile { id, .. } => session.on_file(id, Err(Refusal::unavailable()), now),
            Lookup::Message { id, .. } => session.on_message(id, Ok(None), now),
            Lookup::People { id, .. } => session.on_people(id, Vec::new(), now),
        };
        refuse_all(session, further, now);
    }
}

fn refused(session: &mut Session, id: RequestId, now: Timestamp) -> SessionOutput {
    session.on_frame(ServerFrame::Refusal { id: Some(id), refusal: Refusal::unavailable() }, now)
}

fn hello(user: User) -> Hello {
    Hello {
        protocol: 1,
        server: String::new(),
        epoch: Epoch(String::new()),
        user,
        appearance: Appearance::default(),
        idle_timeout_seconds: 90,
        max_frame_bytes: 65_536,
        max_text_chars: 4_000,
        max_text_bytes: 16_384,
    }
}
