//! Opening marks that wait for their closing marks.

use crate::steps;
use crate::token::{InlineToken, Mark, Role};

/// A stack of opening marks. Taking a mark discards those above it, and absent marks are not searched, so all
/// searches together take at most as many steps as there are marks.
#[derive(Default)]
pub(crate) struct Openers {
    stack: Vec<(Mark, usize)>,
    counts: [usize; Mark::COUNT],
}

impl Openers {
    /// Adds an opening mark with its token index.
    pub(crate) fn push(&mut self, mark: Mark, token: usize) {
        self.stack.push((mark, token));
        if let Some(count) = self.counts.get_mut(mark as usize) {
            *count += 1;
        }
    }

    pub(crate) fn has(&self, mark: Mark) -> bool {
        self.counts.get(mark as usize).is_some_and(|count| *count > 0)
    }

    /// Discards the marks after this token, because they are inside a link and cannot be closed outside.
    pub(crate) fn discard_after(&mut self, token: usize) {
        while self.stack.last().is_some_and(|(_, last)| *last > token) {
            self.pop();
        }
    }

    /// Opens the nearest of the wanted marks; returns the mark and its token index.
    pub(crate) fn close(&mut self, wanted: &[Mark], tokens: &mut [InlineToken<'_>]) -> Option<(Mark, usize)> {
        if !wanted.iter().any(|mark| self.has(*mark)) {
            return None;
        }
        while let Some((mut mark, token)) = self.pop() {
            if !wanted.contains(&mark) {
                let Some((below, before)) = self.stack.last().copied() else { continue };
                // The marks of `***` have no fixed order and can be exchanged. Adjacent tokens come from one
                // run.
                let of_one_run = (below, mark) == (Mark::Bold, Mark::Star) && before + 1 == token;
                if !of_one_run || !wanted.contains(&below) {
                    continue;
                }
                self.pop();
                self.push(mark, before);
                set(tokens, before, InlineToken::Mark(mark, Role::Text));
                mark = below;
            }
            set(tokens, token, InlineToken::Mark(mark, Role::Open));
            return Some((mark, token));
        }
        None
    }

    fn pop(&mut self) -> Option<(Mark, usize)> {
        let (mark, token) = self.stack.pop()?;
        steps::count(1);
        if let Some(count) = self.counts.get_mut(mark as usize) {
            *count -= 1;
        }
        Some((mark, token))
    }
}

fn set<'a>(tokens: &mut [InlineToken<'a>], place: usize, token: InlineToken<'a>) {
    if let Some(old) = tokens.get_mut(place) {
        *old = token;
    }
}
