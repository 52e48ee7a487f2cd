//! The rate limit of a command, which is counted before its values are checked, and that of the resulting request.

use hubbub_chat::{ConnectionEffect, RateLimitKind, RoomCommand};
use hubbub_protocol::{ClientFrame, ClientId, Command, MessageId, Millis, RequestId, Seq};

use super::joined;

/// Returns one command of each kind that becomes a request to a room.
fn room_commands() -> Vec<Command> {
    let room = || "general".to_owned();
    let message_id = MessageId(1);
    let client_id = ClientId::from_random_bytes([1; 16]);
    vec![
        Command::Post { room: room(), client_id, text: "Hi".to_owned(), reply_to: None, files: Vec::new() },
        Command::Edit { room: room(), message_id, text: "Hello".to_owned(), remove_files: Vec::new() },
        Command::Delete { room: room(), message_id },
        Command::React { room: room(), message_id, emoji: "👍".to_owned(), on: true },
        Command::Describe { room: room(), topic: "Tea".to_owned() },
        Command::Type { room: room(), on: true },
        Command::Read { room: room(), seq: Seq(1) },
        Command::Unread { room: room(), seq: Seq(1) },
        Command::Leave { room: room() },
        Command::Join { room: "other".to_owned(), cursor: None, resume: false },
    ]
}

#[test]
fn limits_a_command_and_its_request_alike() {
    for command in room_commands() {
        let (mut connection, _) = joined(Some(0), 0);
        let expected = RateLimitKind::of(&command);
        let frame = ClientFrame { id: RequestId(2), command: command.clone() };
        let effects = connection.on_request(Ok(frame), Millis(0), |_| Ok(()));
        let [ConnectionEffect::Request { request, .. }] = &effects[..] else {
            panic!("{command:?} is no request to a room: {effects:?}")
        };
        let kind = match &request.command {
            RoomCommand::Change(change) => RateLimitKind::of_change(change),
            RoomCommand::Enter { .. } => RateLimitKind::Joining,
            RoomCommand::Read(_) => RateLimitKind::Marking,
            RoomCommand::Type(_) => RateLimitKind::Typing,
            other => panic!("no client requests {other:?}"),
        };
        assert_eq!(expected, Some(kind), "{command:?}");
    }
}
