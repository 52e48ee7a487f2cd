//! How a run looks: plain lines for scripts and simple terminals, a screen for people.

use std::fmt;
use std::io::{IsTerminal, Write};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode, size};

use super::colour;
use super::editor::Editor;
use super::line::TranscriptLine;
use super::screen::{Footer, Screen};

/// The look of a run.
#[derive(Debug)]
pub(crate) enum Display {
    /// One line after the other; in rows, if it is a terminal that shows them.
    Plain { in_rows: bool },
    /// What was said scrolls, and below it one writes.
    Screen { screen: Screen, editor: Editor },
}

/// A terminal that gives each key as it is pressed. Dropped, it is as it was.
pub(crate) struct RawMode;

impl RawMode {
    /// # Errors
    /// When the terminal cannot be put into this mode.
    pub(crate) fn begin() -> anyhow::Result<Self> {
        enable_raw_mode()?;
        let raw = Self;
        crossterm::execute!(std::io::stdout(), EnableBracketedPaste)?;
        Ok(raw)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // The terminal may be gone; then there is nothing to put back.
        drop(crossterm::execute!(std::io::stdout(), DisableBracketedPaste));
        drop(std::io::stdout().flush());
        drop(disable_raw_mode());
    }
}

impl Display {
    pub(crate) fn screen() -> Self {
        let (columns, rows) = size().unwrap_or_default();
        let colours = colour::wanted(std::env::var("NO_COLOR").ok().as_deref());
        Self::Screen { screen: Screen::new(columns, rows, colours), editor: Editor::default() }
    }

    /// Lines alone: for a script, or for a terminal that cannot be drawn on.
    pub(crate) fn plain() -> Self {
        Self::Plain { in_rows: std::io::stdout().is_terminal() }
    }

    /// What to print: these lines, and below them what stands there now.
    pub(crate) fn draw(
        &mut self,
        lines: &[TranscriptLine],
        live: &[String],
        prompt: fmt::Arguments<'_>,
    ) -> String {
        match self {
            Self::Plain { in_rows: true } => {
                let columns = size().map_or(0, |(columns, _)| columns);
                let columns = if columns == 0 { 80 } else { usize::from(columns) };
                lines.iter().flat_map(|line| line.rows(columns)).map(|row| row + "\n").collect()
            }
            Self::Plain { in_rows: false } => lines.iter().map(TranscriptLine::plain).collect(),
            Self::Screen { screen, editor } => {
                let prompt = prompt.to_string();
                let footer = Footer { live, prompt: &prompt, text: editor.text(), at: editor.at() };
                screen.draw(lines, footer)
            }
        }
    }

    /// What to print at the end.
    pub(crate) fn finish(&mut self) -> String {
        match self {
            Self::Plain { .. } => String::new(),
            Self::Screen { screen, .. } => screen.erase(),
        }
    }

    /// Gives a text back to whoever wrote it, if that does not take another one away.
    pub(crate) fn give_back(&mut self, text: &str) {
        if let Self::Screen { editor, .. } = self
            && editor.is_empty()
        {
            editor.set(text);
        }
    }
}
