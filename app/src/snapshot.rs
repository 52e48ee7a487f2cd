//! The snapshot: all data of the first rendering, equal on the server and in the browser.

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

/// The data of one page at the time of rendering. The document contains it as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The language of the reader.
    pub language: Language,
    /// The version of the server that rendered the page; `None` without server rendering.
    pub version: Option<String>,
    /// The content of the page.
    pub page: PageSnapshot,
}

impl Snapshot {
    /// Returns the title of the page.
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
            #[cfg(feature = "ssr")]
            PageSnapshot::BadRequest { reason } => {
                format!("{} · Hubbub", reason.texts(strings).0)
            }
            PageSnapshot::Unavailable {} => format!("{} · Hubbub", strings.pages.unavailable_title),
        }
    }
}

/// The page and its content. Variants that are not hydrated are never transferred, and the program in the
/// browser does not contain them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PageSnapshot {
    /// The page `/rooms/{room}`.
    Room(Box<RoomPage>),
    /// The offline shell, which the service worker stores. The browser builds the page from the address and
    /// its local copy.
    OfflineShell {},
    /// The landing page `/`, which asks for a name and a room.
    #[cfg(any(feature = "ssr", feature = "csr"))]
    #[serde(skip)]
    Landing(Landing),
    /// The pages `/register`, `/sign-in` and `/account`.
    #[cfg(feature = "ssr")]
    #[serde(skip)]
    Account(AccountPage),
    /// The page does not exist; `problem` tells what is wrong with the address, if known.
    #[cfg(any(feature = "ssr", feature = "csr"))]
    #[serde(skip)]
    NotFound {
        /// The error in the address.
        problem: Option<Refusal>,
    },
    /// The server refused the address or the form before it read its values.
    #[cfg(feature = "ssr")]
    #[serde(skip)]
    BadRequest {
        /// Why the server refused it.
        reason: BadRequestReason,
    },
    /// The server could not read its storage.
    #[cfg(any(feature = "ssr", feature = "csr"))]
    #[serde(skip)]
    Unavailable {},
}

/// Why the server refused an address or a form before it read its values.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRequestReason {
    /// A value could not be read.
    Unreadable,
    /// The body did not arrive in time.
    Late,
    /// A page of another site sent the form.
    Foreign,
}

#[cfg(feature = "ssr")]
impl BadRequestReason {
    /// Returns the title and the text of the page about it.
    pub(crate) const fn texts(self, strings: &crate::i18n::Strings) -> (&'static str, &'static str) {
        match self {
            Self::Unreadable => strings.pages.unreadable_request,
            Self::Late => strings.pages.late_form,
            Self::Foreign => strings.pages.foreign_form,
        }
    }
}

#[cfg(feature = "ssr")]
impl PageSnapshot {
    /// Whether the page loads the program.
    #[must_use]
    pub const fn has_program(&self) -> bool {
        matches!(self, Self::Room(_) | Self::OfflineShell {})
    }

    /// Whether the browser downloads the files of the program. The landing page downloads them for the next
    /// page.
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

    /// Whether the page is hydrated. Other pages consist of text and forms.
    #[must_use]
    pub fn is_hydrated(&self) -> bool {
        matches!(self, Self::Room(page) if !page.asks_name) || matches!(self, Self::OfflineShell {})
    }
}

/// The landing page, possibly with an error of the submitted form.
#[cfg(any(feature = "ssr", feature = "csr"))]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Landing {
    /// Value of the name field.
    pub name: String,
    /// Value of the room field.
    pub room: String,
    /// Public rooms, most recently active first.
    pub rooms: Vec<PublicRoom>,
    /// Whether the user has an account, so that the name cannot be changed here.
    pub account: bool,
    /// Whether the user was redirected here because the session has ended.
    pub signed_out: bool,
    /// Reason why the form was refused; its field tells beside which input it is shown.
    pub problem: Option<Refusal>,
}

/// The data of a room and the list of the user's rooms. The room is live whatever part of its history the
/// page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomPage {
    /// Name of the room.
    pub room: RoomName,
    /// The current user; `None` for a guest whose name is not known before the connection.
    pub me: Option<User>,
    /// Whether the user has an account.
    pub is_account: bool,
    /// Whether the visitor has no session and is asked for a name. The page then consists of text and forms
    /// and opens no connection.
    #[serde(default)]
    pub asks_name: bool,
    /// The user named by `?as=` in the address; links, forms and the socket keep the parameter.
    pub acting_as: Option<UserId>,
    /// The position named by `?at=` in the address; `history` is the page around it, and the view starts
    /// there.
    pub at: Option<Seq>,
    /// How the user appears to others.
    pub appearance: Appearance,
    /// The rooms of the user, in any order.
    pub rooms: Vec<MyRoom>,
    /// The database to which `cursor` belongs. `None` if nothing was read: all data comes over the socket.
    pub epoch: Option<Epoch>,
    /// A contiguous part of the room's history: the newest rows; the rows around the first unread message, if
    /// it is not among the newest; the rows around `at`; or the rows before or after a position in the
    /// address, for paging without a script.
    pub history: Page,
    /// The newest position of the room when `history` was read.
    pub cursor: Seq,
    /// The read position of the user.
    pub read: Seq,
    /// The read positions of other users.
    pub marks: Vec<ReadMark>,
    /// Topic of the room.
    pub topic: Topic,
    /// Members of the room, as far as they are listed.
    pub people: Vec<Person>,
    /// Number of present users.
    pub count: u32,
    /// Number of members.
    pub members: u32,
    /// `client_id` of the message that the form without a script posts, so that a second submission of the
    /// form does not post it twice.
    pub form_client_id: ClientId,
    /// Initial text of the composer.
    pub draft: String,
    /// Reason why the form without a script was refused.
    pub problem: Option<Refusal>,
    /// Minutes that the browser was ahead of UTC at its last visit, if known. The server and the
    /// hydration use it to find where each day begins; later the browser uses its own time zone.
    #[serde(default)]
    pub utc_offset: Option<i16>,
}

impl RoomPage {
    /// Returns the page of a room without any data: all data comes over the socket.
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

    /// Returns the route of the page.
    pub(crate) fn route(&self) -> Route {
        Route { room: self.room.clone(), at: self.at }
    }

    /// Returns the path of the room's page for the same user.
    #[must_use]
    pub fn path(&self) -> String {
        room_path(&self.room, self.acting_as)
    }

    /// Returns the path of the page with older messages.
    #[must_use]
    pub fn older_path(&self) -> Option<String> {
        let first = self.history.events.first().filter(|_| self.history.older)?;
        Some(with_query(&self.path(), "before", first.seq()))
    }

    /// Returns the path of the newest page, if this page does not end with the newest row.
    #[must_use]
    pub fn newest_path(&self) -> Option<String> {
        // The path without a position may lead to the first unread message.
        self.history.newer.then(|| message_path(&self.room, self.acting_as, self.cursor))
    }
}

/// Returns the title of a room's page, with the number of unread messages.
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
    fn title_shows_the_number_of_unread_messages() {
        let tea = RoomName::parse("tea").expect("a name");
        let titles = [0, 3, 1_000].map(|unread| room_title(&tea, unread));
        assert_eq!(titles, ["#tea · Hubbub", "(3) #tea · Hubbub", "(999+) #tea · Hubbub"]);
    }
}
