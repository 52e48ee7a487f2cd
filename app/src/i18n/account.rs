//! Texts of the account pages.

mod english;
mod russian;

use hubbub_protocol::{AccountRefusal, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS};

pub(super) use english::STRINGS as ENGLISH;
pub(super) use russian::STRINGS as RUSSIAN;

use super::Strings;

/// The texts in one language.
pub(crate) struct AccountStrings {
    pub(crate) register: &'static str,
    pub(crate) register_why: &'static str,
    pub(crate) register_as_guest: &'static str,
    pub(crate) registration_closed: &'static str,
    pub(crate) have_account: &'static str,
    pub(crate) no_account: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) no_guests: &'static str,
    pub(crate) as_guest: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_hint: &'static str,
    pub(crate) rename: &'static str,
    pub(crate) password: &'static str,
    pub(crate) password_hint: &'static str,
    pub(crate) current_password: &'static str,
    pub(crate) new_password: &'static str,
    pub(crate) change_password: &'static str,
    pub(crate) account: &'static str,
    pub(crate) signed_in_as: fn(&str) -> String,
    pub(crate) sessions: &'static str,
    pub(crate) this_session: &'static str,
    pub(crate) in_use: &'static str,
    pub(crate) since: &'static str,
    pub(crate) last_seen: &'static str,
    pub(crate) unknown_device: &'static str,
    pub(crate) end: &'static str,
    pub(crate) end_session: fn(&str) -> String,
    pub(crate) end_others: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) remove_what: &'static str,
    pub(crate) remove_for_ever: &'static str,
    pub(crate) to_chat: &'static str,
    pub(crate) renamed: &'static str,
    pub(crate) password_changed: &'static str,
    pub(crate) sessions_ended: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) name_taken: &'static str,
    pub(crate) wrong_name_or_password: &'static str,
    pub(crate) wrong_password: &'static str,
    pub(crate) password_too_short: fn(usize) -> String,
    pub(crate) password_too_long: fn(usize) -> String,
    pub(crate) password_common: &'static str,
    pub(crate) busy: &'static str,
}

impl Strings {
    /// Returns the sentence for a refused account form.
    pub(crate) fn account_refusal(&self, refusal: &AccountRefusal) -> String {
        let strings = self.account;
        match refusal {
            AccountRefusal::Name(refusal) | AccountRefusal::TooFast(refusal) => self.refusal(refusal),
            AccountRefusal::NameTaken => strings.name_taken.to_owned(),
            AccountRefusal::WrongNameOrPassword => strings.wrong_name_or_password.to_owned(),
            AccountRefusal::WrongPassword => strings.wrong_password.to_owned(),
            AccountRefusal::PasswordTooShort => (strings.password_too_short)(MIN_PASSWORD_CHARS),
            AccountRefusal::PasswordTooLong => (strings.password_too_long)(MAX_PASSWORD_CHARS),
            AccountRefusal::PasswordCommon => strings.password_common.to_owned(),
            AccountRefusal::RegistrationClosed => strings.registration_closed.to_owned(),
            AccountRefusal::Busy => strings.busy.to_owned(),
        }
    }
}
