//! Parses running text to tokens in one pass.

use crate::letter::{is_cased, is_caseless, is_of_word};
use crate::openers::Openers;
use crate::token::{InlineToken, Mark, Role};
use crate::{Inline, address, name, steps, tree};

/// Longest run of backticks that delimits code; longer runs are text.
const MAX_TICKS: usize = 8;

/// The selector after `*` in a keycap emoji (UTS #51, `emoji_keycap_sequence`), which is not emphasis.
const KEYCAP: char = '\u{fe0f}';

/// Returns the inline elements of a paragraph.
pub(crate) fn parse(text: &str) -> Vec<Inline> {
    let mut reader = Reader { text, ..Reader::default() };
    reader.tokenize();
    tree::grow(reader.tokens)
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    /// Position of the parser in the text, in bytes.
    at: usize,
    /// Start of the text that is not a token yet.
    pending: usize,
    tokens: Vec<InlineToken<'a>>,
    openers: Openers,
    /// Tokens of `[` that can still begin links.
    brackets: Vec<usize>,
    /// Index of the last address token.
    address: Option<usize>,
    /// Run lengths of backticks without a later closing run. Each is searched only once, which keeps the work
    /// linear.
    unclosed: [bool; MAX_TICKS + 1],
}

impl<'a> Reader<'a> {
    fn tokenize(&mut self) {
        while let Some(character) = self.rest().chars().next() {
            steps::count(1);
            match character {
                '\\' => self.escape(),
                '\n' => self.take(1, InlineToken::Break),
                '`' => self.code(),
                '*' | '_' | '~' => self.marks(character),
                '[' => {
                    self.take(1, InlineToken::LinkStart(Role::Text));
                    self.brackets.push(self.tokens.len() - 1);
                }
                ']' => self.link(),
                '@' => self.mention(),
                '#' => self.room(),
                'h' | 'H' => self.address(),
                other => self.at += other.len_utf8(),
            }
        }
        self.flush();
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    /// Adds the pending text as a token.
    fn flush(&mut self) {
        if let Some(text) = self.text.get(self.pending..self.at)
            && !text.is_empty()
        {
            self.tokens.push(InlineToken::Text(text));
        }
        self.pending = self.at;
    }

    /// Adds the next `bytes` as a token.
    fn take(&mut self, bytes: usize, token: InlineToken<'a>) {
        self.flush();
        self.tokens.push(token);
        self.at += bytes;
        self.pending = self.at;
    }

    /// A backslash makes the following punctuation literal and is not shown.
    fn escape(&mut self) {
        if self.rest().chars().nth(1).is_some_and(|next| next.is_ascii_punctuation()) {
            self.flush();
            self.pending = self.at + 1;
            self.at += 2;
        } else {
            self.at += 1;
        }
    }

    fn code(&mut self) {
        let rest = self.rest();
        let ticks = leading(rest, '`');
        match rest.get(ticks..).and_then(|inside| self.code_end(inside, ticks)) {
            Some(code) => self.take(code.len() + 2 * ticks, InlineToken::Code(code)),
            None => self.at += ticks,
        }
    }

    /// Returns the text before the next run of exactly `ticks` backticks.
    fn code_end(&mut self, text: &'a str, ticks: usize) -> Option<&'a str> {
        let unclosed = self.unclosed.get_mut(ticks)?;
        if *unclosed {
            return None;
        }
        let mut at = 0;
        while let Some(rest) = text.get(at..) {
            let Some(next) = rest.find('`') else { break };
            let run = leading(rest.get(next..)?, '`');
            steps::count(next);
            if run == ticks {
                return text.get(..at + next);
            }
            at += next + run;
        }
        steps::count(text.len() - at);
        *unclosed = true;
        None
    }

    fn marks(&mut self, character: char) {
        let run = leading(self.rest(), character);
        let mut left: &[Mark] = match (character, run) {
            ('*', 1) => &[Mark::Star],
            ('*', 2) => &[Mark::Bold],
            ('*', 3) => &[Mark::Bold, Mark::Star],
            ('_', 1) => &[Mark::Underscore],
            ('~', 2) => &[Mark::Strike],
            _ => &[],
        };
        let before = self.before();
        let after = self.rest().get(run..).and_then(|rest| rest.chars().next());
        if after == Some(KEYCAP) {
            left = &[];
        }
        // Returns whether the mark is inside a word. Beside a caseless script, a mark can stand between two
        // words.
        let splits = |outside: Option<char>, inside: Option<char>| match left {
            [Mark::Underscore] => outside.is_some_and(is_of_word),
            [Mark::Star] | [Mark::Bold, Mark::Star] => {
                outside.is_some_and(is_cased) && !inside.is_some_and(is_caseless)
            }
            _ => false,
        };
        let opens = after.is_some_and(|after| !after.is_whitespace()) && !splits(before, after);
        let closes = before.is_some_and(|before| !before.is_whitespace()) && !splits(after, before);
        if left.is_empty() || !(opens || closes) {
            self.at += run;
            return;
        }
        self.flush();
        self.at += run;
        self.pending = self.at;
        while closes && let Some((mark, token)) = self.openers.close(left, &mut self.tokens) {
            // A bracket between two marks cannot belong to a link that extends beyond them.
            while self.brackets.last().is_some_and(|bracket| *bracket > token) {
                steps::count(1);
                self.brackets.pop();
            }
            self.tokens.push(InlineToken::Mark(mark, Role::Close));
            left = match (left.len(), mark) {
                (2, Mark::Bold) => &[Mark::Star],
                (2, _) => &[Mark::Bold],
                _ => &[],
            };
        }
        for mark in left {
            self.tokens.push(InlineToken::Mark(*mark, Role::Text));
            if opens {
                self.openers.push(*mark, self.tokens.len() - 1);
            }
        }
    }

    /// Handles a `]`, which may end the text of a link.
    fn link(&mut self) {
        self.flush();
        let to = self.rest().get(1..).and_then(address::bracketed);
        match (self.brackets.pop(), to) {
            (Some(start), Some(to)) if self.may_lead(start, to) => {
                self.openers.discard_after(start);
                if let Some(token) = self.tokens.get_mut(start) {
                    *token = InlineToken::LinkStart(Role::Open);
                }
                // Links cannot be nested.
                steps::count(self.brackets.len());
                self.brackets.clear();
                self.take(to.len() + 3, InlineToken::LinkEnd(to));
            }
            (Some(_), Some(_)) => {
                // Enclosing brackets contain this text too and would be refused for the same reason.
                steps::count(self.brackets.len());
                self.brackets.clear();
                self.at += 1;
            }
            _ => self.at += 1,
        }
    }

    /// Returns whether the text after the `[` may link to the address. The text must be visible and must not
    /// look like another address, which would deceive readers.
    fn may_lead(&self, start: usize, to: &str) -> bool {
        let text = self.tokens.get(start + 1..).unwrap_or_default();
        if self.address.is_some_and(|address| address > start) {
            return matches!(text, [InlineToken::Address(shown)] if *shown == to);
        }
        let chars = || text.iter().flat_map(|token| token.text().chars());
        if address::looks_like_address(chars()) && !address::equals_text(to, &chars().collect::<String>()) {
            return false;
        }
        text.iter().any(|token| match token {
            InlineToken::Text(text) => {
                steps::count(text.len());
                !text.trim().is_empty()
            }
            InlineToken::Break => false,
            _ => true,
        })
    }

    fn mention(&mut self) {
        let name = name::may_begin_name(self.before()).then(|| self.rest().get(1..)).flatten();
        match name.and_then(name::person).map(|name| self.unmarked(name)) {
            Some(name) => self.take(name.len() + 1, InlineToken::Mention(name)),
            None => self.at += 1,
        }
    }

    fn room(&mut self) {
        let name = name::may_begin_name(self.before()).then(|| self.rest().get(1..)).flatten();
        match name.and_then(name::room).map(|name| self.unmarked(name)) {
            Some(name) => self.take(name.len() + 1, InlineToken::Room(name)),
            None => self.at += 1,
        }
    }

    /// Removes the underscore that closes the emphasis in `_hello @bob_` from a name.
    fn unmarked(&self, name: &'a str) -> &'a str {
        let bare = name.strip_suffix('_').filter(|bare| bare.ends_with(char::is_alphanumeric));
        bare.filter(|_| self.openers.has(Mark::Underscore)).unwrap_or(name)
    }

    fn address(&mut self) {
        // A preceding letter or digit would form another scheme.
        let starts = !self.before().is_some_and(|before| before.is_ascii_alphanumeric());
        match starts.then(|| address::bare(self.rest())).flatten() {
            Some(address) => {
                self.take(address.len(), InlineToken::Address(address));
                self.address = Some(self.tokens.len() - 1);
            }
            None => self.at += 1,
        }
    }
}

/// Returns the number of leading occurrences of a one-byte character.
fn leading(text: &str, character: char) -> usize {
    let run = text.len() - text.trim_start_matches(character).len();
    steps::count(run);
    run
}
