//! Passwords of accounts, and the reasons for which an account operation is refused.

use std::fmt;

use crate::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, Refusal, UserName};

/// A new password that meets NIST SP 800-63B, section 3.1.1.2: a minimum length, any characters, no
/// composition rules, and not on the list of common passwords.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Checks `password` for the account `name`.
    ///
    /// # Errors
    /// The password is too short, too long, common, one repeated character, or equal to the name.
    pub fn parse(password: &str, name: &UserName) -> Result<Self, AccountRefusal> {
        let length = password.chars().count();
        if length < MIN_PASSWORD_CHARS {
            return Err(AccountRefusal::PasswordTooShort);
        }
        if length > MAX_PASSWORD_CHARS {
            return Err(AccountRefusal::PasswordTooLong);
        }
        let folded = password.to_lowercase();
        let first = folded.chars().next();
        let is_one_character = folded.chars().all(|character| Some(character) == first);
        if is_one_character || COMMON.contains(&folded.as_str()) || folded == name.folded() {
            return Err(AccountRefusal::PasswordCommon);
        }
        Ok(Self(password.to_owned()))
    }

    /// Returns the password in clear text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hides the password, so that it does not reach a log.
impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// The most common passwords of at least 8 characters in published leaks, in lower case.
const COMMON: [&str; 48] = [
    "12345678",
    "123456789",
    "1234567890",
    "12345678910",
    "0123456789",
    "987654321",
    "9876543210",
    "87654321",
    "123123123",
    "112233445566",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "q1w2e3r4",
    "qwertyui",
    "qwertyuiop",
    "qwerty12",
    "qwerty123",
    "qwerty1234",
    "qwerty12345",
    "asdfghjk",
    "asdfghjkl",
    "zxcvbnm123",
    "password",
    "password1",
    "password12",
    "password123",
    "password1234",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "starwars",
    "whatever",
    "trustno1",
    "letmein1",
    "welcome1",
    "abcd1234",
    "abc12345",
    "a1b2c3d4",
    "aa123456",
    "admin123",
    "changeme",
];

/// Why an account operation is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountRefusal {
    /// The name breaks a rule for user names.
    Name(Refusal),
    /// Another user has this name.
    NameTaken,
    /// The name and the password do not match. The answer does not tell which is wrong, so that names cannot
    /// be probed.
    WrongNameOrPassword,
    /// The current password, which some changes require again, is wrong.
    WrongPassword,
    /// The password has fewer than [`MIN_PASSWORD_CHARS`] characters.
    PasswordTooShort,
    /// The password has more than [`MAX_PASSWORD_CHARS`] characters.
    PasswordTooLong,
    /// The password is common or easy to guess.
    PasswordCommon,
    /// Users cannot register on this server.
    RegistrationClosed,
    /// The rate limit for attempts is exceeded.
    TooFast(Refusal),
    /// The server is checking too many passwords; this check would wait too long.
    Busy,
}

impl AccountRefusal {
    /// Seconds after which a client may retry after [`AccountRefusal::Busy`].
    pub const BUSY_SECONDS: u32 = 2;

    /// Returns the code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name(_) => "invalid",
            Self::NameTaken => "name_taken",
            Self::WrongNameOrPassword => "wrong_name_or_password",
            Self::WrongPassword => "wrong_password",
            Self::PasswordTooShort => "password_too_short",
            Self::PasswordTooLong => "password_too_long",
            Self::PasswordCommon => "password_common",
            Self::RegistrationClosed => "registration_closed",
            Self::TooFast(_) => "too_fast",
            Self::Busy => "busy",
        }
    }

    /// Returns the field concerned, as it is named in forms and JSON.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Name(_) | Self::NameTaken => Some("username"),
            Self::WrongPassword => Some("password"),
            Self::PasswordTooShort | Self::PasswordTooLong | Self::PasswordCommon => Some("new_password"),
            Self::WrongNameOrPassword | Self::RegistrationClosed | Self::TooFast(_) | Self::Busy => None,
        }
    }
}

impl fmt::Display for AccountRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(refusal) | Self::TooFast(refusal) => refusal.fmt(f),
            Self::NameTaken => f.write_str("this name is already in use; choose another"),
            Self::WrongNameOrPassword => f.write_str("wrong name or password"),
            Self::WrongPassword => f.write_str("wrong password"),
            Self::PasswordTooShort => write!(f, "password must be at least {MIN_PASSWORD_CHARS} characters"),
            Self::PasswordTooLong => write!(f, "password must be at most {MAX_PASSWORD_CHARS} characters"),
            Self::PasswordCommon => f.write_str("this password is too common; choose another"),
            Self::RegistrationClosed => f.write_str("registration is closed on this server"),
            Self::Busy => f.write_str("too many sign-ins at the moment; try again in a few seconds"),
        }
    }
}

impl std::error::Error for AccountRefusal {}
