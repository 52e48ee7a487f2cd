//! Why a connection ends, and whether to come back.

/// What a client does after a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComeBack {
    /// Connect again, after the usual back-off.
    Yes,
    /// Do not connect again by itself: it would end the same way.
    No,
}

/// The close codes of the native wire. Below 3000 they are those of RFC 6455, section 7.4.1, and of the
/// IANA registry it founded; from 4000 they are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// 1000: the peer said goodbye.
    Normal,
    /// 1002: the peer broke RFC 6455.
    ProtocolError,
    /// 1003: a binary frame, on a wire of text.
    Unsupported,
    /// 1007: a text frame that is not UTF-8.
    NotUtf8,
    /// 1009: a frame or message over the limit.
    TooBig,
    /// 1011: something broke in the server.
    Broken,
    /// 1012: the server stops or restarts.
    Restart,
    /// 1013: too many connections.
    Overloaded,
    /// 4000: the client reads more slowly than others write. It resumes from its cursor.
    Slow,
    /// 4001: no sign of life for longer than the idle timeout.
    Idle,
    /// 4002: the client asks for no subprotocol that the server speaks.
    WrongVersion,
    /// 4003: the session has ended, or the account was removed.
    SignedOut,
}

impl CloseReason {
    /// Every reason, for tables and tests.
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

    /// The code on the wire.
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

    /// The reason text in the close frame (RFC 6455, section 5.5.1: at most 123 bytes).
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Normal => "goodbye",
            Self::ProtocolError => "the frame breaks RFC 6455",
            Self::Unsupported => "this wire takes text frames only",
            Self::NotUtf8 => "the text is not UTF-8",
            Self::TooBig => "a frame may have at most 65536 bytes",
            Self::Broken => "something broke in the server; come back",
            Self::Restart => "the server restarts; come back",
            Self::Overloaded => "too many connections; come back later",
            Self::Slow => "you read too slowly; come back and resume",
            Self::Idle => "no sign of life; come back",
            Self::WrongVersion => "this server speaks hubbub.v1; load the page again",
            Self::SignedOut => "this session has ended; sign in again",
        }
    }

    /// The reason that a code stands for, if it is one of these.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Whether the client should connect again by itself. What breaks the protocol once breaks it again.
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
