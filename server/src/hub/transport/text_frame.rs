//! The text frames that the server sends.

use bytes::{BufMut, Bytes, BytesMut};
use hubbub_wires::Frame;

use super::engine_io::packet;
use super::socketio::packet::{acknowledgement_text, event_text};

/// First byte of an unfragmented text message (RFC 6455, section 5.2).
const FINAL_TEXT: u8 = 0x81;
/// Largest length that the second byte of a header contains.
const MAX_SHORT: usize = 125;
/// Length code: the length follows in two bytes.
const TWO_BYTES: u8 = 126;
/// Length code: the length follows in eight bytes.
const EIGHT_BYTES: u8 = 127;

/// A text message as one WebSocket frame, header included. Frames of a server are not masked. Cheap to clone: all
/// connections that send a frame share its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::hub) struct TextFrame {
    bytes: Bytes,
    header_bytes: u8,
}

impl TextFrame {
    pub(in crate::hub) fn new(text: &str) -> Self {
        let mut bytes = BytesMut::with_capacity(10 + text.len());
        bytes.put_u8(FINAL_TEXT);
        match (u8::try_from(text.len()), u16::try_from(text.len())) {
            (Ok(length), _) if text.len() <= MAX_SHORT => bytes.put_u8(length),
            (_, Ok(length)) => {
                bytes.put_u8(TWO_BYTES);
                bytes.put_u16(length);
            }
            _ => {
                bytes.put_u8(EIGHT_BYTES);
                bytes.put_u64(text.len() as u64);
            }
        }
        let header_bytes = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
        bytes.put(text.as_bytes());
        Self { bytes: bytes.freeze(), header_bytes }
    }

    /// Encodes a frame of a legacy protocol. The frames of Socket.IO become messages of Engine.IO.
    pub(in crate::hub) fn of_wire(frame: &Frame) -> Self {
        match frame {
            Frame::Text(text) => Self::new(text),
            Frame::Event { name, json } => Self::new(&packet::message(&event_text(name, json))),
            Frame::Acknowledgement { of, json } => {
                Self::new(&packet::message(&acknowledgement_text(*of, json)))
            }
        }
    }

    /// Returns the whole frame.
    pub(in crate::hub) const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the message, for a transport without WebSocket frames.
    pub(in crate::hub) fn text(&self) -> &str {
        let message = self.bytes.get(usize::from(self.header_bytes)..).unwrap_or_default();
        std::str::from_utf8(message).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use hubbub_protocol::MAX_FRAME_BYTES;
    use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

    use super::*;

    #[test]
    fn encodes_each_length_as_rfc_6455_requires() {
        for length in [0, 1, 125, 126, 127, 65_535, 65_536, MAX_FRAME_BYTES] {
            let frame = TextFrame::new(&"x".repeat(length));
            let mut cursor = Cursor::new(frame.bytes());
            let (header, told) = FrameHeader::parse(&mut cursor).unwrap().unwrap();
            assert_eq!(usize::try_from(told).unwrap(), length);
            assert!(header.is_final && header.mask.is_none());
            assert_eq!(header.opcode, OpCode::Data(Data::Text));
            let begin = usize::try_from(cursor.position()).unwrap();
            assert!(frame.bytes()[begin..] == *frame.text().as_bytes(), "the payload of {length} bytes");
            assert_eq!(frame.text().len(), length);
        }
    }
}
