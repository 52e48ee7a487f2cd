//! The frames of one connection that the system has not accepted yet.

use std::collections::VecDeque;
use std::io::{self, IoSlice};

use bytes::{Buf, Bytes};

/// Bytes in the buffer above which it accepts no further frame before it is written. The frame that exceeds the limit is
/// accepted whole.
const MAX_BUFFERED_BYTES: usize = 16 * 1024;
/// Pieces that one write passes to the system.
const PIECES_AT_ONCE: usize = 32;

/// Whole frames in the order of sending, of which the first may be written partly. An empty buffer takes no memory,
/// because ten thousand idle connections have one each.
#[derive(Debug, Default)]
pub(super) struct SendBuffer {
    pieces: VecDeque<Bytes>,
    bytes: usize,
}

impl SendBuffer {
    /// Adds bytes behind all others. Shares them and copies nothing.
    pub(super) fn push(&mut self, piece: Bytes) {
        self.bytes += piece.len();
        self.pieces.push_back(piece);
    }

    /// Adds the rest of a frame that was written partly without this buffer, before all others.
    pub(super) fn resume(&mut self, piece: Bytes) {
        self.bytes += piece.len();
        self.pieces.push_front(piece);
    }

    /// Whether to add further frames before the buffer is written.
    pub(super) const fn is_ready(&self) -> bool {
        self.bytes < MAX_BUFFERED_BYTES
    }

    /// Returns the bytes that are not written.
    pub(super) const fn unsent_bytes(&self) -> usize {
        self.bytes
    }

    /// Writes with `write`, which returns how many bytes it accepted, until the buffer is empty.
    ///
    /// # Errors
    /// The error of `write`, `WouldBlock` among them; the next call continues with the first byte that was not accepted.
    pub(super) fn write(
        &mut self,
        mut write: impl FnMut(&[IoSlice<'_>]) -> io::Result<usize>,
    ) -> io::Result<()> {
        while self.bytes > 0 {
            let mut slices = [IoSlice::new(&[]); PIECES_AT_ONCE];
            let count = slices.len().min(self.pieces.len());
            for (slice, piece) in slices.iter_mut().zip(&self.pieces) {
                *slice = IoSlice::new(piece);
            }
            match write(&slices[..count]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(accepted) => self.advance(accepted),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        // A vector without elements gives its memory back.
        self.pieces = VecDeque::new();
        Ok(())
    }

    fn advance(&mut self, mut accepted: usize) {
        self.bytes -= accepted;
        while let Some(piece) = self.pieces.front_mut() {
            if accepted < piece.len() {
                piece.advance(accepted);
                return;
            }
            accepted -= piece.len();
            self.pieces.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames() -> Vec<Bytes> {
        (0..100_u8).map(|number| Bytes::from(vec![number; usize::from(number) % 7 + 1])).collect()
    }

    /// Writes all frames to a socket that accepts at most `accepted` bytes per write, and refuses every second write.
    fn written(accepted: usize) -> Vec<u8> {
        let (mut buffer, mut socket, mut calls) = (SendBuffer::default(), Vec::new(), 0);
        frames().into_iter().for_each(|frame| buffer.push(frame));
        loop {
            let unsent = buffer.unsent_bytes();
            let write = buffer.write(|slices| {
                calls += 1;
                if calls % 2 == 0 {
                    return Err(io::ErrorKind::WouldBlock.into());
                }
                let all: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
                let count = accepted.min(all.len());
                socket.extend_from_slice(&all[..count]);
                Ok(count)
            });
            match write {
                Ok(()) => return socket,
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
            }
            assert!(buffer.unsent_bytes() < unsent, "each round makes progress");
        }
    }

    #[test]
    fn sends_every_byte_once_and_in_order_however_little_is_accepted() {
        let expected = frames().concat();
        for accepted in 1..=expected.len() {
            assert!(written(accepted) == expected, "{accepted} bytes per write");
        }
    }

    #[test]
    fn a_socket_that_accepts_nothing_is_an_error() {
        let mut buffer = SendBuffer::default();
        buffer.push(Bytes::from_static(b"frame"));
        assert_eq!(buffer.write(|_| Ok(0)).unwrap_err().kind(), io::ErrorKind::WriteZero);
    }

    #[test]
    fn accepts_frames_up_to_its_limit_and_again_when_it_is_written() {
        let mut buffer = SendBuffer::default();
        let frame = Bytes::from(vec![0; 1_000]);
        while buffer.is_ready() {
            buffer.push(frame.clone());
        }
        assert_eq!(buffer.unsent_bytes(), 17_000);
        buffer.write(|slices| Ok(slices.iter().map(|slice| slice.len()).sum())).unwrap();
        assert!(buffer.is_ready());
        assert_eq!(buffer.unsent_bytes(), 0);
        assert_eq!(buffer.pieces.capacity(), 0);
    }
}
