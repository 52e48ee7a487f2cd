//! Tests that no user can imitate a line of another user, on any terminal.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use super::simulated_terminal::{SimulatedTerminal, Widths};
use super::*;
use crate::terminal::line::INDENT;

const SEEDS: u64 = 300;

/// Texts whose width differs between terminals.
const PIECES: [&str; 30] = [
    "👍🏽",
    "👨‍👩‍👧‍👦",
    "🧑🏻‍🤝‍🧑🏿",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "🇩🇪",
    "🇩",
    "❤️",
    "❤",
    "☝🏿",
    "1️⃣",
    "👁️‍🗨️",
    "🫠",
    "\u{200d}",
    "\u{fe0f}",
    "🏽",
    "世",
    "→",
    "…",
    "é",
    "e\u{301}",
    "ж",
    "नि",
    "ก็",
    "\u{2068}",
    "ﷺ",
    "\t",
    " ",
    ".",
    "x",
    "\u{1100}\u{1161}",
];

const FORGED: &str = "system :: x left";

fn said(text: &str) -> TranscriptLine {
    TranscriptLine::Said { name: "eve".to_owned(), mine: false, text: crate::terminal::sanitize::lines(text) }
}

/// Returns the terminal after these lines were printed.
fn shown(
    widths: Widths,
    obeys: bool,
    columns: u16,
    lines: &[TranscriptLine],
    text: &str,
) -> SimulatedTerminal {
    let mut screen = Screen::new(columns, 24, false);
    let mut terminal = SimulatedTerminal::new(widths, obeys, usize::from(columns));
    let footer = Footer { live: &["anna is writing".to_owned()], prompt: "room> ", text, at: text.len() };
    terminal.process(&screen.draw(&[], footer));
    for line in lines {
        terminal.process(&screen.draw(std::slice::from_ref(line), footer));
    }
    terminal
}

fn is_of_this_program(row: &str) -> bool {
    let begins = ["eve :: ", INDENT, "system :: y joined", "anna is writing", "room> "];
    row.trim().is_empty() || begins.iter().any(|begin| row.starts_with(begin))
}

fn check(widths: Widths, obeys: bool, columns: u16, text: &str) {
    let terminal = shown(widths, obeys, columns, &[said(text), TranscriptLine::notice("y joined")], "hi");
    for row in terminal.rows() {
        assert!(is_of_this_program(&row), "{widths:?}, {columns} columns, {text:?}: {:#?}", terminal.rows());
    }
    assert_eq!(terminal.rows().last().unwrap().trim_end(), "room> hi");
}

/// Terminals whose widths are never underestimated need not support turning off wrapping.
const ALL: [(Widths, bool); 7] = [
    (Widths::Joined, true),
    (Widths::Apart, true),
    (Widths::Narrow, true),
    (Widths::Wide, true),
    (Widths::Joined, false),
    (Widths::Apart, false),
    (Widths::Narrow, false),
];

#[test]
fn joined_emoji_cannot_forge_a_row() {
    for (widths, obeys) in ALL {
        for count in 0..40 {
            check(widths, obeys, 80, &format!("{}.{FORGED}", "👍🏽".repeat(count)));
            check(widths, obeys, 80, &format!("{} {FORGED}", "👨‍👩‍👧‍👦".repeat(count)));
        }
    }
}

#[test]
fn text_cannot_forge_a_row() {
    for seed in 0..SEEDS {
        let mut random = StdRng::seed_from_u64(seed);
        let count = random.random_range(1..120);
        let pieces: String = (0..count).filter_map(|_| PIECES.choose(&mut random)).copied().collect();
        let columns = random.random_range(40..=120);
        for (widths, obeys) in ALL {
            check(widths, obeys, columns, &format!("{pieces}{FORGED}"));
        }
    }
}

#[test]
fn text_is_complete_if_the_width_estimate_is_right() {
    for seed in 0..SEEDS {
        let mut random = StdRng::seed_from_u64(seed);
        let text: String = (0..100)
            .filter_map(|_| ["👍🏽", "👨‍👩‍👧‍👦", "🇩🇪", "ж", "世", "→", "x", "—"].choose(&mut random))
            .copied()
            .collect();
        for widths in [Widths::Joined, Widths::Apart, Widths::Narrow] {
            let rows = shown(widths, true, 50, &[said(&text)], "").rows().concat();
            let seen: String = rows.replace("eve :: ", "").replace(INDENT, "");
            assert!(seen.contains(&text), "{widths:?}, {text:?}: {seen:?}");
        }
    }
}

#[test]
fn cursor_is_behind_the_typed_text() {
    for (widths, column) in
        [(Widths::Joined, 10), (Widths::Apart, 14), (Widths::Narrow, 10), (Widths::Wide, 14)]
    {
        assert_eq!(shown(widths, true, 80, &[], "👍🏽👍🏽").column(), column, "{widths:?}");
    }
}
