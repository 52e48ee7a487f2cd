//! JPEG files of one colour, of kinds that the encoder of the tests does not write.

/// A kind of JPEG file.
#[derive(Clone, Copy)]
pub(super) enum JpegKind {
    Baseline,
    /// Progressive, with this number of scans of the same coefficients.
    Progressive(usize),
}

/// A file whose components are all of one shade, given as the average's difference from 128, from -127 to 127.
pub(super) fn flat_jpeg(kind: JpegKind, width: u16, height: u16, components: &[i16]) -> Vec<u8> {
    let count = u8::try_from(components.len()).unwrap();
    let is_progressive = matches!(kind, JpegKind::Progressive(_));
    let mut file = vec![0xFF, 0xD8];
    if count == 4 {
        // CMYK without a transform, as printers' programs write it.
        segment(&mut file, 0xEE, b"Adobe\0\x64\0\0\0\0\0");
    }
    segment(&mut file, 0xDB, &[&[0][..], &[8; 64]].concat());
    let mut frame = vec![8];
    frame.extend(height.to_be_bytes());
    frame.extend(width.to_be_bytes());
    frame.push(count);
    frame.extend((1..=count).flat_map(|id| [id, 0x11, 0]));
    segment(&mut file, if is_progressive { 0xC2 } else { 0xC0 }, &frame);
    // Codes of four bits for the lengths 0 to 8 of a difference, and of one bit for the end of a block.
    let mut lengths = [0; 16];
    lengths[3] = 9;
    segment(&mut file, 0xC4, &[&[0x00][..], &lengths, &[0, 1, 2, 3, 4, 5, 6, 7, 8]].concat());
    lengths = [0; 16];
    lengths[0] = 1;
    segment(&mut file, 0xC4, &[&[0x10][..], &lengths, &[0]].concat());
    let scans = if let JpegKind::Progressive(scans) = kind { scans } else { 1 };
    for _ in 0..scans {
        let mut scan = vec![count];
        scan.extend((1..=count).flat_map(|id| [id, 0]));
        scan.extend([0, if is_progressive { 0 } else { 63 }, 0]);
        segment(&mut file, 0xDA, &scan);
        coefficients(
            &mut file,
            usize::from(width.div_ceil(8)) * usize::from(height.div_ceil(8)),
            components,
            is_progressive,
        );
    }
    file.extend([0xFF, 0xD9]);
    file
}

fn segment(file: &mut Vec<u8>, marker: u8, payload: &[u8]) {
    file.extend([0xFF, marker]);
    file.extend(u16::try_from(payload.len() + 2).unwrap().to_be_bytes());
    file.extend(payload);
}

fn coefficients(file: &mut Vec<u8>, blocks: usize, components: &[i16], is_progressive: bool) {
    let mut bits = Vec::new();
    for block in 0..blocks {
        for shade in components {
            // The quantizer of 8 is the factor of the transform, so that the coefficient is the average. Further blocks
            // do not differ from the first.
            let difference = if block == 0 { *shade } else { 0 };
            let length = 16 - difference.unsigned_abs().leading_zeros();
            push(&mut bits, i32::try_from(length).unwrap(), 4);
            let value = i32::from(difference) - i32::from(difference < 0);
            push(&mut bits, value, length);
            if !is_progressive {
                push(&mut bits, 0, 1);
            }
        }
    }
    bits.resize(bits.len().next_multiple_of(8), true);
    for byte in bits.chunks(8) {
        let byte = byte.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        file.push(byte);
        if byte == 0xFF {
            file.push(0);
        }
    }
}

fn push(bits: &mut Vec<bool>, value: i32, length: u32) {
    bits.extend((0..length).rev().map(|bit| value >> bit & 1 == 1));
}
