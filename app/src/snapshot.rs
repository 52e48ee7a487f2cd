//! What the server tells the view: everything the first render needs, the same on both sides.

use hubbub_protocol::{ClientId, Epoch, Page, Refusal, RoomName, Seq, User, UserId};
use serde::{Deserialize, Serialize};

use crate::Language;

/// One page, before anything has happened on it. It travels to the browser inside the document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The language of the reader.
    pub language: Language,
    /// The version of the program that rendered the page.
    pub version: String,
    /// What is on the page.
    pub page: PageSnapshot,
}

impl Snapshot {
    /// What the browser calls the page.
    #[must_use]
    pub fn title(&self) -> String {
        let words = self.language.words();
        match &self.page {
            PageSnapshot::Entrance(_) => "Hubbub".to_owned(),
            PageSnapshot::Room(page) => format!("#{} · Hubbub", page.room),
            PageSnapshot::NotFound { .. } => format!("{} · Hubbub", words.not_found_title),
            PageSnapshot::Broken {} => format!("{} · Hubbub", words.unavailable_title),
        }
    }
}

/// Which page, and what is on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PageSnapshot {
    /// `/`: who one is and where one goes.
    Entrance(Entrance),
    /// `/rooms/{room}`.
    Room(Box<RoomPage>),
    /// There is no such page; `problem` says what is wrong with the address, where that is known.
    NotFound {
        /// Why there can be no such page.
        problem: Option<Refusal>,
    },
    /// The server could not read its storage.
    Broken {},
}

/// The entrance as one finds it, or as one comes back to it with a problem.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entrance {
    /// What stands in the field for the name.
    pub name: String,
    /// What stands in the field for the room.
    pub room: String,
    /// Why one could not go on; its field says beside which input it is shown.
    pub problem: Option<Refusal>,
}

/// A room as one finds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomPage {
    /// Which room.
    pub room: RoomName,
    /// Who one is; a newcomer without a name learns it from the socket.
    pub me: Option<User>,
    /// Whom the address names with `?as=`; links, forms and the socket keep it.
    pub acting_as: Option<UserId>,
    /// The database that `cursor` belongs to.
    pub epoch: Option<Epoch>,
    /// A run of messages.
    pub history: Page,
    /// The newest position of the room when `history` was read.
    pub cursor: Seq,
    /// Whether `history` ends with the newest message. An older page is for reading: it does not go live.
    pub newest: bool,
    /// Who is there, as far as they are listed.
    pub people: Vec<User>,
    /// How many people are there.
    pub count: u32,
    /// Names the message that the plain form will post, so that sending the form twice posts it once.
    pub form_client_id: ClientId,
    /// What stands in the composer.
    pub draft: String,
    /// Why the plain form was refused.
    pub problem: Option<Refusal>,
}

impl RoomPage {
    /// The room as a browser finds it that nobody has told anything: everything comes over the socket.
    #[must_use]
    pub fn unread(room: RoomName, acting_as: Option<UserId>) -> Self {
        Self {
            history: Page { room: room.clone(), messages: Vec::new(), older: false },
            room,
            me: None,
            acting_as,
            epoch: None,
            cursor: Seq(0),
            newest: true,
            people: Vec::new(),
            count: 0,
            form_client_id: ClientId::from_random_bytes([0; 16]),
            draft: String::new(),
            problem: None,
        }
    }

    /// The path of the room's page, for the same user.
    #[must_use]
    pub fn path(&self) -> String {
        match self.acting_as {
            Some(user) => format!("/rooms/{}?as={user}", self.room),
            None => format!("/rooms/{}", self.room),
        }
    }

    /// The path of the page before the first message of this one.
    #[must_use]
    pub fn older_path(&self) -> Option<String> {
        let first = self.history.messages.first().filter(|_| self.history.older)?;
        let separator = if self.acting_as.is_some() { '&' } else { '?' };
        Some(format!("{}{separator}before={}", self.path(), first.seq))
    }
}
