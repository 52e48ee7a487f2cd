//! From a text to tokens: one way through, from the start to the end.

use crate::letter::{is_cased, is_caseless, is_of_word};
use crate::openers::Openers;
use crate::token::{Mark, Role, Token};
use crate::{Inline, address, name, steps, tree};

/// Longest run of backticks that surrounds code; a longer one is text.
const MAX_TICKS: usize = 8;

/// A keycap, `*` in a box, is no mark (UTS #51, `emoji_keycap_sequence`).
const KEYCAP: char = '\u{fe0f}';

/// The running text of a paragraph.
pub(crate) fn read(text: &str) -> Vec<Inline> {
    let mut reader = Reader { text, ..Reader::default() };
    reader.run();
    tree::grow(reader.tokens)
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    /// Where the reader is, in bytes.
    at: usize,
    /// Where the text begins that has not become a token.
    pending: usize,
    tokens: Vec<Token<'a>>,
    openers: Openers,
    /// The `[` that may still become links.
    brackets: Vec<usize>,
    /// The last token that is an address.
    address: Option<usize>,
    /// Lengths of runs of backticks that have no like any more: none is looked for twice.
    unclosed: [bool; MAX_TICKS + 1],
}

impl<'a> Reader<'a> {
    fn run(&mut self) {
        while let Some(character) = self.rest().chars().next() {
            steps::add(1);
            match character {
                '\\' => self.escape(),
                '\n' => self.take(1, Token::Break),
                '`' => self.code(),
                '*' | '_' | '~' => self.marks(character),
                '[' => {
                    self.take(1, Token::LinkStart(Role::Text));
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

    /// What was passed becomes text.
    fn flush(&mut self) {
        if let Some(text) = self.text.get(self.pending..self.at)
            && !text.is_empty()
        {
            self.tokens.push(Token::Text(text));
        }
        self.pending = self.at;
    }

    /// The next `bytes` become a token.
    fn take(&mut self, bytes: usize, token: Token<'a>) {
        self.flush();
        self.tokens.push(token);
        self.at += bytes;
        self.pending = self.at;
    }

    /// A backslash makes the sign behind it text, and is not seen.
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
            Some(code) => self.take(code.len() + 2 * ticks, Token::Code(code)),
            None => self.at += ticks,
        }
    }

    /// What stands before the next run of so many backticks.
    fn code_end(&mut self, text: &'a str, ticks: usize) -> Option<&'a str> {
        let unclosed = self.unclosed.get_mut(ticks)?;
        if *unclosed {
            return None;
        }
        let mut at = 0;
        while let Some(rest) = text.get(at..) {
            let Some(next) = rest.find('`') else { break };
            let run = leading(rest.get(next..)?, '`');
            steps::add(next);
            if run == ticks {
                return text.get(..at + next);
            }
            at += next + run;
        }
        steps::add(text.len() - at);
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
        // Whether the mark stands within a word, which goes on outside. Beside a script without case it may stand
        // between two words.
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
            // What lies in a mark cannot be half of a link.
            while self.brackets.last().is_some_and(|bracket| *bracket > token) {
                steps::add(1);
                self.brackets.pop();
            }
            self.tokens.push(Token::Mark(mark, Role::Close));
            left = match (left.len(), mark) {
                (2, Mark::Bold) => &[Mark::Star],
                (2, _) => &[Mark::Bold],
                _ => &[],
            };
        }
        for mark in left {
            self.tokens.push(Token::Mark(*mark, Role::Text));
            if opens {
                self.openers.push(*mark, self.tokens.len() - 1);
            }
        }
    }

    /// A `]`, which may be the middle of a link.
    fn link(&mut self) {
        self.flush();
        let to = self.rest().get(1..).and_then(address::bracketed);
        match (self.brackets.pop(), to) {
            (Some(start), Some(to)) if self.may_lead(start, to) => {
                self.openers.drop_behind(start);
                if let Some(token) = self.tokens.get_mut(start) {
                    *token = Token::LinkStart(Role::Open);
                }
                // There is no link within a link.
                steps::add(self.brackets.len());
                self.brackets.clear();
                self.take(to.len() + 3, Token::LinkEnd(to));
            }
            (Some(_), Some(_)) => {
                // What is around this has the same in its text, and is not looked at again.
                steps::add(self.brackets.len());
                self.brackets.clear();
                self.at += 1;
            }
            _ => self.at += 1,
        }
    }

    /// Whether what follows the `[` may lead to the address: it must be seen, and must not say that it is another
    /// address, which would deceive.
    fn may_lead(&self, start: usize, to: &str) -> bool {
        let text = self.tokens.get(start + 1..).unwrap_or_default();
        if self.address.is_some_and(|address| address > start) {
            return matches!(text, [Token::Address(shown)] if *shown == to);
        }
        let chars = || text.iter().flat_map(|token| token.text().chars());
        if address::is_claimed(chars()) && !address::is_shown(to, &chars().collect::<String>()) {
            return false;
        }
        text.iter().any(|token| match token {
            Token::Text(text) => {
                steps::add(text.len());
                !text.trim().is_empty()
            }
            Token::Break => false,
            _ => true,
        })
    }

    fn mention(&mut self) {
        let name = name::may_begin_name(self.before()).then(|| self.rest().get(1..)).flatten();
        match name.and_then(name::person).map(|name| self.unmarked(name)) {
            Some(name) => self.take(name.len() + 1, Token::Mention(name)),
            None => self.at += 1,
        }
    }

    fn room(&mut self) {
        let name = name::may_begin_name(self.before()).then(|| self.rest().get(1..)).flatten();
        match name.and_then(name::room).map(|name| self.unmarked(name)) {
            Some(name) => self.take(name.len() + 1, Token::Room(name)),
            None => self.at += 1,
        }
    }

    /// The name without the underscore that ends `_hello @bob_`.
    fn unmarked(&self, name: &'a str) -> &'a str {
        let bare = name.strip_suffix('_').filter(|bare| bare.ends_with(char::is_alphanumeric));
        bare.filter(|_| self.openers.has(Mark::Underscore)).unwrap_or(name)
    }

    fn address(&mut self) {
        // Letters that a scheme could have would make another one.
        let starts = !self.before().is_some_and(|before| before.is_ascii_alphanumeric());
        match starts.then(|| address::bare(self.rest())).flatten() {
            Some(address) => {
                self.take(address.len(), Token::Address(address));
                self.address = Some(self.tokens.len() - 1);
            }
            None => self.at += 1,
        }
    }
}

/// How many of the character the text begins with; it is one byte long.
fn leading(text: &str, character: char) -> usize {
    let run = text.len() - text.trim_start_matches(character).len();
    steps::add(run);
    run
}
