//! The five wires, one beside the other.

use hubbub_protocol::{Event, Field, Presence, RoomName, Signal, Timestamp, User};

use crate::asked::Asked;
use crate::frame::{Frame, Input};
use crate::problem::Problem;
use crate::told::{News, Piece, Prepared, Told, What};
use crate::{actions, form, plain, socketio, typed};

/// An older way of talking to a chat server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wire {
    /// JSON with an `action`, on `/`.
    Actions,
    /// Lines of text, on `/chat/{room}`.
    Plain,
    /// What a web form's script speaks, on `/ws/chat/{room_id}/{user_id}`.
    Form,
    /// Named events with acknowledgements, on `/socket.io/`.
    SocketIo,
    /// JSON with a `type`, and rooms by their number, on `/ws`.
    Typed,
}

/// What news can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A message.
    Posted,
    /// A message says something else.
    Edited,
    /// A message is taken back.
    Deleted,
    /// An emoji at a message.
    Reacted,
    /// The room's topic.
    Described,
    /// Somebody has come.
    Came,
    /// Somebody is seen differently, while they are there.
    Status,
    /// Somebody has gone.
    Went,
    /// Somebody writes.
    Typing,
    /// Somebody writes no longer.
    TypingEnded,
    /// Somebody has read up to somewhere.
    Read,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Posted,
        Self::Edited,
        Self::Deleted,
        Self::Reacted,
        Self::Described,
        Self::Came,
        Self::Status,
        Self::Went,
        Self::Typing,
        Self::TypingEnded,
        Self::Read,
    ];
}

impl Wire {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 5] = [Self::Actions, Self::Plain, Self::Form, Self::SocketIo, Self::Typed];

    /// Whether this wire has words for that. Everything else is not said on it: its clients would not understand.
    #[must_use]
    pub const fn can_say(self, kind: Kind) -> bool {
        match (self, kind) {
            (_, Kind::Posted | Kind::Came | Kind::Went)
            | (Self::Actions | Self::Plain | Self::Typed, Kind::Edited | Kind::Deleted)
            | (Self::Actions | Self::Typed, Kind::Typing)
            | (Self::Typed, Kind::TypingEnded | Kind::Status | Kind::Read) => true,
            (Self::Form | Self::SocketIo, Kind::Edited | Kind::Deleted)
            | (Self::Plain | Self::Form | Self::SocketIo, Kind::Typing)
            | (
                Self::Actions | Self::Plain | Self::Form | Self::SocketIo,
                Kind::TypingEnded | Kind::Status | Kind::Read,
            )
            | (_, Kind::Reacted | Kind::Described) => false,
        }
    }

    /// Writes news for all of this wire who hear it.
    #[must_use]
    pub fn prepare(self, news: &News<'_>) -> Prepared {
        let pieces = match news.what {
            What::Event(event) => self.event(event, news),
            What::Signal(signal) => self.signal(signal, news),
        };
        Prepared { room: news.room.clone(), seq: news.what.seq(), pieces }
    }

    fn event(self, event: &Event, news: &News<'_>) -> Vec<Piece> {
        match event {
            Event::Joined(moved) => {
                let frame = self.seen(news, &moved.user, Presence::Online);
                frame.map(|frame| Piece::Came { user: moved.user.clone(), frame }).into_iter().collect()
            }
            Event::Left(moved) => self.person(news, &moved.user, Presence::Offline).into_iter().collect(),
            Event::Posted(_)
            | Event::Edited(_)
            | Event::Deleted(_)
            | Event::Reacted(_)
            | Event::Described(_) => match self {
                Self::Actions => actions::prepare(news),
                Self::Plain => plain::prepare(news),
                Self::Form => form::prepare(news),
                Self::SocketIo => socketio::prepare(news),
                Self::Typed => typed::prepare(news),
            },
        }
    }

    fn signal(self, signal: &Signal, news: &News<'_>) -> Vec<Piece> {
        match signal {
            Signal::People { changed, departed, .. } => {
                let seen =
                    changed.iter().filter_map(|person| self.person(news, &person.user, person.presence));
                let gone = departed.iter().map(|user| Piece::Gone { user: *user });
                seen.chain(gone).collect()
            }
            Signal::Typing { .. } | Signal::Read(_) => match self {
                Self::Actions => actions::prepare(news),
                Self::Typed => typed::prepare(news),
                Self::Plain | Self::Form | Self::SocketIo => Vec::new(),
            },
        }
    }

    fn person(self, news: &News<'_>, user: &User, presence: Presence) -> Option<Piece> {
        let frame = self.seen(news, user, presence)?;
        Some(Piece::Seen { user: user.clone(), presence, frame })
    }

    fn seen(self, news: &News<'_>, user: &User, presence: Presence) -> Option<Frame> {
        self.notice(news.room, user, presence, news.now)
    }

    /// Says that somebody is there, or no longer.
    pub(crate) fn notice(
        self,
        room: &RoomName,
        user: &User,
        presence: Presence,
        now: Timestamp,
    ) -> Option<Frame> {
        Some(match self {
            Self::Actions => actions::notice(room, user, presence),
            Self::Plain => plain::notice(user, presence),
            Self::Form => form::notice(user, presence),
            Self::SocketIo => socketio::notice(room, user, presence),
            Self::Typed => typed::notice(user, presence, now),
        })
    }

    /// Whether its notices about people name the room. If not, being seen in one room more or less is no news.
    pub(crate) const fn notices_name_the_room(self) -> bool {
        match self {
            Self::Actions | Self::Plain | Self::Form | Self::SocketIo => true,
            Self::Typed => false,
        }
    }

    /// Whether its answer to a message is the message itself, as all hear it. Where a message is sent again, nobody hears
    /// of it, and whoever sent it must be answered all the same.
    pub(crate) const fn tells_what_is_sent_again(self) -> bool {
        match self {
            Self::Actions | Self::Typed => true,
            Self::Plain | Self::Form | Self::SocketIo => false,
        }
    }

    /// Reads what a peer wrote.
    pub(crate) fn decode(self, input: Input<'_>) -> Result<Asked, Problem> {
        match (self, input) {
            (_, Input::Binary) => Err(Problem::not_understood("this wire takes text frames only")),
            (Self::Actions, Input::Text(text)) => actions::decode(text),
            (Self::Plain, Input::Text(text)) => plain::decode(text),
            (Self::Form, Input::Text(text)) => form::decode(text),
            (Self::Typed, Input::Text(text)) => typed::decode(text),
            (Self::SocketIo, Input::Event { name, json, .. }) => socketio::decode(name, json),
            (Self::SocketIo, Input::Text(_)) => Err(Problem::not_understood("this wire takes events only")),
            (Self::Actions | Self::Plain | Self::Form | Self::Typed, Input::Event { .. }) => {
                Err(Problem::not_understood("this wire takes text frames only"))
            }
        }
    }

    /// Writes what one connection is told. `me` is whose it is.
    pub(crate) fn encode(self, told: &Told<'_>, me: &User, now: Timestamp) -> Vec<Frame> {
        match self {
            Self::Actions => actions::encode(told, me),
            Self::Plain => plain::encode(told, me),
            Self::Form => form::encode(told),
            Self::SocketIo => socketio::encode(told, me),
            Self::Typed => typed::encode(told, me, now),
        }
    }

    /// How it spells a field.
    pub(crate) const fn spell(self, field: Field) -> &'static str {
        match (self, field) {
            (Self::Actions, Field::Name) => "user",
            (Self::Form | Self::SocketIo, Field::Name) => "username",
            (Self::Form, Field::Room) => "room_id",
            (Self::Typed, Field::Room) => "chat_id",
            (Self::Typed, Field::Text) => "content",
            (_, field) => field.as_str(),
        }
    }
}
