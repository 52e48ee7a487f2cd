//! A quota, parsed from the text of a command-line flag.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use governor::Quota as Cells;

/// A burst and a rate per minute, such as `300/600`; or `off` for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota(Option<Allowed>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Allowed {
    burst: NonZeroU32,
    per_minute: NonZeroU32,
}

impl Quota {
    /// Returns the cells for `factor` times this quota.
    pub(super) fn cells(self, factor: u32) -> Option<Cells> {
        let Allowed { burst, per_minute } = self.0?;
        let times =
            |number: NonZeroU32| NonZeroU32::new(number.get().saturating_mul(factor)).unwrap_or(number);
        // Divided by at most 4,294,967,295, a minute gives 13 ns; only a period of 0 would be rejected.
        let period = Duration::from_secs(60) / times(per_minute).get();
        Cells::with_period(period).map(|cells| cells.allow_burst(times(burst)))
    }
}

impl FromStr for Quota {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self(None));
        }
        let rule = || "write BURST/PER_MINUTE, such as 300/600, with both at least 1, or off".to_owned();
        let (burst, per_minute) = text.split_once('/').ok_or_else(rule)?;
        let number = |text: &str| text.parse::<NonZeroU32>().map_err(|_| rule());
        Ok(Self(Some(Allowed { burst: number(burst)?, per_minute: number(per_minute)? })))
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(Allowed { burst, per_minute }) => write!(f, "{burst}/{per_minute}"),
            None => f.write_str("off"),
        }
    }
}
