//! Requests to a room. Sockets, REST, forms and jobs of the server send the same type.

use hubbub_protocol::{RequestId, User};

use crate::{Bus, ConnectionId, DisplayedPresence, ReadUpdate, RoomChange, RoomReply};

/// A request to a room. [`crate::Room::decide`] checks it, and [`crate::Room::apply`] executes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRequest {
    /// Origin of the request.
    pub origin: RequestOrigin,
    /// User for whom the request is executed.
    pub by: User,
    /// Command to execute.
    pub command: RoomCommand,
}

/// The origin of a request, for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestOrigin {
    /// A request of a connection, which the bus answers.
    Request {
        /// Connection that sent the request.
        connection: ConnectionId,
        /// Id of the request on that connection.
        request: RequestId,
    },
    /// A change of the state of a connection, without an answer.
    Connection(ConnectionId),
    /// Code of the server without a connection in the room: REST, a form or a job. The bus does not answer it.
    Caller,
}

/// A command to a room, with parsed values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomCommand {
    /// Store a change.
    Change(RoomChange),
    /// Store a read position.
    Read(ReadUpdate),
    /// Subscribe the connection. A user who is not a member becomes a member first.
    Enter {
        /// How the room shows the user.
        shown: DisplayedPresence,
        /// Refuses a user who is not a member.
        resume: bool,
    },
    /// End the subscription of the connection.
    Exit,
    /// Change how the room shows the user of the connection.
    Show(DisplayedPresence),
    /// Start or end the typing indicator of the user.
    Type(bool),
    /// Set whether other users may see the user's read position.
    ShareReads(bool),
    /// Change the name of the user to that in the request. Earlier messages keep the former name.
    Rename,
}

impl RoomRequest {
    /// Turns a request to enter into a join without a connection. The driver calls this when the connection
    /// ended while the membership was stored; nothing would remove a connection that enters later.
    pub fn detach(&mut self) {
        if let RoomCommand::Enter { shown, .. } = self.command {
            self.origin = RequestOrigin::Caller;
            self.command = RoomCommand::Change(RoomChange::Join { share_reads: shown.share_reads });
        }
    }
}

impl RoomCommand {
    /// Returns whether the command concerns only the connections and members of a running room. Without
    /// such a room, the command has no effect.
    #[must_use]
    pub const fn is_for_running_room(&self) -> bool {
        match self {
            Self::Exit | Self::Show(_) | Self::ShareReads(_) | Self::Rename => true,
            Self::Change(_) | Self::Read(_) | Self::Enter { .. } | Self::Type(_) => false,
        }
    }
}

impl RequestOrigin {
    /// Returns the connection, if the request came from one.
    #[must_use]
    pub const fn connection(self) -> Option<ConnectionId> {
        match self {
            Self::Request { connection, .. } | Self::Connection(connection) => Some(connection),
            Self::Caller => None,
        }
    }

    /// Sends the answer, if the request came from a connection that waits for one.
    pub fn answer(self, reply: RoomReply, bus: &mut impl Bus) {
        if let Self::Request { connection, request } = self {
            bus.answer(connection, request, reply);
        }
    }
}
