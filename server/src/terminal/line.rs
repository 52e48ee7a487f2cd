//! One entry of the printed transcript.

use hubbub_protocol::{Message, Refusal};
use hubbub_wires::text_with_files;

use super::layout::wrap;
use super::sanitize;
use crate::file_links::FileLinks;

/// Indent of the second and further lines of an entry. No entry begins with it.
pub(crate) const INDENT: &str = "    ";

/// A message or a notice, sanitized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TranscriptLine {
    /// `username :: message text`.
    Said {
        /// Name of the author.
        name: String,
        /// Whether the author is the user of this client.
        mine: bool,
        /// The lines of the message; at least one.
        text: Vec<String>,
    },
    /// `system :: ...`.
    Notice(Vec<String>),
}

impl TranscriptLine {
    /// Returns the entry of a message in its current state, with a line for each attachment; `None` if it was deleted.
    pub(crate) fn said(message: &Message, mine: bool, links: &FileLinks) -> Option<Self> {
        let edited = if message.edited_at.is_some() { " (edited)" } else { "" };
        let text = format!("{}{edited}", message.text.as_ref()?);
        let text = sanitize::lines(&text_with_files(&text, &message.files, links));
        Some(Self::Said { name: sanitize::line(message.author.name.as_str()), mine, text })
    }

    pub(crate) fn notice(text: impl AsRef<str>) -> Self {
        Self::Notice(sanitize::lines(text.as_ref()))
    }

    /// Returns a notice about a failure and its reason.
    pub(crate) fn error(why: impl AsRef<str>) -> Self {
        Self::notice(format!("error: {}", why.as_ref()))
    }

    /// Returns a notice about a message that is not sent, and the reason.
    pub(crate) fn not_sent(text: &str, refusal: &Refusal) -> Self {
        Self::error(format!("{refusal}; not sent: {}", beginning(text)))
    }

    /// Returns the name before the `::` and the lines behind it.
    pub(crate) fn parts(&self) -> (&str, &[String]) {
        match self {
            Self::Said { name, text, .. } => (name, text),
            Self::Notice(text) => ("system", text),
        }
    }

    /// Returns the entry as rows of a terminal with `columns` columns.
    pub(crate) fn rows(&self, columns: usize) -> Vec<String> {
        let (name, text) = self.parts();
        let begin = format!("{name} :: ");
        let begins = std::iter::once(begin.as_str()).chain(std::iter::repeat(INDENT));
        let rows = begins.zip(text).map(|(begin, part)| wrap(&format!("{begin}{part}"), columns, INDENT));
        rows.flatten().collect()
    }

    /// Returns the entry as a script reads it.
    pub(crate) fn plain(&self) -> String {
        let (name, text) = self.parts();
        format!("{name} :: {}\n", text.join(&format!("\n{INDENT}")))
    }
}

/// Returns the beginning of a text, long enough to recognize the message.
pub(crate) fn beginning(text: &str) -> String {
    const CHARS: usize = 40;
    let line = text.trim_start().lines().next().unwrap_or_default();
    let cut = line.chars().count() > CHARS || text.trim().contains('\n');
    line.chars().take(CHARS).chain(cut.then_some('…')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continuation_lines_are_indented() {
        let text = sanitize::lines("hi\nsystem :: ivan left");
        let said = TranscriptLine::Said { name: "eve".to_owned(), mine: false, text };
        assert_eq!(said.plain(), "eve :: hi\n    system :: ivan left\n");
    }

    #[test]
    fn long_text_is_abbreviated() {
        assert_eq!(beginning("hi"), "hi");
        assert_eq!(beginning("hi\nyou"), "hi…");
        assert_eq!(beginning(&"x".repeat(50)), format!("{}…", "x".repeat(40)));
    }
}
