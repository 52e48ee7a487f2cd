//! A text frame that is written to the socket without the WebSocket library. The library would copy it into a buffer
//! and keep the buffer: ten thousand connections that once received a long member list would keep that memory until
//! they close.

use std::io;

use bytes::buf::Chain;
use bytes::{Buf, Bytes};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// Length in bytes above which a text counts as large.
pub(super) const LARGE_BYTES: usize = 1024;
/// First byte of an unfragmented text message (RFC 6455, section 5.2).
const FINAL_TEXT: u8 = 0x81;
/// Length code: the length follows in eight bytes.
const LONG: u8 = 127;
/// Length code: the length follows in two bytes.
const SHORT: u8 = 126;

/// The unwritten rest of a frame. Nothing else may be written to the socket before it is complete.
#[derive(Debug)]
pub(super) struct LargeFrame {
    rest: Chain<Bytes, Bytes>,
}

impl LargeFrame {
    /// Creates the frame of a text that is longer than [`LARGE_BYTES`]. Frames of a server are not masked.
    pub(super) fn of(text: Utf8Bytes) -> Self {
        let mut header = vec![FINAL_TEXT];
        if let Ok(length) = u16::try_from(text.len()) {
            header.push(SHORT);
            header.extend(length.to_be_bytes());
        } else {
            header.push(LONG);
            header.extend((text.len() as u64).to_be_bytes());
        }
        Self { rest: Bytes::from(header).chain(Bytes::from(text)) }
    }

    pub(super) fn unsent_bytes(&self) -> usize {
        self.rest.remaining()
    }

    /// Writes the rest of the frame. Cancel safe: the next call continues.
    pub(super) async fn write(&mut self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        stream.write_all_buf(&mut self.rest).await
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use hubbub_protocol::MAX_FRAME_BYTES;
    use tokio::io::AsyncReadExt;
    use tokio::time::{Duration, timeout};
    use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

    use super::*;

    #[tokio::test]
    async fn encodes_each_length_as_rfc_6455_requires() {
        for length in [LARGE_BYTES + 1, 65_535, 65_536, MAX_FRAME_BYTES] {
            let text = "x".repeat(length);
            let mut written = Vec::new();
            LargeFrame::of(text.clone().into()).write(&mut written).await.unwrap();
            let mut cursor = Cursor::new(&written);
            let (header, told) = FrameHeader::parse(&mut cursor).unwrap().unwrap();
            assert_eq!(usize::try_from(told).unwrap(), length);
            assert!(header.is_final && header.mask.is_none());
            assert_eq!(header.opcode, OpCode::Data(Data::Text));
            let begin = usize::try_from(cursor.position()).unwrap();
            assert!(written[begin..] == *text.as_bytes(), "the payload of {length} bytes");
        }
    }

    #[tokio::test]
    async fn resumes_an_interrupted_frame() {
        let text = "0123456789".repeat(1_000);
        let (mut near, mut far) = tokio::io::duplex(64);
        let mut frame = LargeFrame::of(text.clone().into());
        let mut read = Vec::new();
        let mut buffer = [0; 50];
        // Each write is cancelled when the pipe is full.
        while timeout(Duration::from_millis(1), frame.write(&mut near)).await.is_err() {
            let many = far.read(&mut buffer).await.unwrap();
            read.extend_from_slice(&buffer[..many]);
        }
        drop(near);
        far.read_to_end(&mut read).await.unwrap();
        assert!(read[4..] == *text.as_bytes());
    }
}
