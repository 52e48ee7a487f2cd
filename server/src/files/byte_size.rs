//! A number of bytes, parsed from the text of a command-line flag.

use std::fmt;
use std::str::FromStr;

/// Units and their bytes, the largest first.
const UNITS: [(&str, u64); 8] = [
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("KB", 1_000),
];

/// A limit in bytes, such as `25MiB`; or `off` for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteLimit(Option<u64>);

impl ByteLimit {
    /// Returns the limit in bytes. Without a limit, it is the largest number that the database can store.
    pub(crate) fn bytes(self) -> u64 {
        self.0.unwrap_or(i64::MAX.unsigned_abs())
    }
}

impl FromStr for ByteLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text == "off" {
            return Ok(Self(None));
        }
        let rule = || "write a number of bytes, such as 26214400, 25MiB or 2GiB, or off".to_owned();
        let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| rule())?;
        let factor = match unit.trim() {
            "" | "B" => 1,
            unit => UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).ok_or_else(rule)?.1,
        };
        let bytes =
            number.checked_mul(factor).filter(|bytes| *bytes <= i64::MAX.unsigned_abs()).ok_or_else(rule)?;
        Ok(Self(Some(bytes)))
    }
}

impl fmt::Display for ByteLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(bytes) = self.0 else { return f.write_str("off") };
        match UNITS.iter().find(|(_, factor)| bytes > 0 && bytes.is_multiple_of(*factor)) {
            Some((name, factor)) => write!(f, "{}{name}", bytes / factor),
            None => write!(f, "{bytes}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_sizes_with_units() {
        let bytes = |text: &str| text.parse::<ByteLimit>().map(ByteLimit::bytes);
        assert_eq!(bytes("25MiB"), Ok(25 * 1024 * 1024));
        assert_eq!(bytes("2 gb"), Ok(2_000_000_000));
        assert_eq!((bytes("0"), bytes("17"), bytes("17B")), (Ok(0), Ok(17), Ok(17)));
        assert_eq!(bytes("off"), Ok(i64::MAX.unsigned_abs()));
        for text in ["", "MiB", "-1", "1.5GiB", "5 apples", "99999999999TiB", "18446744073709551616"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn displays_what_it_parses() {
        for text in ["25MiB", "2GiB", "5GB", "17", "0", "off"] {
            assert_eq!(text.parse::<ByteLimit>().unwrap().to_string(), text);
        }
    }
}
