//! The reasons for which a connection closes, and whether the client reconnects.

/// Whether a client reconnects after a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComeBack {
    /// The client reconnects after the usual back-off.
    Yes,
    /// The client does not reconnect by itself, because the connection would be closed again.
    No,
}

/// The close codes of the native wire. Codes below 3000 are defined by RFC 6455, section 7.4.1, and its IANA
/// registry; codes from 4000 are defined by Hubbub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// 1000: the peer closed the connection normally.
    Normal,
    /// 1002: the peer violated RFC 6455.
    ProtocolError,
    /// 1003: the peer sent a binary frame; only text frames are supported.
    Unsupported,
    /// 1007: the peer sent a text frame that is not UTF-8.
    NotUtf8,
    /// 1009: the peer sent a frame or message over the limit.
    TooBig,
    /// 1011: the server had an internal error.
    Broken,
    /// 1012: the server is stopping or restarting.
    Restart,
    /// 1013: the server has too many connections.
    Overloaded,
    /// 4000: the client reads more slowly than events arrive. It resumes from its cursor.
    Slow,
    /// 4001: the client sent nothing for longer than the idle timeout.
    Idle,
    /// 4002: the client requested no subprotocol that the server supports.
    WrongVersion,
    /// 4003: the session has ended, or the account was deleted.
    SignedOut,
}

impl CloseReason {
    /// All reasons, for tables and tests.
    pub const ALL: [Self; 12] = [
        Self::Normal,
        Self::ProtocolError,
        Self::Unsupported,
        Self::NotUtf8,
        Self::TooBig,
        Self::Broken,
        Self::Restart,
        Self::Overloaded,
        Self::Slow,
        Self::Idle,
        Self::WrongVersion,
        Self::SignedOut,
    ];

    /// Returns the close code.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::ProtocolError => 1002,
            Self::Unsupported => 1003,
            Self::NotUtf8 => 1007,
            Self::TooBig => 1009,
            Self::Broken => 1011,
            Self::Restart => 1012,
            Self::Overloaded => 1013,
            Self::Slow => 4000,
            Self::Idle => 4001,
            Self::WrongVersion => 4002,
            Self::SignedOut => 4003,
        }
    }

    /// Returns the reason text of the close frame (at most 123 bytes by RFC 6455, section 5.5).
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Normal => "connection closed",
            Self::ProtocolError => "the frame violates RFC 6455",
            Self::Unsupported => "only text frames are supported",
            Self::NotUtf8 => "a text frame must be valid UTF-8",
            Self::TooBig => "a message must be at most 65536 bytes",
            Self::Broken => "internal server error; reconnect",
            Self::Restart => "the server is restarting; reconnect",
            Self::Overloaded => "too many connections; reconnect later",
            Self::Slow => "the client reads too slowly; reconnect and resume",
            Self::Idle => "idle timeout; reconnect",
            Self::WrongVersion => "the server requires the subprotocol hubbub.v1; reload the page",
            Self::SignedOut => "the session has ended; sign in again",
        }
    }

    /// Returns the reason for a close code, or `None` for other codes.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Returns whether the client should reconnect by itself. A client that violated the protocol would do so
    /// again.
    #[must_use]
    pub const fn come_back(self) -> ComeBack {
        match self {
            Self::Broken | Self::Restart | Self::Overloaded | Self::Slow | Self::Idle => ComeBack::Yes,
            Self::Normal
            | Self::ProtocolError
            | Self::Unsupported
            | Self::NotUtf8
            | Self::TooBig
            | Self::WrongVersion
            | Self::SignedOut => ComeBack::No,
        }
    }
}
