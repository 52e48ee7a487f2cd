//! Reads the WebSocket frames of one peer from bytes, without a socket.

use std::io::{self, Read, Write};
use std::mem::take;

use bytes::Bytes;
use hubbub_protocol::CloseReason;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig, WebSocketContext};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Incoming;
use crate::net::close_code_filter::CloseCodeFilter;

/// Bytes that the library reads at once, and the size of its buffer between two frames. Ten thousand connections have
/// one each; a longer frame gets a buffer of its own size.
const READ_BUFFER_BYTES: usize = 64;
/// Messages over this size do not leave a buffer of their size behind.
const LONG_MESSAGE_BYTES: usize = 4 * 1024;
/// Maximum bytes of the answers that the library writes: a pong and a close frame have 127 bytes at most.
const MAX_REPLY_BYTES: usize = 1024;

/// Decodes the frames of a peer with the WebSocket library, and collects the library's answers to control frames.
#[derive(Debug)]
pub(super) struct FrameReader {
    context: WebSocketContext,
    close_codes: CloseCodeFilter,
    /// Received bytes that follow the last message returned. The library may hold some that it has read ahead.
    rest: Bytes,
    /// The last message, if it is long, until the next read. While it exists, the library cannot use its memory again as
    /// the buffer of the connection, which would be as long for as long as the connection lives.
    long_message: Option<Bytes>,
    /// Whether the bytes received so far may contain another message.
    may_have_more: bool,
    /// Answers to pings and close frames, which must be sent.
    replies: Vec<u8>,
}

/// The stream that the library reads from and writes to.
struct Stream<'a> {
    received: &'a [u8],
    /// Whether no byte will follow.
    has_ended: bool,
    replies: &'a mut Vec<u8>,
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.received.is_empty() && !self.has_ended {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.received.read(buffer)
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.replies.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FrameReader {
    /// Creates a reader that closes the connection of a peer that sends a longer message.
    pub(super) fn new(max_message_bytes: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(MAX_REPLY_BYTES)
            .max_message_size(Some(max_message_bytes))
            .max_frame_size(Some(max_message_bytes));
        Self {
            context: WebSocketContext::new(Role::Server, Some(config)),
            close_codes: CloseCodeFilter::default(),
            rest: Bytes::new(),
            long_message: None,
            may_have_more: false,
            replies: Vec::new(),
        }
    }

    /// Accepts bytes that were received before the first call of [`FrameReader::next`].
    pub(super) fn begin(&mut self, received: &[u8]) {
        let mut received = received.to_vec();
        self.close_codes.pass(&mut received);
        self.rest = received.into();
        self.may_have_more = true;
    }

    /// Returns the next message of the bytes received so far, if it is complete.
    pub(super) fn next(&mut self) -> Option<Incoming> {
        if !self.may_have_more {
            return None;
        }
        let rest = take(&mut self.rest);
        let (incoming, unread) = self.decode(&rest, false);
        self.rest = rest.slice(rest.len() - unread..);
        incoming
    }

    /// Returns the first message that these bytes complete. Call it only when [`FrameReader::next`] returns `None`.
    pub(super) fn receive(&mut self, bytes: &mut [u8]) -> Option<Incoming> {
        self.close_codes.pass(bytes);
        let (incoming, unread) = self.decode(bytes, false);
        self.rest = Bytes::copy_from_slice(&bytes[bytes.len() - unread..]);
        incoming
    }

    /// Returns the message for the end of the stream.
    pub(super) fn end(&mut self) -> Incoming {
        self.decode(&[], true).0.unwrap_or(Incoming::Closed(CloseReason::Normal))
    }

    /// Returns the close frame to send. If the peer has sent one, its answer is among the replies already.
    pub(super) fn close(&mut self, reason: CloseReason) -> Option<Bytes> {
        let frame = CloseFrame { code: reason.code().into(), reason: reason.text().into() };
        let mut stream = Stream { received: &[], has_ended: true, replies: &mut self.replies };
        // An error means that the peer has closed already.
        _ = self.context.close(&mut stream, Some(frame));
        self.take_replies()
    }

    /// Returns the answers to control frames, which must be sent before further frames are read.
    pub(super) fn take_replies(&mut self) -> Option<Bytes> {
        (!self.replies.is_empty()).then(|| take(&mut self.replies).into())
    }

    /// Returns the next message, and the number of bytes that were not read.
    fn decode(&mut self, bytes: &[u8], has_ended: bool) -> (Option<Incoming>, usize) {
        let mut stream = Stream { received: bytes, has_ended, replies: &mut self.replies };
        let read = self.context.read(&mut stream);
        if matches!(read, Ok(Message::Ping(_) | Message::Close(_))) {
            // Writes the answer. The library reports the end of a connection that the peer has closed as an error.
            _ = self.context.flush(&mut stream);
        }
        let unread = stream.received.len();
        self.long_message = match &read {
            Ok(Message::Text(text)) if text.len() > LONG_MESSAGE_BYTES => Some(Bytes::from(text.clone())),
            Ok(Message::Binary(bytes)) if bytes.len() > LONG_MESSAGE_BYTES => Some(bytes.clone()),
            _ => None,
        };
        let incoming = match read {
            Ok(Message::Text(text)) => Some(Incoming::Text(text)),
            Ok(Message::Ping(_) | Message::Pong(_)) => Some(Incoming::SignOfLife),
            Ok(Message::Binary(bytes)) => Some(Incoming::Binary(bytes)),
            Ok(Message::Close(_) | Message::Frame(_)) => Some(Incoming::Closed(CloseReason::Normal)),
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => None,
            Err(error) => Some(Incoming::Closed(reason(&error))),
        };
        self.may_have_more = incoming.is_some();
        (incoming, unread)
    }
}

/// Returns the close reason for an error of the peer (RFC 6455, section 7.4.1).
fn reason(error: &Error) -> CloseReason {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => CloseReason::TooBig,
        Error::Utf8(_) => CloseReason::NotUtf8,
        Error::Protocol(_) => CloseReason::ProtocolError,
        _ => CloseReason::Normal,
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::MAX_FRAME_BYTES;

    use super::*;
    use crate::net::close_code_filter::tests::frame as masked_frame;

    /// Returns a frame as clients send it: with a mask.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        masked_frame(first, Some([0x11, 0x22, 0x33, 0x44]), payload)
    }

    /// Returns the messages that a reader finds in the bytes, received in pieces of `piece` bytes, and its replies.
    fn read(bytes: &[u8], piece: usize) -> (Vec<String>, Vec<u8>) {
        let (mut reader, mut read, mut replies) = (FrameReader::new(MAX_FRAME_BYTES), Vec::new(), Vec::new());
        for piece in bytes.chunks(piece) {
            let mut next = reader.receive(&mut piece.to_vec());
            while let Some(incoming) = next {
                replies.extend(reader.take_replies().unwrap_or_default());
                read.push(format!("{incoming:?}"));
                if matches!(incoming, Incoming::Closed(_)) {
                    return (read, replies);
                }
                next = reader.next();
            }
        }
        (read, replies)
    }

    #[test]
    fn reads_the_same_however_the_bytes_are_divided() {
        let long = "длинный текст ".repeat(500);
        let bytes = [
            frame(0x81, b"one"),
            frame(0x89, b"ping"),
            frame(0x01, b"tw"),
            frame(0x8a, b""),
            frame(0x80, b"o"),
            frame(0x82, b"binary"),
            frame(0x81, long.as_bytes()),
            frame(0x81, b""),
            frame(0x88, &1014_u16.to_be_bytes()),
        ]
        .concat();
        let text = |text: &str| format!("{:?}", Incoming::Text(text.into()));
        let sign = || "SignOfLife".to_owned();
        let expected = [
            text("one"),
            sign(),
            sign(),
            text("two"),
            format!("{:?}", Incoming::Binary(Bytes::from_static(b"binary"))),
            text(&long),
            text(""),
            "Closed(Normal)".to_owned(),
        ];
        // The answers of a server are not masked, and 1014 is answered as 1000.
        let replies = [&[0x8a, 4][..], b"ping", &[0x88, 2], &1000_u16.to_be_bytes()].concat();
        for piece in [1, 2, 3, 63, 64, 65, 1_000, bytes.len()] {
            let (read, replied) = read(&bytes, piece);
            assert!(read == expected, "in pieces of {piece}: {} messages", read.len());
            assert_eq!(replied, replies, "in pieces of {piece}");
        }
    }

    #[test]
    fn an_idle_reader_holds_no_received_bytes() {
        let mut reader = FrameReader::new(MAX_FRAME_BYTES);
        assert!(reader.receive(&mut frame(0x81, b"one")).is_some());
        assert!(reader.next().is_none());
        assert_eq!((reader.rest.len(), reader.replies.capacity()), (0, 0));
    }

    #[test]
    fn the_end_of_the_stream_ends_the_connection() {
        let mut reader = FrameReader::new(MAX_FRAME_BYTES);
        assert!(matches!(reader.end(), Incoming::Closed(_)));
    }
}
