//! What the server tells the view about accounts. These pages do not come alive, so nothing of it travels.

use hubbub_protocol::{AccountRefusal, Timestamp};

use crate::i18n::Strings;

/// A page about accounts.
#[derive(Clone, Debug, PartialEq)]
pub enum AccountPage {
    /// `/register`.
    Register(SignInForm),
    /// `/sign-in`.
    SignIn(SignInForm),
    /// `/account`.
    Settings(Box<AccountSettings>),
}

impl AccountPage {
    /// The path of the page.
    pub(crate) const fn path(&self) -> &'static str {
        match self {
            Self::Register(_) => "/register",
            Self::SignIn(_) => "/sign-in",
            Self::Settings(_) => "/account",
        }
    }

    pub(super) const fn title(&self, strings: &Strings) -> &'static str {
        match self {
            Self::Register(_) => strings.account.register,
            Self::SignIn(_) => strings.account.sign_in,
            Self::Settings(_) => strings.account.account,
        }
    }
}

/// A form to come in by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignInForm {
    /// What stands in the field for the name.
    pub name: String,
    /// The room to go to afterwards; may be empty.
    pub room: String,
    /// Whether one is a guest here already, who becomes the account.
    pub is_guest: bool,
    /// Whether one comes here because one's session has ended.
    pub signed_out: bool,
    /// Whether guests are let in.
    pub guests: bool,
    /// Whether people make accounts for themselves here.
    pub registration: bool,
    /// Why one could not go on.
    pub problem: Option<AccountRefusal>,
}

/// What one can do with one's account.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountSettings {
    /// How one is called.
    pub name: String,
    /// What stands in the field for the name.
    pub entered_name: String,
    /// One's sessions, the one used last first.
    pub sessions: Vec<SessionRow>,
    /// What has just been done.
    pub done: Option<AccountAction>,
    /// What could not be done, and why.
    pub problem: Option<(AccountAction, AccountRefusal)>,
}

/// A session in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    /// Its number, which the form to end it names.
    pub id: i64,
    /// What the browser or program calls itself; may be empty.
    pub device: String,
    /// When one signed in.
    pub since: Timestamp,
    /// When it was last used; none while it is in use.
    pub seen: Option<Timestamp>,
    /// Whether it is the one that looks at the list.
    pub is_this: bool,
}

/// What is done at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountAction {
    /// One has another name.
    Rename,
    /// One has another password.
    ChangePassword,
    /// Sessions have ended.
    EndSessions,
    /// One is no more.
    Remove,
}
