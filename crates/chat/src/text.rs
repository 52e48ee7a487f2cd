//! How names, passwords, texts and emoji are compared and which are accepted, after the standards of Unicode.
//!
//! The rules of `hubbub-protocol` need no tables, because browsers check them too. These do, and hold on the server:
//! UAX #15 (normal forms), UAX #29 (characters as people count them), UTS #39 (confusable names), UTS #51 (emoji),
//! RFC 8265 and RFC 8266 (user names, passwords, nicknames), RFC 5892 (joiners).
//!
//! Only new input is held to them. A name, text or emoji that is stored already is shown as it is.

mod blank;
mod emoji;
mod input;
mod joiner;
mod key;
mod name;
mod password;
mod property;
mod skeletons;

pub use blank::is_blank;
pub use emoji::{canonical_emoji, shown_emoji};
pub(crate) use input::prepare;
pub use input::visible_text;
pub use key::{NameKey, fold};
pub use name::{numbered, user_name};
pub use password::prepare_password;
pub use skeletons::NameSkeletons;
