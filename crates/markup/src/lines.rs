//! Lines and their indentation.

use crate::steps;

/// Width of a tab in indentation, in columns.
const TAB_COLUMNS: usize = 4;

/// Returns whether a line is empty or white space.
pub(crate) fn is_blank(line: &str) -> bool {
    let rest = line.trim_start();
    steps::count(line.len() - rest.len() + 1);
    rest.is_empty()
}

/// Returns the indentation in columns and the rest of the line.
pub(crate) fn indent(line: &str) -> (usize, &str) {
    let rest = line.trim_start_matches([' ', '\t']);
    let columns = line.chars().take_while(|character| matches!(character, ' ' | '\t')).map(width).sum();
    steps::count(line.len() - rest.len() + 1);
    (columns, rest)
}

/// Removes at most `columns` of indentation.
pub(crate) fn outdent(line: &str, columns: usize) -> &str {
    let mut left = columns;
    line.trim_start_matches(|character| {
        let white = matches!(character, ' ' | '\t') && left > 0;
        if white {
            steps::count(1);
            left = left.saturating_sub(width(character));
        }
        white
    })
}

fn width(character: char) -> usize {
    if character == '\t' { TAB_COLUMNS } else { 1 }
}
