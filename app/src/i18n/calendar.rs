//! Local dates and times.

use hubbub_protocol::Timestamp;

const MILLIS_PER_DAY: i64 = 86_400_000;

/// A date in the reader's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LocalDate {
    /// Days since 1970-01-01, a Thursday.
    days: i64,
}

impl LocalDate {
    /// Returns the day before.
    #[must_use]
    pub(crate) const fn yesterday(self) -> Self {
        Self { days: self.days - 1 }
    }

    /// Returns year, month (1 to 12) and day of the month (1 to 31).
    #[must_use]
    pub(crate) fn parts(self) -> (i64, i64, i64) {
        Timestamp::from_millis(self.days * MILLIS_PER_DAY).date()
    }

    /// Returns the days since Monday, 0 to 6.
    #[must_use]
    pub(crate) fn weekday(self) -> usize {
        usize::try_from((self.days + 3).rem_euclid(7)).unwrap_or_default()
    }

    /// Returns the months since January, 0 to 11.
    #[must_use]
    pub(crate) fn month(self) -> usize {
        usize::try_from(self.parts().1 - 1).unwrap_or_default()
    }

    /// Formats the date as `2026-11-20`, as in the `datetime` attribute of HTML `<time>`.
    #[must_use]
    pub(crate) fn iso(self) -> String {
        let (year, month, day) = self.parts();
        format!("{year:04}-{month:02}-{day:02}")
    }
}

/// The source of the local time of a timestamp.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LocalClock {
    /// The time zone is not known, so times are shown in UTC.
    Utc,
    /// Clocks are this number of minutes ahead of UTC, or behind if negative.
    Ahead(i16),
    /// The browser converts the timestamp, with the time zone and its daylight saving time.
    #[cfg(feature = "browser")]
    Exact(fn(Timestamp) -> LocalTime),
}

impl LocalClock {
    /// Returns what this clock showed at `at`.
    pub(crate) fn local(self, at: Timestamp) -> LocalTime {
        match self {
            Self::Utc => LocalTime::utc(at),
            Self::Ahead(minutes) => LocalTime::ahead_of_utc(at, i64::from(minutes)),
            #[cfg(feature = "browser")]
            Self::Exact(local) => local(at),
        }
    }
}

/// A date and time of day in the reader's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LocalTime {
    local: Timestamp,
    utc: bool,
}

impl LocalTime {
    /// Converts to UTC, for a reader whose time zone is unknown.
    #[must_use]
    pub(crate) const fn utc(at: Timestamp) -> Self {
        Self { local: at, utc: true }
    }

    /// Converts to the time zone that is `minutes` ahead of UTC.
    #[must_use]
    pub(crate) fn ahead_of_utc(at: Timestamp, minutes: i64) -> Self {
        Self { local: Timestamp::from_millis(at.millis() + minutes * 60_000), utc: false }
    }

    /// Returns the date.
    #[must_use]
    pub(crate) const fn date(self) -> LocalDate {
        LocalDate { days: self.local.millis().div_euclid(MILLIS_PER_DAY) }
    }

    /// Returns the milliseconds until the next day.
    #[cfg(any(feature = "browser", test))]
    #[must_use]
    pub(crate) fn millis_left(self) -> u64 {
        let millis = MILLIS_PER_DAY - self.local.millis().rem_euclid(MILLIS_PER_DAY);
        u64::try_from(millis).unwrap_or_default()
    }

    /// Formats the time as `14:05`.
    #[must_use]
    pub(crate) fn short(self) -> String {
        let (hour, minute, ..) = self.local.time_of_day();
        format!("{hour:02}:{minute:02}")
    }

    /// Formats the time as `14:05:59`, with the time zone if it is not the reader's.
    #[must_use]
    pub(crate) fn full(self) -> String {
        let (hour, minute, second, _) = self.local.time_of_day();
        let zone = if self.utc { " UTC" } else { "" };
        format!("{hour:02}:{minute:02}:{second:02}{zone}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn day_changes_at_local_midnight() {
        let late = at("2026-11-20T22:30:00.000Z");
        assert_eq!(LocalTime::utc(late).date().iso(), "2026-11-20");
        let moscow = LocalTime::ahead_of_utc(late, 180);
        assert_eq!(moscow.date().iso(), "2026-11-21");
        assert_eq!(moscow.short(), "01:30");
        assert_eq!(LocalTime::ahead_of_utc(late, -300).full(), "17:30:00");
        assert_eq!(moscow.date().yesterday(), LocalTime::utc(late).date());
        assert_eq!(LocalTime::utc(late).millis_left(), 90 * 60 * 1_000);
    }

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(LocalTime::utc(at("2026-11-20T00:00:00.000Z")).date().weekday(), 4);
        assert_eq!(LocalTime::utc(at("1970-01-01T00:00:00.000Z")).date().weekday(), 3);
        assert_eq!(LocalTime::utc(at("1969-12-28T00:00:00.000Z")).date().weekday(), 6);
    }
}
