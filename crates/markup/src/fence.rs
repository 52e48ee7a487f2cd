//! Fenced code blocks.

use crate::lines::{indent, outdent};
use crate::{Block, steps};

/// Minimum backticks of a fence.
const FENCE: usize = 3;

/// Longest name of a language, in bytes.
const MAX_LANGUAGE_BYTES: usize = 32;

/// A line that opens a code block.
pub(crate) struct Fence<'a> {
    columns: usize,
    ticks: usize,
    /// Text after the backticks.
    info: &'a str,
}

impl<'a> Fence<'a> {
    /// Parses an opening fence. A line with more backticks later contains inline code instead.
    pub(crate) fn open(line: &'a str) -> Option<Self> {
        let (columns, rest) = indent(line);
        let info = rest.trim_start_matches('`');
        let ticks = rest.len() - info.len();
        steps::count(ticks);
        if ticks < FENCE {
            return None;
        }
        steps::count(info.len());
        (!info.contains('`')).then_some(Self { columns, ticks, info })
    }

    /// Returns the code block and the lines after it. An unclosed fence extends to the end.
    pub(crate) fn code_block<'l>(&self, lines: &'l [&'a str]) -> (Block, &'l [&'a str]) {
        let end = lines.iter().position(|line| self.is_closed_by(line));
        let (inside, after) = match end {
            Some(end) => (lines.get(..end), lines.get(end + 1..)),
            None => (Some(lines), None),
        };
        let mut code: Vec<&str> =
            inside.unwrap_or_default().iter().map(|line| outdent(line, self.columns)).collect();
        // Many users write ```code on the first line and code``` on the last. Text that is not a language is
        // code.
        if end.is_none()
            && let Some(last) = code.last_mut()
        {
            *last = last.trim_end().strip_suffix("```").unwrap_or(last);
        }
        let language = language(self.info);
        if language.is_none() && !self.info.trim().is_empty() {
            code.insert(0, self.info.trim());
        }
        (Block::Code { language, text: code.join("\n") }, after.unwrap_or_default())
    }

    /// Returns whether the fence has no language and no lines. It is then text.
    pub(crate) fn has_no_content(&self, lines: &[&str]) -> bool {
        lines.is_empty() && self.info.trim().is_empty()
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let (_, rest) = indent(line);
        let after = rest.trim_start_matches('`');
        steps::count(rest.len() - after.len() + 1);
        rest.len() - after.len() >= self.ticks && after.trim().is_empty()
    }
}

fn language(info: &str) -> Option<String> {
    let word = info.trim();
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"+#-._,".contains(&byte);
    let fits = (1..=MAX_LANGUAGE_BYTES).contains(&word.len()) && word.bytes().all(known);
    fits.then(|| word.to_owned())
}
