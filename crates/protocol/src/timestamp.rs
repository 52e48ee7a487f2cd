//! Time on all wires: RFC 3339 in UTC with milliseconds.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since 1970-01-01T00:00:00Z, written as `2026-11-20T10:00:00.000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String, format = DateTime, example = "2026-11-20T10:00:00.000Z"))]
pub struct Timestamp(i64);

const MILLIS_PER_DAY: i64 = 86_400_000;
/// 0000-01-01 and the end of 9999-12-31, the range of RFC 3339's four-digit years.
const EARLIEST: i64 = -62_167_219_200_000;
const LATEST: i64 = 253_402_300_799_999;

impl Timestamp {
    /// Returns the time `millis` milliseconds after the Unix epoch, clamped to the range that RFC 3339 can
    /// represent.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(EARLIEST, LATEST))
    }

    /// Returns the milliseconds since the Unix epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Returns year, month (1 to 12) and day of the month (1 to 31) in UTC.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    #[must_use]
    pub const fn date(self) -> (i64, i64, i64) {
        let days = self.0.div_euclid(MILLIS_PER_DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, day)
    }

    /// Returns hour, minute, second and millisecond in UTC.
    #[must_use]
    pub const fn time_of_day(self) -> (i64, i64, i64, i64) {
        let millis = self.0.rem_euclid(MILLIS_PER_DAY);
        (millis / 3_600_000, millis / 60_000 % 60, millis / 1_000 % 60, millis % 1_000)
    }
}

/// Returns the days since 1970-01-01; the inverse of [`Timestamp::date`], from the same source.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let (hour, minute, second, millis) = self.time_of_day();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}

/// The text is not a timestamp in the only form that Hubbub accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATimestamp;

impl fmt::Display for NotATimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time must be RFC 3339 in UTC with milliseconds, like 2026-11-20T10:00:00.000Z")
    }
}

impl std::error::Error for NotATimestamp {}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        const FORM: &[u8; 24] = b"dddd-dd-ddTdd:dd:dd.dddZ";
        if text.len() != FORM.len() {
            return Err(NotATimestamp);
        }
        let mut numbers = [0_i64; 7];
        let mut part = 0;
        for (byte, expected) in text.bytes().zip(FORM) {
            if *expected == b'd' {
                let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0')).ok_or(NotATimestamp)?;
                let number = numbers.get_mut(part).ok_or(NotATimestamp)?;
                *number = *number * 10 + digit;
            } else if byte == *expected {
                part += 1;
            } else {
                return Err(NotATimestamp);
            }
        }
        let [year, month, day, hour, minute, second, millis] = numbers;
        let moment = Self(
            days_from_civil(year, month, day) * MILLIS_PER_DAY
                + hour * 3_600_000
                + minute * 60_000
                + second * 1_000
                + millis,
        );
        // An invalid date, such as June 31, converts back to another date.
        if moment.date() == (year, month, day) && moment.time_of_day() == (hour, minute, second, millis) {
            Ok(moment)
        } else {
            Err(NotATimestamp)
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
