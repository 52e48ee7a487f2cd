//! Reading JSON from those who are trusted to write it: the server, and this browser.
//!
//! `serde_json` says where and why a text is not what it should be, reads numbers of every kind, and takes lists for
//! structures: all of it once for each type, which was an eighth of what the browser had to load. Here a text becomes
//! a tree by code that knows no type, and a type takes from the tree what it knows. What a client sends is
//! still read by `serde_json`, for its author wants to know what is wrong.

mod text;
mod value;

use std::fmt;

use serde::de::DeserializeOwned;

use text::Text;
use value::Value;

/// Lists and maps nest no deeper than this.
const MAX_DEPTH: u32 = 64;

/// It is not JSON, or not what was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUnderstood;

impl fmt::Display for NotUnderstood {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("it is not JSON, or not what was looked for")
    }
}

impl std::error::Error for NotUnderstood {}

impl serde::de::Error for NotUnderstood {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Reads a value. Numbers are whole; what has a name that the type does not know is left out.
///
/// # Errors
/// The text is not JSON, or is something else.
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, NotUnderstood> {
    T::deserialize(tree(json)?)
}

fn tree(json: &str) -> Result<Value, NotUnderstood> {
    let mut text = Text::new(json);
    let value = text.value(MAX_DEPTH)?;
    text.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests;
