//! Data of the account pages. They are not hydrated, so the data is not transferred to the browser.

use hubbub_protocol::{AccountRefusal, Timestamp};

use crate::i18n::Strings;

/// An account page.
#[derive(Clone, Debug, PartialEq)]
pub enum AccountPage {
    /// The page `/register`.
    Register(SignInForm),
    /// The page `/sign-in`.
    SignIn(SignInForm),
    /// The page `/account`.
    Settings(Box<AccountSettings>),
}

impl AccountPage {
    /// Returns the path of the page.
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

/// The form for registration or sign-in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignInForm {
    /// Value of the name field.
    pub name: String,
    /// The room to open afterwards; may be empty.
    pub room: String,
    /// Whether the user is a guest, who keeps the name and the messages with the new account.
    pub is_guest: bool,
    /// Whether the user was redirected here because the session has ended.
    pub signed_out: bool,
    /// Whether the server accepts guests.
    pub guests: bool,
    /// Whether users may register.
    pub registration: bool,
    /// Reason why the form was refused.
    pub problem: Option<AccountRefusal>,
}

/// The account settings.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountSettings {
    /// Name of the account.
    pub name: String,
    /// Value of the name field.
    pub entered_name: String,
    /// Sessions of the account, the most recently used first.
    pub sessions: Vec<SessionRow>,
    /// The action that has succeeded.
    pub done: Option<AccountAction>,
    /// The action that was refused, and the reason.
    pub problem: Option<(AccountAction, AccountRefusal)>,
}

/// A session in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    /// Id of the session, which the form to end it sends.
    pub id: i64,
    /// User agent of the session; may be empty.
    pub device: String,
    /// Time of the sign-in.
    pub since: Timestamp,
    /// Time of the last use; `None` while the session is in use.
    pub seen: Option<Timestamp>,
    /// Whether it is the session of this request.
    pub is_this: bool,
}

/// An action of the account settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountAction {
    /// Changes the name.
    Rename,
    /// Changes the password and ends all other sessions.
    ChangePassword,
    /// Ends sessions.
    EndSessions,
    /// Deletes the account.
    Remove,
}
