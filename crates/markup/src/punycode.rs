//! Punycode (RFC 3492), the ASCII form of names in DNS.

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST_CODE: u32 = 0x80;

/// Returns the label of a host in its DNS form, `xn--...`, in lower case. The work is quadratic in the
/// length, which is limited to that of a label.
pub(crate) fn label(label: &str) -> String {
    // Converts without the rule of `str::to_lowercase` for a final sigma, which host names do not have.
    let lower: String = label.chars().flat_map(char::to_lowercase).collect();
    if lower.is_ascii() {
        return lower;
    }
    let mut encoded: String = lower.chars().filter(char::is_ascii).collect();
    let basic = encoded.len();
    if basic > 0 {
        encoded.push('-');
    }
    encode(&lower, u32::try_from(basic).unwrap_or(u32::MAX), &mut encoded);
    format!("xn--{encoded}")
}

/// Encodes by RFC 3492, section 6.3: each round writes the positions of the next larger character.
fn encode(text: &str, basic: u32, encoded: &mut String) {
    let (mut code, mut delta, mut bias, mut handled) = (FIRST_CODE, 0_u32, FIRST_BIAS, basic);
    while let Some(next) = text.chars().map(u32::from).filter(|character| *character >= code).min() {
        delta = delta.saturating_add((next - code).saturating_mul(handled + 1));
        code = next;
        for character in text.chars().map(u32::from) {
            if character < code {
                delta = delta.saturating_add(1);
            } else if character == code {
                write(delta, bias, encoded);
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.saturating_add(1);
        code += 1;
    }
}

/// Writes a number with a variable number of digits.
fn write(mut number: u32, bias: u32, encoded: &mut String) {
    let mut position = BASE;
    loop {
        let threshold = position.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if number < threshold {
            break;
        }
        encoded.extend(digit(threshold + (number - threshold) % (BASE - threshold)));
        number = (number - threshold) / (BASE - threshold);
        position += BASE;
    }
    encoded.extend(digit(number));
}

/// Returns the digit `a` to `z`, then `0` to `9`.
fn digit(value: u32) -> Option<char> {
    char::from_digit((value + 10) % BASE, BASE)
}

/// Adapts the bias by RFC 3492, section 6.1.
fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut position = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        position += BASE;
    }
    position + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::label;

    fn by_the_library(label: &str) -> Option<String> {
        idna::punycode::encode_str(label).map(|encoded| format!("xn--{encoded}"))
    }

    #[test]
    fn encodes_labels_like_browsers() {
        for text in ["bücher", "例え", "пример", "gооd", "مثال", "한국", "a-é", "ไทย"]
        {
            assert_eq!(Some(label(text)), by_the_library(text));
        }
        assert_eq!(label("ASCII-1"), "ascii-1");
    }

    proptest! {
        #[test]
        fn encodes_any_label_like_the_reference_library(
            text in "[a-z0-9\u{e0}-\u{fd}а-яא-ת一-龥\u{1f600}-\u{1f64f}]{1,63}",
        ) {
            prop_assume!(!text.is_ascii());
            prop_assert_eq!(Some(label(&text)), by_the_library(&text.to_lowercase()));
        }
    }
}
