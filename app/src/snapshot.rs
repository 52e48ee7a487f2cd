//! What the server tells the view: everything the first render needs, the same on both sides.

#[cfg(feature = "ssr")]
mod account;

#[cfg(any(feature = "ssr", feature = "csr"))]
use hubbub_protocol::PublicRoom;
use hubbub_protocol::{
    Appearance, ClientId, Epoch, MyRoom, Page, Person, ReadMark, Refusal, RoomName, Seq, Topic, User, UserId,
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
pub use account::{AccountAction, AccountPage, AccountSettings, SessionRow, SignInForm};

use crate::i18n::{Language, short_count};
use crate::route::{Route, message_path, room_path, with_query};

/// One page, before anything has happened on it. It travels to the browser inside the document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The language of the reader.
    pub language: Language,
    /// The version of the server that rendered the page, if one did.
    pub version: Option<String>,
    /// What is on the page.
    pub page: PageSnapshot,
}

impl Snapshot {
    /// What the browser calls the page.
    #[cfg(any(feature = "ssr", feature = "csr"))]
    #[must_use]
    pub fn title(&self) -> String {
        let strings = self.language.strings();
        match &self.page {
            PageSnapshot::Landing(_) | PageSnapshot::OfflineShell {} => "Hubbub".to_owned(),
            PageSnapshot::Room(page) => {
                room_title(&page.room, page.rooms.iter().map(|room| room.read.unread).sum())
            }
            PageSnapshot::NotFound { .. } => format!("{} · Hubbub", strings.pages.not_found_title),
            #[cfg(feature = "ssr")]
            PageSnapshot::Account(page) => format!("{} · Hubbub", page.title(strings)),
            PageSnapshot::Unavailable {} => format!("{} · Hubbub", strings.pages.unavailable_title),
        }
    }
}

/// Which page, and what is on it. The variants that do not come alive never travel, and the program in the browser does
/// not have them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PageSnapshot {
    /// `/rooms/{room}`.
    Room(Box<RoomPage>),
    /// Nothing but the program: what a service worker keeps for when there is no network. The browser makes
    /// the page of it from the address and its local copy.
    OfflineShell {},
    /// `/`: asks for a name and a room.
    #[cfg(any(feature = "ssr", feature = "csr"))]
    #[serde(skip)]
    Landing(Landing),
    /// `/register`, `/sign-in` and `/account`.
    #[cfg(feature = "ssr")]
    #[serde(skip)]
    Account(AccountPage),
    /// There is no such page; `problem` says what is wrong with the address, where that is known.
    #[cfg(any(feature = "ssr", feature = "csr"))]
    #[serde(skip)]
    NotFound {
        /// Why there can be no such page.
        problem: Option<Refusal>,
    },
    /// The server could not read its storage.
    #[cfg(any(feature = "ssr", feature = "csr"))]
    #[serde(skip)]
    Unavailable {},
}

#[cfg(feature = "ssr")]
impl PageSnapshot {
    /// Whether the page loads the program.
    #[must_use]
    pub const fn has_program(&self) -> bool {
        matches!(self, Self::Room(_) | Self::OfflineShell {})
    }

    /// Whether the browser loads the files of the program: the landing page fetches them for the next page.
    #[must_use]
    pub const fn fetches_program(&self) -> bool {
        self.has_program() || matches!(self, Self::Landing(_))
    }

    /// Returns whether scripts run on the page. Pages that fetch the program have one that removes local data after a
    /// sign-out; they and the account settings have one for local times.
    #[must_use]
    pub const fn has_scripts(&self) -> bool {
        self.fetches_program() || matches!(self, Self::Account(AccountPage::Settings(_)))
    }

    /// Whether the program takes the page over. The others are text and forms.
    #[must_use]
    pub fn comes_alive(&self) -> bool {
        matches!(self, Self::Room(page) if !page.asks_name) || matches!(self, Self::OfflineShell {})
    }
}

/// The landing page, or the landing page again with a problem.
#[cfg(any(feature = "ssr", feature = "csr"))]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Landing {
    /// What stands in the field for the name.
    pub name: String,
    /// What stands in the field for the room.
    pub room: String,
    /// Public rooms to choose from: those with the newest messages first.
    pub rooms: Vec<PublicRoom>,
    /// Whether the name is that of one's account, and not to be chosen here.
    pub account: bool,
    /// Whether one comes here because one's session has ended.
    pub signed_out: bool,
    /// Why one could not go on; its field says beside which input it is shown.
    pub problem: Option<Refusal>,
}

/// A room as one finds it, and the rooms beside it. It is alive wherever in the room its page of history is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomPage {
    /// Which room.
    pub room: RoomName,
    /// Who one is; a newcomer without a name learns it from the socket.
    pub me: Option<User>,
    /// Whether that is an account and not a guest.
    pub is_account: bool,
    /// Whether the reader is a stranger who is asked for a name before anything else. The page is text and forms then, and
    /// connects to nothing.
    #[serde(default)]
    pub asks_name: bool,
    /// Whom the address names with `?as=`; links, forms and the socket keep it.
    pub acting_as: Option<UserId>,
    /// The position that the address names with `?at=`: `history` is the page around it, and it is shown first.
    pub at: Option<Seq>,
    /// How one appears to others.
    pub appearance: Appearance,
    /// The rooms one is a member of, in any order.
    pub rooms: Vec<MyRoom>,
    /// The database that `cursor` belongs to. None if nothing has been read: everything comes over the socket.
    pub epoch: Option<Epoch>,
    /// A run of the room's lines: the newest, those around the first unread message if that is not among them, those
    /// around `at`, or those before a position that a link without a script has named. It says itself whether there are older and newer ones.
    pub history: Page,
    /// The newest position of the room when `history` was read.
    pub cursor: Seq,
    /// Up to where one has read.
    pub read: Seq,
    /// Up to where others have read.
    pub marks: Vec<ReadMark>,
    /// What the room is about.
    pub topic: Topic,
    /// Its members, as far as they are listed.
    pub people: Vec<Person>,
    /// How many people are there.
    pub count: u32,
    /// How many members it has.
    pub members: u32,
    /// Names the message that the plain form will post, so that sending the form twice posts it once.
    pub form_client_id: ClientId,
    /// What stands in the composer.
    pub draft: String,
    /// Why the plain form was refused.
    pub problem: Option<Refusal>,
    /// Minutes that the browser was ahead of UTC at its last visit, if known. The first render begins days by it, on the
    /// server and during hydration; the browser then knows better.
    #[serde(default)]
    pub utc_offset: Option<i16>,
}

impl RoomPage {
    /// The room as a browser finds it that nobody has told anything: everything comes over the socket.
    #[must_use]
    pub fn unread(room: RoomName, acting_as: Option<UserId>) -> Self {
        Self {
            history: Page { room: room.clone(), events: Vec::new(), older: false, newer: false },
            room,
            me: None,
            is_account: false,
            asks_name: false,
            acting_as,
            at: None,
            appearance: Appearance::default(),
            rooms: Vec::new(),
            epoch: None,
            cursor: Seq(0),
            read: Seq(0),
            marks: Vec::new(),
            topic: Topic::default(),
            people: Vec::new(),
            count: 0,
            members: 0,
            form_client_id: ClientId::from_random_bytes([0; 16]),
            draft: String::new(),
            problem: None,
            utc_offset: None,
        }
    }

    /// Where one is on it.
    pub(crate) fn route(&self) -> Route {
        Route { room: self.room.clone(), at: self.at }
    }

    /// The path of the room's page, for the same user.
    #[must_use]
    pub fn path(&self) -> String {
        room_path(&self.room, self.acting_as)
    }

    /// The path of the page before the first line of this one.
    #[must_use]
    pub fn older_path(&self) -> Option<String> {
        let first = self.history.events.first().filter(|_| self.history.older)?;
        Some(with_query(&self.path(), "before", first.seq()))
    }

    /// The path of the newest page, if this one does not end with the newest line.
    #[must_use]
    pub fn newest_path(&self) -> Option<String> {
        // The path of the room alone may lead to the first unread message.
        self.history.newer.then(|| message_path(&self.room, self.acting_as, self.cursor))
    }
}

/// What the browser calls a room while so many messages are unread.
pub(crate) fn room_title(room: &RoomName, unread: u32) -> String {
    match unread {
        0 => format!("#{room} · Hubbub"),
        unread => format!("({}) #{room} · Hubbub", short_count(unread)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_counts_what_is_unread() {
        let tea = RoomName::parse("tea").expect("a name");
        let titles = [0, 3, 1_000].map(|unread| room_title(&tea, unread));
        assert_eq!(titles, ["#tea · Hubbub", "(3) #tea · Hubbub", "(999+) #tea · Hubbub"]);
    }
}
