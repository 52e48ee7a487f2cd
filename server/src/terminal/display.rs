//! The display of a run: plain lines for scripts and simple terminals, a screen for people.

use std::fmt;
use std::io::{IsTerminal, Write};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode, size};

use super::colour;
use super::editor::Editor;
use super::line::TranscriptLine;
use super::screen::{Footer, Screen};

/// The display of a run.
#[derive(Debug)]
pub(crate) enum Display {
    /// Prints one line after the other; wraps them if standard output is a terminal.
    Plain { in_rows: bool },
    /// Messages scroll, and the editor is below them.
    Screen { screen: Screen, editor: Editor },
}

/// Raw mode of the terminal, which delivers each key at once. Dropping it restores the terminal.
pub(crate) struct RawMode;

impl RawMode {
    /// # Errors
    /// If the terminal cannot be put into raw mode.
    pub(crate) fn begin() -> anyhow::Result<Self> {
        enable_raw_mode()?;
        let raw = Self;
        crossterm::execute!(std::io::stdout(), EnableBracketedPaste)?;
        Ok(raw)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // An error means that the terminal is gone, so there is nothing to restore.
        _ = crossterm::execute!(std::io::stdout(), DisableBracketedPaste);
        _ = std::io::stdout().flush();
        _ = disable_raw_mode();
    }
}

impl Display {
    pub(crate) fn screen() -> Self {
        let (columns, rows) = size().unwrap_or_default();
        let colours = colour::wanted(std::env::var("NO_COLOR").ok().as_deref());
        Self::Screen { screen: Screen::new(columns, rows, colours), editor: Editor::default() }
    }

    /// Creates a display of lines only: for a script, or for a terminal without cursor movement.
    pub(crate) fn plain() -> Self {
        Self::Plain { in_rows: std::io::stdout().is_terminal() }
    }

    /// Returns the output for these lines and for the changing rows below them.
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

    /// Returns the output at the end of the run.
    pub(crate) fn finish(&mut self) -> String {
        match self {
            Self::Plain { .. } => String::new(),
            Self::Screen { screen, .. } => screen.erase(),
        }
    }

    /// Returns a text to the editor, unless the editor contains another one.
    pub(crate) fn restore_input(&mut self, text: &str) {
        if let Self::Screen { editor, .. } = self
            && editor.is_empty()
        {
            editor.set(text);
        }
    }
}
