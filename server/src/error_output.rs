//! Error messages of the command line.

use std::io::Write;

/// Prints one line on standard error. If standard error is closed or full, the line is lost without another effect.
pub fn print(message: &str) {
    _ = writeln!(std::io::stderr(), "hubbub: {message}");
}
