//! Running text in pieces, before they are put into each other.

/// A piece.
pub(crate) enum Token<'a> {
    Text(&'a str),
    Break,
    Code(&'a str),
    Mention(&'a str),
    Room(&'a str),
    /// An address that stands for itself.
    Address(&'a str),
    Mark(Mark, Role),
    /// `[`
    LinkStart(Role),
    /// `](address)`: there is one only where a `LinkStart` opens it.
    LinkEnd(&'a str),
}

/// Whether a mark has found its other half.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Text,
    Open,
    Close,
}

/// What surrounds text to say how it is meant. Each is closed by its like only, so `**a*` stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Bold,
    Star,
    Underscore,
    Strike,
}

impl Mark {
    pub(crate) const COUNT: usize = 4;

    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Bold => "**",
            Self::Star => "*",
            Self::Underscore => "_",
            Self::Strike => "~~",
        }
    }

    /// Whether it means something within a word: `un**believ**able` does; `snake_case` and `2*3*4` do not.
    pub(crate) const fn splits_words(self) -> bool {
        matches!(self, Self::Bold | Self::Strike)
    }
}
