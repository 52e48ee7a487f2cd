//! Replaces the close code 1014 by 1000 in the frames of a peer.
//!
//! The registry of RFC 6455, section 11.7, contains 1014 (bad gateway), so peers may send it; the library knows the
//! codes only up to 1013 and treats it as a protocol error. It knows all other codes.

/// The opcode of a close frame (RFC 6455, section 5.2).
const CLOSE: u8 = 0x8;
/// The close code 1014 in two bytes, and the code that replaces it.
const BAD_GATEWAY: [u8; 2] = 1014_u16.to_be_bytes();
const NORMAL: [u8; 2] = 1000_u16.to_be_bytes();
/// Bytes of a frame header without extended length and mask.
const SHORT_HEAD_BYTES: usize = 2;
/// Bytes of a mask.
const MASK_BYTES: usize = 4;

/// Parses the frames of one peer while their bytes pass.
#[derive(Debug, Default)]
pub(crate) struct CloseCodeFilter {
    /// The received part of a frame header: at most two bytes, eight of length and four of mask.
    head: [u8; SHORT_HEAD_BYTES + 8 + MASK_BYTES],
    head_bytes: usize,
    /// Bytes of payload that are still to come.
    left: u64,
    /// Received payload of a close frame, in bytes.
    close_bytes: usize,
    /// The first byte of the code of a close frame.
    first: u8,
}

impl CloseCodeFilter {
    /// Parses the next bytes of the peer, and replaces the code of a close frame where needed.
    pub(crate) fn pass(&mut self, mut bytes: &mut [u8]) {
        while !bytes.is_empty() {
            if self.left == 0 {
                let (byte, rest) = bytes.split_at_mut(1);
                bytes = rest;
                self.head[self.head_bytes] = byte[0];
                self.head_bytes += 1;
                self.end_head();
                continue;
            }
            let count = bytes.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
            let (payload, rest) = bytes.split_at_mut(count);
            bytes = rest;
            if self.head[0] & 0x0f == CLOSE {
                self.close(payload);
            }
            self.left -= count as u64;
        }
    }

    /// Completes the header; its payload follows, or the next header.
    fn end_head(&mut self) {
        if self.head_bytes < SHORT_HEAD_BYTES {
            return;
        }
        let (masked, short) = (self.head[1] & 0x80 != 0, self.head[1] & 0x7f);
        let extended = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        if self.head_bytes < SHORT_HEAD_BYTES + extended + if masked { MASK_BYTES } else { 0 } {
            return;
        }
        let length = &self.head[SHORT_HEAD_BYTES..SHORT_HEAD_BYTES + extended];
        let extended_length = length.iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
        self.left = if extended == 0 { u64::from(short) } else { extended_length };
        // The mask is kept in the header, at the offset of a frame without extended length.
        self.head.copy_within(
            SHORT_HEAD_BYTES + extended..SHORT_HEAD_BYTES + extended + MASK_BYTES,
            SHORT_HEAD_BYTES,
        );
        if !masked {
            self.head[SHORT_HEAD_BYTES..SHORT_HEAD_BYTES + MASK_BYTES].fill(0);
        }
        (self.head_bytes, self.close_bytes) = (0, 0);
    }

    fn close(&mut self, payload: &mut [u8]) {
        for byte in payload {
            match self.close_bytes {
                0 => self.first = *byte ^ self.head[SHORT_HEAD_BYTES],
                1 => {
                    let mask = self.head[SHORT_HEAD_BYTES + 1];
                    // Both codes have the same first byte, which may have been passed on already.
                    if [self.first, *byte ^ mask] == BAD_GATEWAY {
                        *byte = NORMAL[1] ^ mask;
                    }
                }
                _ => return,
            }
            self.close_bytes += 1;
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Returns a frame with this first byte, as a peer sends it.
    pub(crate) fn frame(first: u8, mask: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first];
        let flag = if mask.is_some() { 0x80 } else { 0 };
        match payload.len() {
            length @ 0..126 => bytes.push(flag | u8::try_from(length).unwrap()),
            length @ 126..65_536 => {
                bytes.push(flag | 126);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            length => {
                bytes.push(flag | 127);
                bytes.extend(u64::try_from(length).unwrap().to_be_bytes());
            }
        }
        bytes.extend(mask.unwrap_or_default().iter().take(if mask.is_some() { 4 } else { 0 }));
        bytes.extend(
            payload.iter().zip(mask.unwrap_or_default().iter().cycle()).map(|(byte, mask)| byte ^ mask),
        );
        bytes
    }

    /// Returns frames with each form of length and a close frame, before and after they passed in pieces of `piece`
    /// bytes.
    fn passed(code: u16, mask: Option<[u8; 4]>, piece: usize) -> (Vec<u8>, Vec<u8>) {
        let like_a_close = [0x88, 0x82, 1, 2, 3, 4, 0x03, 0xf6].repeat(20);
        let lengths = [frame(0x81, mask, b""), frame(0x89, mask, b"x"), frame(0x01, mask, &like_a_close)];
        let long = frame(0x80, mask, &[0xf6; 70_000]);
        let close = frame(0x88, mask, &[&code.to_be_bytes()[..], b"reason"].concat());
        let before = [lengths.concat(), long, close].concat();
        let (mut after, mut frames) = (before.clone(), CloseCodeFilter::default());
        after.chunks_mut(piece).for_each(|piece| frames.pass(piece));
        (before, after)
    }

    #[test]
    fn maps_only_close_code_1014() {
        for mask in [None, Some([0x11, 0x22, 0x33, 0x44]), Some([0, 0, 0, 0])] {
            for piece in [1, 2, 3, 7, 1_024, 100_000] {
                for code in [1000, 1013, 1015, 1004, 3000, 0, 0x03f6 ^ 0x0100] {
                    let (before, after) = passed(code, mask, piece);
                    assert!(before == after, "{code} in pieces of {piece}");
                }
                let (_, after) = passed(1014, mask, piece);
                assert!(after == passed(1000, mask, piece).0, "in pieces of {piece}");
            }
        }
    }
}
