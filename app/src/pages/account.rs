//! Accounts: the pages to make one, to sign in, and to look after it. Only the server has them: they are plain forms
//! and add nothing to what a browser must load before the chat is alive.

mod document;
mod field;
mod settings;
mod sign_in;
mod strings;
mod time;

use hubbub_protocol::{AccountRefusal, Timestamp};

pub use document::account_document;

/// A page about accounts.
#[derive(Clone, Debug)]
pub enum AccountPage {
    /// `/register`.
    Register(SignInForm),
    /// `/sign-in`.
    SignIn(SignInForm),
    /// `/account`.
    Settings(Box<AccountSettings>),
}

/// A form to come in by.
#[derive(Clone, Debug, Default)]
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
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
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
