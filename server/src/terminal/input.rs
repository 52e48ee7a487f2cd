//! Input from a person or a script.

use std::io::{BufRead, Read};

use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use tokio::sync::mpsc;

/// Longest line that is read, in bytes. It exceeds the limit of messages; the rest of a longer line is skipped.
const MAX_LINE_BYTES: u64 = 64 * 1024;
/// Lines that are read ahead.
const LINES: usize = 16;

/// The source of input.
pub(crate) enum InputSource {
    /// Standard input, line by line.
    Lines(mpsc::Receiver<String>),
    /// A terminal, key by key.
    Keys(Box<EventStream>),
}

/// One line or key of input, or its end.
pub(crate) enum TypedInput {
    Line(String),
    Key(Event),
    End,
}

impl InputSource {
    /// Reads standard input in a thread of its own, because a blocking read cannot be cancelled.
    pub(crate) fn lines() -> Self {
        let (lines, taken) = mpsc::channel(LINES);
        std::thread::spawn(move || {
            let mut input = std::io::stdin().lock();
            while let Some(line) = read_line(&mut input) {
                if lines.blocking_send(line).is_err() {
                    break;
                }
            }
        });
        Self::Lines(taken)
    }

    pub(crate) fn keys() -> Self {
        Self::Keys(Box::new(EventStream::new()))
    }

    /// Waits for the next item; cancel safe. Must not be called after the end of input.
    pub(crate) async fn next(&mut self) -> TypedInput {
        match self {
            Self::Lines(lines) => lines.recv().await.map_or(TypedInput::End, TypedInput::Line),
            Self::Keys(keys) => match keys.next().await {
                Some(Ok(event)) => TypedInput::Key(event),
                // The terminal is gone.
                Some(Err(_)) | None => TypedInput::End,
            },
        }
    }
}

/// Returns the next line without its line break, or `None` at the end of input or after a read error.
fn read_line(input: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    if input.take(MAX_LINE_BYTES).read_until(b'\n', &mut line).ok()? == 0 {
        return None;
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() as u64 == MAX_LINE_BYTES {
        input.skip_until(b'\n').ok()?;
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Some(String::from_utf8_lossy(&line).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut bytes: &[u8]) -> Vec<String> {
        std::iter::from_fn(|| read_line(&mut bytes)).collect()
    }

    #[test]
    fn accepts_all_line_endings() {
        assert_eq!(read(b"a\nb\r\n\nc"), ["a", "b", "", "c"]);
        assert_eq!(read(b""), [""; 0]);
        assert_eq!(read(b"\xff\n"), ["\u{fffd}"]);
    }

    #[test]
    fn limits_the_length_of_a_line() {
        let mut bytes = vec![b'x'; 200_000];
        bytes.extend(b"\nnext\n");
        let lines = read(&bytes);
        assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [65_536, 4]);
    }
}
