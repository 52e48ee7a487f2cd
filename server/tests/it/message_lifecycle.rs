//! The life cycle of a message in a room: edits, reactions, reading, presence.

use hubbub_protocol::{
    Answer, Code, Command, Edits, Event, Message, MessageId, MessageText, MyRoom, Page, Presence, ReadMark,
    ReadState, Seq, ServerFrame, Signal, Status, User, UserEvent,
};

use super::support::{Guest, Program, Socket};

const ROOM: &str = "general";

fn room() -> String {
    ROOM.to_owned()
}

async fn in_room(program: &Program, name: &str) -> Socket {
    back_in_room(&program.guest(name).await).await
}

/// Connects another device of the same user, or the same device again.
async fn back_in_room(guest: &Guest) -> Socket {
    let mut socket = guest.connects().await;
    socket.joins(ROOM, None).await;
    socket
}

impl Socket {
    async fn says(&mut self, text: &str) -> Message {
        let asked = self.posts(ROOM, text).await;
        let posted = self.is_told_where(asked).await;
        let id = posted.message_id;
        self.waits_for(|frame| match frame {
            ServerFrame::Event { what: Event::Posted(message), .. } if message.id == id => Some(message),
            _ => None,
        })
        .await
    }

    async fn hears_signal<T>(&mut self, wanted: impl Fn(Signal) -> Option<T>) -> T {
        self.waits_for(|frame| match frame {
            ServerFrame::Signal { what, .. } => wanted(what),
            _ => None,
        })
        .await
    }

    async fn sees_somebody(&mut self, name: &str, wanted: Presence) {
        self.hears_signal(|signal| match signal {
            Signal::People { changed, .. } => changed
                .into_iter()
                .find(|person| person.user.name.as_str() == name && person.presence == wanted),
            _ => None,
        })
        .await;
    }

    async fn sees_typing(&mut self) -> (User, bool) {
        self.hears_signal(|signal| match signal {
            Signal::Typing { user, on } => Some((user, on)),
            _ => None,
        })
        .await
    }

    async fn reads_the_newest_page(&mut self) -> Vec<Event> {
        let newest = Command::History { room: room(), before: None, after: None, around: None, limit: None };
        match self.is_answered(newest).await {
            Ok(Answer::History(Page { events, .. })) => events,
            other => panic!("expected a page, got {other:?}"),
        }
    }

    async fn my_rooms(&mut self) -> Vec<MyRoom> {
        match self.is_answered(Command::Rooms {}).await {
            Ok(Answer::Rooms { rooms }) => rooms,
            other => panic!("expected my rooms, got {other:?}"),
        }
    }
}

fn edit(message_id: MessageId, text: &str) -> Command {
    Command::Edit { room: room(), message_id, text: text.to_owned(), remove_files: Vec::new() }
}

fn react(message_id: MessageId, on: bool) -> Command {
    Command::React { room: room(), message_id, emoji: "👍".to_owned(), on }
}

fn said(message: &Message) -> Option<&str> {
    message.text.as_ref().map(MessageText::as_str)
}

#[tokio::test]
async fn changes_reach_present_and_returning_users() {
    let mut program = Program::start().await;
    let (her, him) = (program.guest("alice").await, program.guest("bob").await);
    let (mut alice, mut bob) = (back_in_room(&her).await, back_in_room(&him).await);
    let message = alice.says("frist").await;
    let cursor = bob.sees().await.seq;

    let refused = bob.is_answered(edit(message.id, "mine now")).await.unwrap_err();
    assert_eq!(refused.code, Code::NotYours);
    let done = alice.is_answered(edit(message.id, "first")).await;
    assert!(matches!(done, Ok(Answer::Done { seq: Seq(4), .. })), "{done:?}");
    let edited =
        bob.hears_event(|event| if let Event::Edited(edited) = event { Some(edited) } else { None }).await;
    assert_eq!(
        (edited.message_id, edited.text.as_ref().map(MessageText::as_str)),
        (message.id, Some("first"))
    );
    bob.is_answered(react(message.id, true)).await.unwrap();
    let reacted = alice
        .hears_event(|event| if let Event::Reacted(reacted) = event { Some(reacted) } else { None })
        .await;
    assert_eq!((reacted.user.name.as_str(), reacted.on, reacted.seq), ("bob", true, Seq(5)));
    // Repeating the request changes nothing and succeeds.
    assert!(matches!(bob.is_answered(react(message.id, true)).await, Ok(Answer::Done { seq: Seq(5), .. })));

    // A client that reconnects receives the changes, also after a restart of the server.
    bob.leaves().await;
    program.kill().await;
    program.restart().await;
    let mut bob = him.connects().await;
    let ServerFrame::CatchUp(missed) = bob.joins(ROOM, Some(cursor.0)).await else { panic!("no catch-up") };
    let kinds: Vec<&str> = missed
        .events
        .iter()
        .map(|event| match event {
            Event::Edited(_) => "edited",
            Event::Reacted(_) => "reacted",
            _ => "else",
        })
        .collect();
    assert_eq!(kinds, ["edited", "reacted"]);
    let events = bob.reads_the_newest_page().await;
    let Some(Event::Posted(now)) = events.last() else { panic!("{events:?}") };
    assert_eq!((said(now), now.version(), now.reactions[0].users.len()), (Some("first"), Seq(5), 1));
}

#[tokio::test]
async fn author_alone_reads_earlier_versions_and_deletes() {
    let program = Program::start().await;
    let (mut alice, mut bob) = (in_room(&program, "alice").await, in_room(&program, "bob").await);
    let message = alice.says("frist").await;
    alice.is_answered(edit(message.id, "first")).await.unwrap();
    bob.is_answered(react(message.id, true)).await.unwrap();

    let former = |message_id| Command::Edits { room: room(), message_id };
    let Ok(Answer::Edits(Edits { versions, .. })) = alice.is_answered(former(message.id)).await else {
        panic!("no former texts")
    };
    assert_eq!(versions.iter().map(|version| version.text.as_str()).collect::<Vec<_>>(), ["frist"]);
    assert_eq!(bob.is_answered(former(message.id)).await.unwrap_err().code, Code::NotYours);

    // A deleted message loses its text and keeps its position.
    let delete = || Command::Delete { room: room(), message_id: message.id };
    assert_eq!(bob.is_answered(delete()).await.unwrap_err().code, Code::NotYours);
    alice.is_answered(delete()).await.unwrap();
    let deleted =
        bob.hears_event(|event| if let Event::Deleted(deleted) = event { Some(deleted) } else { None }).await;
    assert_eq!((deleted.message_id, deleted.message_seq), (message.id, message.seq));
    let events = bob.reads_the_newest_page().await;
    let Some(Event::Posted(now)) = events.last() else { panic!("{events:?}") };
    assert_eq!((said(now), now.reactions.len(), now.id), (None, 0, message.id));
    assert_eq!(bob.is_answered(react(message.id, true)).await.unwrap_err().code, Code::NotFound);
}

#[tokio::test]
async fn message_of_another_room_is_not_found() {
    let program = Program::start().await;
    let (mut alice, mut bob) = (in_room(&program, "alice").await, in_room(&program, "bob").await);
    let message = alice.says("here").await;
    bob.joins("elsewhere", None).await;
    for message_id in [message.id, MessageId(i64::MAX), MessageId(-1), MessageId(0)] {
        let elsewhere = || "elsewhere".to_owned();
        let emoji = "👍".to_owned();
        let react = Command::React { room: elsewhere(), message_id, emoji, on: true };
        let edits = Command::Edits { room: elsewhere(), message_id };
        let answer = Command::Post {
            room: elsewhere(),
            client_id: hubbub_protocol::ClientId::from_random_bytes(rand::random()),
            text: "about that".to_owned(),
            reply_to: Some(message_id),
            files: Vec::new(),
        };
        for command in [react, edits, answer] {
            assert_eq!(bob.is_answered(command).await.unwrap_err().code, Code::NotFound);
        }
    }
}

#[tokio::test]
async fn reply_quotes_the_current_text() {
    let program = Program::start().await;
    let mut alice = in_room(&program, "alice").await;
    let question = alice.says("Tea?").await;
    let client_id = hubbub_protocol::ClientId::from_random_bytes(rand::random());
    let (text, reply_to) = ("Yes".to_owned(), Some(question.id));
    let Ok(Answer::Posted(posted)) =
        alice.is_answered(Command::Post { room: room(), client_id, text, reply_to, files: Vec::new() }).await
    else {
        panic!("not posted")
    };
    alice.is_answered(edit(question.id, "Coffee?")).await.unwrap();
    let events = alice.reads_the_newest_page().await;
    let Some(Event::Posted(answer)) = events.last() else { panic!("{events:?}") };
    let quote = answer.reply_to.clone().expect("a quote");
    assert_eq!(
        (answer.id, quote.seq, quote.text.as_deref()),
        (posted.message_id, question.seq, Some("Coffee?"))
    );
}

#[tokio::test]
async fn unread_counts_agree_on_all_devices() {
    let program = Program::start().await;
    let mut alice = in_room(&program, "alice").await;
    let bob = program.guest("bob").await;
    let (mut laptop, mut phone) = (back_in_room(&bob).await, back_in_room(&bob).await);
    for text in ["one", "two", "three"] {
        alice.says(text).await;
    }
    let unread = |rooms: &[MyRoom]| (rooms.len(), rooms[0].read.unread, rooms[0].read.head);
    assert_eq!(unread(&phone.my_rooms().await), (1, 3, Seq(5)));

    let read = |seq| Command::Read { room: room(), seq: Seq(seq) };
    let Ok(Answer::Read(state)) = laptop.is_answered(read(4)).await else { panic!("no answer") };
    assert_eq!((state.seq, state.unread), (Seq(4), 1));
    let heard =
        |frame| if let ServerFrame::UserEvent(UserEvent::Read(state)) = frame { Some(state) } else { None };
    assert_eq!(phone.waits_for(heard).await, state);
    // In a small room, the other members receive the read position.
    let mark = alice
        .hears_signal(|signal| match signal {
            Signal::Read(mark) if mark.seq == Seq(4) => Some(mark),
            _ => None,
        })
        .await;
    // A read position only increases, unless the user marks messages as unread.
    let Ok(Answer::Read(state)) = phone.is_answered(read(3)).await else { panic!("no answer") };
    assert_eq!(state.seq, Seq(4));
    let unread_from = Command::Unread { room: room(), seq: Seq(4) };
    let Ok(Answer::Read(state)) = phone.is_answered(unread_from).await else { panic!("no answer") };
    assert_eq!(state, ReadState { room: state.room.clone(), seq: Seq(3), unread: 2, head: Seq(5) });

    // A read position is hidden if its user does not share it.
    phone.is_answered(Command::Appear { status: None, share_reads: Some(false) }).await.unwrap();
    let hidden = ReadMark { user: mark.user, seq: Seq(0) };
    alice.hears_signal(|signal| (signal == Signal::Read(hidden)).then_some(())).await;
    alice.asks(Command::Join { room: room(), cursor: Some(Seq(5)), resume: false }).await;
    let marks = alice
        .waits_for(|frame| match frame {
            ServerFrame::Reply { answer: Answer::Joined(joined), .. } => Some(joined.marks),
            _ => None,
        })
        .await;
    assert!(marks.iter().all(|mark| mark.user != hidden.user), "{marks:?}");
}

#[tokio::test]
async fn typing_ends_by_time_message_or_disconnect() {
    let program = Program::start().await;
    let (mut alice, mut bob) = (in_room(&program, "alice").await, in_room(&program, "bob").await);
    let writes = |on| Command::Type { room: room(), on };
    bob.is_answered(writes(true)).await.unwrap();
    let (who, on) = alice.sees_typing().await;
    assert_eq!((who.name.as_str(), on), ("bob", true));
    // Typing ends three seconds after the last notice.
    bob.is_answered(writes(true)).await.unwrap();
    assert!(!alice.sees_typing().await.1);
    // Typing ends with the message.
    bob.is_answered(writes(true)).await.unwrap();
    assert!(alice.sees_typing().await.1);
    bob.says("so").await;
    assert!(!alice.sees_typing().await.1);
    // Typing ends with the connection.
    bob.is_answered(writes(true)).await.unwrap();
    assert!(alice.sees_typing().await.1);
    drop(bob);
    assert!(!alice.sees_typing().await.1);
}

#[tokio::test]
async fn users_go_offline_after_five_seconds_and_not_by_a_reload() {
    let program = Program::start().await;
    let him = program.guest("bob").await;
    let (mut alice, bob) = (in_room(&program, "alice").await, back_in_room(&him).await);
    alice.sees_somebody("bob", Presence::Online).await;
    bob.leaves().await;
    back_in_room(&him).await.leaves().await;
    let gone_at = tokio::time::Instant::now();
    // The next update about bob is that he is offline.
    let next = alice
        .hears_signal(|signal| match signal {
            Signal::People { changed, count, .. } => Some((changed, count)),
            _ => None,
        })
        .await;
    assert_eq!((next.0[0].presence, next.1), (Presence::Offline, 1));
    assert!(gone_at.elapsed() >= std::time::Duration::from_millis(4_500), "so soon: {:?}", gone_at.elapsed());
}

#[tokio::test]
async fn chosen_status_applies_to_all_devices_and_survives_a_restart() {
    let mut program = Program::start().await;
    let mut alice = in_room(&program, "alice").await;
    let bob = program.guest("bob").await;
    let (mut laptop, mut phone) = (back_in_room(&bob).await, back_in_room(&bob).await);
    alice.sees_somebody("bob", Presence::Online).await;
    let appear = |status| Command::Appear { status: Some(status), share_reads: None };
    laptop.is_answered(appear(Status::Busy)).await.unwrap();
    let heard = |frame| {
        if let ServerFrame::UserEvent(UserEvent::Appearance(mine)) = frame { Some(mine) } else { None }
    };
    assert_eq!(phone.waits_for(heard).await.status, Status::Busy);
    alice.sees_somebody("bob", Presence::Busy).await;
    laptop.is_answered(appear(Status::Invisible)).await.unwrap();
    alice.sees_somebody("bob", Presence::Offline).await;
    // An invisible user sends no typing notices: the next one that alice receives is from another user.
    phone.is_answered(Command::Type { room: room(), on: true }).await.unwrap();
    let mut carol = in_room(&program, "carol").await;
    carol.is_answered(Command::Type { room: room(), on: true }).await.unwrap();
    assert_eq!(alice.sees_typing().await.0.name.as_str(), "carol");

    program.kill().await;
    program.restart().await;
    let mut bob = bob.connects().await;
    let ServerFrame::Hello(hello) = bob.hears().await else { panic!("no hello") };
    assert_eq!(hello.appearance.status, Status::Invisible);
}

#[tokio::test]
async fn room_has_a_topic_and_can_be_found() {
    let program = Program::start().await;
    let (mut alice, mut bob) = (in_room(&program, "alice").await, in_room(&program, "bob").await);
    alice.is_answered(Command::Describe { room: room(), topic: " Tea ".to_owned() }).await.unwrap();
    let said =
        bob.hears_event(|event| if let Event::Described(said) = event { Some(said) } else { None }).await;
    assert_eq!((said.user.name.as_str(), said.topic.as_str()), ("alice", "Tea"));
    let browse = Command::Browse { query: Some("GENER".to_owned()), after: None };
    let Ok(Answer::Browsed(found)) = bob.is_answered(browse).await else { panic!("nothing found") };
    let [found] = &found.rooms[..] else { panic!("{found:?}") };
    assert_eq!((found.room.topic.as_str(), found.members, found.joined), ("Tea", 2, true));
}

#[tokio::test]
async fn leaving_a_room_applies_to_all_devices() {
    let program = Program::start().await;
    let mut alice = in_room(&program, "alice").await;
    let bob = program.guest("bob").await;
    let (mut laptop, mut phone) = (back_in_room(&bob).await, back_in_room(&bob).await);
    assert!(matches!(laptop.is_answered(Command::Leave { room: room() }).await, Ok(Answer::Left { .. })));
    phone
        .waits_for(|frame| matches!(frame, ServerFrame::UserEvent(UserEvent::Left { .. })).then_some(()))
        .await;
    let left =
        alice.hears_event(|event| if let Event::Left(moved) = event { Some(moved) } else { None }).await;
    assert_eq!(left.user.name.as_str(), "bob");
    phone.posts(ROOM, "still here?").await;
    let refused = phone.waits_for(|frame| match frame {
        ServerFrame::Refusal { refusal, .. } => Some(refusal.code),
        _ => None,
    });
    assert_eq!(refused.await, Code::NotJoined);
    assert_eq!(phone.my_rooms().await, []);
}
