//! What the command line says when something did not work.

use std::io::Write;

/// Prints one line on standard error. One that is closed or full changes nothing about how the program ends.
pub fn print(complaint: &str) {
    let _ = writeln!(std::io::stderr(), "hubbub: {complaint}");
}
