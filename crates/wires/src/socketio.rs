//! Socket.IO events on `/socket.io/`: `join_room` with `{"room":"general"}`.

use hubbub_protocol::{
    ClientId, DEFAULT_PAGE_MESSAGES, Event, Message, MessageId, MessageText, Person, Presence, RoomName,
    Timestamp, User,
};
use serde::Serialize;

use crate::asked::{Asked, Place};
use crate::fields::Fields;
use crate::frame::{Frame, json};
use crate::problem::Problem;
use crate::told::{News, Piece, Posting, Told, What};

#[derive(Serialize)]
struct Connected<'a> {
    sid: &'a str,
    username: &'a str,
}

#[derive(Serialize)]
struct Joined<'a> {
    room: &'a RoomName,
    username: &'a str,
    users: Vec<Member<'a>>,
    history: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Left<'a> {
    room: &'a RoomName,
}

#[derive(Serialize)]
struct Moved<'a> {
    room: &'a RoomName,
    username: &'a str,
}

#[derive(Serialize)]
struct Sent<'a> {
    room: &'a RoomName,
    id: MessageId,
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<ClientId>,
}

#[derive(Serialize)]
struct Line<'a> {
    room: &'a RoomName,
    id: MessageId,
    username: &'a str,
    text: &'a MessageText,
    timestamp: Timestamp,
}

#[derive(Serialize)]
struct Member<'a> {
    username: &'a str,
    online: bool,
}

#[derive(Serialize)]
struct Users<'a> {
    room: &'a RoomName,
    users: Vec<Member<'a>>,
}

pub(crate) fn decode(name: &str, payload: &str) -> Result<Asked, Problem> {
    if !matches!(name, "join_room" | "leave_room" | "send_message" | "send_file" | "get_room_users") {
        return Err(Problem::unknown("event", name));
    }
    let fields = Fields::parse(payload)?;
    let room = Place::Named(fields.string("room")?.to_owned());
    Ok(match name {
        "join_room" => Asked::Join {
            room,
            name: fields.optional_string("username")?.map(str::to_owned),
            history: fields.messages("history", 0, DEFAULT_PAGE_MESSAGES)?,
        },
        "leave_room" => Asked::Leave { room },
        "send_message" => Asked::Post {
            room,
            text: fields.string("text")?.to_owned(),
            client_id: fields.optional_client_id("client_id")?,
        },
        "get_room_users" => Asked::Users { room },
        _ => return Err(Problem::no_files("data")),
    })
}

pub(crate) fn encode(told: &Told<'_>, me: &User) -> Vec<Frame> {
    vec![match told {
        Told::Hello { sid } => emit("connected", &Connected { sid, username: me.name.as_str() }),
        Told::Joined { room, people, history } => {
            let history = history.iter().filter_map(|message| line(&room.name, message)).collect();
            let (username, users) = (me.name.as_str(), members(people));
            emit("joined_room", &Joined { room: &room.name, username, users, history })
        }
        Told::Left { room } => emit("left_room", &Left { room }),
        Told::Posted { room, message: Posting { id, at }, client_id } => {
            emit("message_sent", &Sent { room, id: *id, timestamp: *at, client_id: *client_id })
        }
        Told::Users { room, people } => emit("room_users", &Users { room, users: members(people) }),
        Told::Refused(problem) => emit("error", problem),
        // Sent again: answered above. The rest nobody can ask for here.
        Told::Again { .. } | Told::History { .. } | Told::Pong => return Vec::new(),
    }]
}

pub(crate) fn prepare(news: &News<'_>) -> Vec<Piece> {
    let What::Event(Event::Posted(message)) = news.what else { return Vec::new() };
    let said = line(news.room, message).map(|line| Piece::All(emit("new_message", &line)));
    said.into_iter().collect()
}

pub(crate) fn notice(room: &RoomName, user: &User, presence: Presence) -> Frame {
    let moved = Moved { room, username: user.name.as_str() };
    emit(if presence == Presence::Offline { "user_left_room" } else { "user_joined_room" }, &moved)
}

fn line<'a>(room: &'a RoomName, message: &'a Message) -> Option<Line<'a>> {
    let text = message.text.as_ref()?;
    let username = message.author.name.as_str();
    Some(Line { room, id: message.id, username, text, timestamp: message.at })
}

fn members(people: &[Person]) -> Vec<Member<'_>> {
    let member = |person: &'_ Person| person.presence != Presence::Offline;
    people
        .iter()
        .map(|person| Member { username: person.user.name.as_str(), online: member(person) })
        .collect()
}

fn emit<T: Serialize>(name: &'static str, payload: &T) -> Frame {
    Frame::Event { name, json: json(payload) }
}
