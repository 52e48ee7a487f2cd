//! Comparison and acceptance of names, passwords, texts and emoji by the Unicode standards.
//!
//! The rules in `hubbub-protocol` need no Unicode tables, because browsers check them too. The rules here
//! need tables and apply on the server: UAX #15 (normal forms), UAX #29 (grapheme clusters), UTS #39
//! (confusable names), UTS
//! #51 (emoji),
//! RFC 8265 and RFC 8266 (user names, passwords, nicknames), RFC 5892 (joiners).
//!
//! The rules apply to new input only. Stored names, texts and emoji are shown unchanged.

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
