//! Messages that consist of emoji only.

use std::iter::Peekable;
use std::str::Chars;

/// Maximum emoji of a message that is shown in large size.
pub const MAX_LONE_EMOJI: usize = 8;

/// Maximum pictures in one joined sequence; a family has four.
const MAX_JOINED: usize = 8;

const JOINER: char = '\u{200d}';
const AS_PICTURE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';
const END_OF_TAG: char = '\u{e007f}';

/// Returns the number of emoji if the text consists of at most [`MAX_LONE_EMOJI`] emoji and white space. Each
/// is a possible emoji of Unicode (UTS #51, section 1.4.9).
#[must_use]
pub fn emoji_count(text: &str) -> Option<usize> {
    let mut rest = text.chars().peekable();
    let mut count = 0;
    while let Some(first) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        count += 1;
        if count > MAX_LONE_EMOJI || !is_emoji(first, &mut rest) {
            return None;
        }
    }
    (count > 0).then_some(count)
}

/// Returns whether an emoji begins with `first`, and consumes the rest of the emoji.
fn is_emoji(first: char, rest: &mut Peekable<Chars<'_>>) -> bool {
    if is_regional(first) {
        return rest.next().is_some_and(is_regional);
    }
    if matches!(first, '0'..='9' | '#' | '*') {
        rest.next_if_eq(&AS_PICTURE);
        return rest.next() == Some(KEYCAP);
    }
    let mut picture = first;
    for number in 0..MAX_JOINED {
        let shaped = rest.next_if(|next| *next == AS_PICTURE || is_skin_tone(*next)).is_some();
        // The flags of England, Scotland and Wales are spelled with invisible tag characters.
        let tagged = rest.next_if(|next| is_tag(*next)).is_some();
        while rest.next_if(|next| is_tag(*next)).is_some() {}
        if tagged && rest.next() != Some(END_OF_TAG) {
            return false;
        }
        let joined = rest.next_if_eq(&JOINER).is_some();
        let is_sign = (shaped || joined || number > 0) && within(&SIGNS, picture);
        if !is_sign && !within(&PICTURES, picture) {
            return false;
        }
        match rest.next_if(|_| joined) {
            Some(next) => picture = next,
            None => return !joined,
        }
    }
    false
}

fn is_regional(character: char) -> bool {
    matches!(character, '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_skin_tone(character: char) -> bool {
    matches!(character, '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_tag(character: char) -> bool {
    matches!(character, '\u{e0020}'..='\u{e007e}')
}

fn within(ranges: &[(u32, u32)], character: char) -> bool {
    let code = u32::from(character);
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&code))
}

/// The characters with `Emoji_Presentation` in `emoji-data.txt` (Unicode 16.0, UTS #51), without regional
/// indicators. Above U+1F300, whole blocks are listed, including text-style and unassigned characters,
/// because only pictures are there.
const PICTURES: [(u32, u32); 51] = [
    (0x231a, 0x231b),
    (0x23e9, 0x23ec),
    (0x23f0, 0x23f0),
    (0x23f3, 0x23f3),
    (0x25fd, 0x25fe),
    (0x2614, 0x2615),
    (0x2648, 0x2653),
    (0x267f, 0x267f),
    (0x2693, 0x2693),
    (0x26a1, 0x26a1),
    (0x26aa, 0x26ab),
    (0x26bd, 0x26be),
    (0x26c4, 0x26c5),
    (0x26ce, 0x26ce),
    (0x26d4, 0x26d4),
    (0x26ea, 0x26ea),
    (0x26f2, 0x26f3),
    (0x26f5, 0x26f5),
    (0x26fa, 0x26fa),
    (0x26fd, 0x26fd),
    (0x2705, 0x2705),
    (0x270a, 0x270b),
    (0x2728, 0x2728),
    (0x274c, 0x274c),
    (0x274e, 0x274e),
    (0x2753, 0x2755),
    (0x2757, 0x2757),
    (0x2795, 0x2797),
    (0x27b0, 0x27b0),
    (0x27bf, 0x27bf),
    (0x2b1b, 0x2b1c),
    (0x2b50, 0x2b50),
    (0x2b55, 0x2b55),
    (0x1f004, 0x1f004),
    (0x1f0cf, 0x1f0cf),
    (0x1f18e, 0x1f18e),
    (0x1f191, 0x1f19a),
    (0x1f201, 0x1f201),
    (0x1f21a, 0x1f21a),
    (0x1f22f, 0x1f22f),
    (0x1f232, 0x1f236),
    (0x1f238, 0x1f23a),
    (0x1f250, 0x1f251),
    (0x1f300, 0x1f53d),
    (0x1f549, 0x1f567),
    (0x1f56f, 0x1f64f),
    (0x1f680, 0x1f6fc),
    (0x1f7e0, 0x1f7eb),
    (0x1f7f0, 0x1f7f0),
    (0x1f90c, 0x1f9ff),
    (0x1fa70, 0x1faff),
];

/// The characters that become emoji with a variation selector, a skin tone or a joiner: those with `Emoji` in
/// `emoji-data.txt`, extended to ranges.
const SIGNS: [(u32, u32); 15] = [
    (0xa9, 0xa9),
    (0xae, 0xae),
    (0x203c, 0x2049),
    (0x2122, 0x2139),
    (0x2194, 0x21aa),
    (0x231a, 0x23fa),
    (0x24c2, 0x24c2),
    (0x25aa, 0x27bf),
    (0x2934, 0x2935),
    (0x2b05, 0x2b55),
    (0x3030, 0x303d),
    (0x3297, 0x3299),
    (0x1f170, 0x1f17f),
    (0x1f202, 0x1f202),
    (0x1f237, 0x1f237),
];
