//! Builds the tree of inline elements from tokens.

use crate::token::{InlineToken, Mark, Role};
use crate::{Inline, MAX_INLINE_DEPTH, address};

/// Nests the tokens. Pairs of marks never cross, so one stack is enough.
pub(crate) fn grow(tokens: Vec<InlineToken<'_>>) -> Vec<Inline> {
    let mut tree = Tree::default();
    for token in tokens {
        tree.put(token);
    }
    tree.branch
}

#[derive(Default)]
struct Tree {
    /// Elements of the current level.
    branch: Vec<Inline>,
    /// Elements of the outer levels.
    below: Vec<Vec<Inline>>,
    /// Open pairs that exceed the maximum depth.
    ignored: usize,
    /// Whether the current level is the text of a link, which contains no other link.
    in_link: bool,
}

impl Tree {
    fn put(&mut self, token: InlineToken<'_>) {
        match token {
            InlineToken::Text(text) => self.text(text),
            InlineToken::Break => self.branch.push(Inline::Break),
            InlineToken::Code(code) => self.branch.push(Inline::Code(unpadded(code).to_owned())),
            InlineToken::Mention(name) if self.in_link => self.texts(["@", name, ""]),
            InlineToken::Mention(name) => self.branch.push(Inline::Mention(name.to_owned())),
            InlineToken::Room(name) if self.in_link => self.texts(["#", name, ""]),
            InlineToken::Room(name) => self.branch.push(Inline::Room(name.to_owned())),
            InlineToken::Address(address) if self.in_link => self.text(address),
            InlineToken::Address(address) => {
                self.branch.push(link(address, vec![Inline::Text(address.to_owned())]));
            }
            InlineToken::Mark(mark, Role::Text) => self.text(mark.text()),
            InlineToken::Mark(mark, Role::Open) => {
                if !self.open() {
                    self.text(mark.text());
                }
            }
            InlineToken::Mark(mark, Role::Close) => match self.close() {
                Some(inside) => self.branch.push(marked(mark, inside)),
                None => self.text(mark.text()),
            },
            InlineToken::LinkStart(Role::Open) => {
                if self.open() {
                    self.in_link = true;
                } else {
                    self.text("[");
                }
            }
            InlineToken::LinkStart(_) => self.text("["),
            InlineToken::LinkEnd(url) => match self.close() {
                Some(text) => {
                    self.in_link = false;
                    self.branch.push(link(url, text));
                }
                None => self.texts(["](", url, ")"]),
            },
        }
    }

    /// Opens a level and returns `false` at the maximum depth.
    fn open(&mut self) -> bool {
        let fits = self.below.len() < MAX_INLINE_DEPTH;
        if fits {
            self.below.push(std::mem::take(&mut self.branch));
        } else {
            self.ignored += 1;
        }
        fits
    }

    /// Closes the current level and returns its elements; `None` for a level that was too deep.
    fn close(&mut self) -> Option<Vec<Inline>> {
        if self.ignored > 0 {
            self.ignored -= 1;
            return None;
        }
        let below = self.below.pop()?;
        Some(std::mem::replace(&mut self.branch, below))
    }

    fn texts(&mut self, parts: [&str; 3]) {
        parts.into_iter().for_each(|part| self.text(part));
    }

    /// Appends text, merging it with preceding text.
    fn text(&mut self, text: &str) {
        match self.branch.last_mut() {
            Some(Inline::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => self.branch.push(Inline::Text(text.to_owned())),
        }
    }
}

fn link(url: &str, text: Vec<Inline>) -> Inline {
    let mut shown = String::new();
    collect(&text, &mut shown);
    let destination = address::destination(url, &shown);
    Inline::Link { url: url.to_owned(), text, destination }
}

/// Collects the text without marks. A link contains neither links nor mentions.
fn collect(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(part) | Inline::Code(part) => text.push_str(part),
            Inline::Bold(inside) | Inline::Italic(inside) | Inline::Strike(inside) => collect(inside, text),
            Inline::Break | Inline::Link { .. } | Inline::Mention(_) | Inline::Room(_) => text.push('\n'),
        }
    }
}

fn marked(mark: Mark, inside: Vec<Inline>) -> Inline {
    match mark {
        Mark::Bold => Inline::Bold(inside),
        Mark::Star | Mark::Underscore => Inline::Italic(inside),
        Mark::Strike => Inline::Strike(inside),
    }
}

/// Removes one space at both ends, which separates code from backticks (CommonMark, section 6.1).
fn unpadded(code: &str) -> &str {
    let bare = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
    bare.filter(|bare| !bare.trim().is_empty()).unwrap_or(code)
}
