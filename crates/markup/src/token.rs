//! Tokens of running text, before they are nested.

/// A token.
pub(crate) enum InlineToken<'a> {
    Text(&'a str),
    Break,
    Code(&'a str),
    Mention(&'a str),
    Room(&'a str),
    /// A bare address.
    Address(&'a str),
    Mark(Mark, Role),
    /// `[`
    LinkStart(Role),
    /// `](address)`; exists only with an opening `LinkStart`.
    LinkEnd(&'a str),
}

impl<'a> InlineToken<'a> {
    /// Returns the visible text of the token, as far as it can be part of an address.
    pub(crate) const fn text(&self) -> &'a str {
        match self {
            Self::Text(text) | Self::Code(text) | Self::Address(text) => text,
            Self::Mention(name) | Self::Room(name) => name,
            Self::Break => "\n",
            Self::Mark(..) | Self::LinkStart(_) | Self::LinkEnd(_) => "",
        }
    }
}

/// Whether a mark is text, or opens or closes emphasis.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Text,
    Open,
    Close,
}

/// An emphasis mark. Each is closed by the same mark only, so `**a*` is text.
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
