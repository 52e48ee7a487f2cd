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

impl<'a> Token<'a> {
    /// What is seen of it, as far as it can be part of an address.
    pub(crate) const fn text(&self) -> &'a str {
        match self {
            Self::Text(text) | Self::Code(text) | Self::Address(text) => text,
            Self::Mention(name) | Self::Room(name) => name,
            Self::Break => "\n",
            Self::Mark(..) | Self::LinkStart(_) | Self::LinkEnd(_) => "",
        }
    }
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
}
