//! Code between fences.

use crate::lines::{indent, outdent};
use crate::{Block, steps};

/// Backticks that a fence has, at least.
const FENCE: usize = 3;

/// Bytes of the longest name of a language.
const MAX_LANGUAGE_BYTES: usize = 32;

/// A line that opens a block of code.
pub(crate) struct Fence<'a> {
    columns: usize,
    ticks: usize,
    /// What stands behind the backticks.
    info: &'a str,
}

impl<'a> Fence<'a> {
    /// The fence on this line. A line that has backticks further on is a line with code in it.
    pub(crate) fn open(line: &'a str) -> Option<Self> {
        let (columns, rest) = indent(line);
        let info = rest.trim_start_matches('`');
        let ticks = rest.len() - info.len();
        steps::add(ticks);
        if ticks < FENCE {
            return None;
        }
        steps::add(info.len());
        (!info.contains('`')).then_some(Self { columns, ticks, info })
    }

    /// The block, and the lines after it. A fence that is never closed runs to the end.
    pub(crate) fn read<'l>(&self, lines: &'l [&'a str]) -> (Block, &'l [&'a str]) {
        let end = lines.iter().position(|line| self.is_closed_by(line));
        let (inside, after) = match end {
            Some(end) => (lines.get(..end), lines.get(end + 1..)),
            None => (Some(lines), None),
        };
        let mut code: Vec<&str> =
            inside.unwrap_or_default().iter().map(|line| outdent(line, self.columns)).collect();
        // Many write ```code on the first line and code``` on the last; what is no language is code.
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

    /// Whether the fence says and holds nothing: then it is text.
    pub(crate) fn is_idle(&self, lines: &[&str]) -> bool {
        lines.is_empty() && self.info.trim().is_empty()
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let (_, rest) = indent(line);
        let after = rest.trim_start_matches('`');
        steps::add(rest.len() - after.len() + 1);
        rest.len() - after.len() >= self.ticks && after.trim().is_empty()
    }
}

fn language(info: &str) -> Option<String> {
    let word = info.trim();
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"+#-._,".contains(&byte);
    let fits = (1..=MAX_LANGUAGE_BYTES).contains(&word.len()) && word.bytes().all(known);
    fits.then(|| word.to_owned())
}
