//! The text of a message on one line.

use crate::{Block, Inline, Markup};

/// The line being built and its remaining characters.
struct Line {
    text: String,
    room_chars: usize,
    /// Whether a space is needed before the next character.
    gap: bool,
    /// Whether the line is truncated.
    cut: bool,
}

/// Returns the text of `markup`, with white space between words reduced to one space.
pub(crate) fn line(markup: &Markup, max_chars: usize) -> String {
    let mut line = Line { text: String::new(), room_chars: max_chars, gap: false, cut: false };
    line.blocks(&markup.blocks);
    if line.cut && max_chars > 0 {
        // The `…` needs a character of its own.
        if line.room_chars == 0 {
            line.text.pop();
        }
        line.text.truncate(line.text.trim_end().len());
        line.text.push('…');
    }
    line.text
}

impl Line {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            if self.cut {
                return;
            }
            self.gap = true;
            match block {
                Block::Paragraph(inlines) => self.inlines(inlines),
                Block::Code { text, .. } => self.write(text),
                Block::List { items, .. } => items.iter().for_each(|item| self.blocks(item)),
                Block::Quote(blocks) => self.blocks(blocks),
            }
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Code(text) => self.write(text),
                Inline::Break => self.gap = true,
                Inline::Bold(inlines) | Inline::Italic(inlines) | Inline::Strike(inlines) => {
                    self.inlines(inlines);
                }
                Inline::Link { text, .. } => self.inlines(text),
                Inline::Mention(name) => {
                    self.write("@");
                    self.write(name);
                }
                Inline::Room(name) => {
                    self.write("#");
                    self.write(name);
                }
            }
        }
    }

    fn write(&mut self, text: &str) {
        for character in text.chars() {
            if self.cut {
                return;
            }
            if character.is_whitespace() {
                self.gap = true;
                continue;
            }
            if self.gap && !self.text.is_empty() {
                self.put(' ');
            }
            self.gap = false;
            self.put(character);
        }
    }

    fn put(&mut self, character: char) {
        match self.room_chars.checked_sub(1) {
            Some(left) => {
                self.room_chars = left;
                self.text.push(character);
            }
            None => self.cut = true,
        }
    }
}
