//! The display settings of a browser: theme, text size, density, motion. They are in a cookie, so that the
//! server renders them into the document. The first paint is then correct, also on pages without a script.

/// Name of the cookie. Its value lists the settings that differ from the default, as words of
/// [`DisplaySettings`] separated by dots.
pub const DISPLAY_COOKIE: &str = "hubbub_display";

/// The cookie with the minutes that the browser is ahead of UTC. Every page with times sets it
/// (`document/local_time.js`), so that the next page begins days where the browser does.
pub const UTC_OFFSET_COOKIE: &str = "hubbub_utc_offset";

/// Time zones are at most this number of minutes ahead of UTC or behind it.
const MAX_UTC_OFFSET_MINUTES: i16 = 14 * 60;

/// Parses [`UTC_OFFSET_COOKIE`]. Returns `None` for a value that no time zone has.
#[must_use]
pub fn parse_utc_offset(value: &str) -> Option<i16> {
    value.parse().ok().filter(|minutes| (-MAX_UTC_OFFSET_MINUTES..=MAX_UTC_OFFSET_MINUTES).contains(minutes))
}

/// The settings of one browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DisplaySettings {
    pub(crate) theme: Theme,
    pub(crate) text_size: TextSize,
    pub(crate) is_compact: bool,
    pub(crate) is_motion_reduced: bool,
}

/// The colour theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Follows the operating system.
    #[default]
    System,
    Light,
    Dark,
}

/// The size of all text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TextSize {
    Small,
    #[default]
    Normal,
    Large,
    Largest,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Returns the value of `data-theme`.
    pub(crate) const fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// Returns the colour for the browser's own interface, which is that of the room bar
    /// (`style/tokens.css`). For the system theme, the document names two colours.
    pub(crate) const fn frame_colour(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("#ffffff"),
            Self::Dark => Some("#1f1d1b"),
        }
    }
}

impl TextSize {
    pub(crate) const ALL: [Self; 4] = [Self::Small, Self::Normal, Self::Large, Self::Largest];

    /// Returns the value of `data-text-size`.
    pub(crate) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Small => Some("small"),
            Self::Normal => None,
            Self::Large => Some("large"),
            Self::Largest => Some("largest"),
        }
    }
}

impl DisplaySettings {
    /// Parses the cookie. Unknown words are skipped.
    #[must_use]
    pub fn from_cookie(value: &str) -> Self {
        let has = |wanted: &str| value.split('.').any(|word| word == wanted);
        let chosen = |name: Option<&str>| name.is_some_and(has);
        Self {
            theme: Theme::ALL.into_iter().find(|theme| chosen(theme.name())).unwrap_or_default(),
            text_size: TextSize::ALL.into_iter().find(|size| chosen(size.name())).unwrap_or_default(),
            is_compact: has("compact"),
            is_motion_reduced: has("still"),
        }
    }

    /// Returns the value of the cookie.
    #[cfg(any(feature = "browser", test))]
    pub(crate) fn to_cookie(self) -> String {
        let words = [
            self.theme.name(),
            self.text_size.name(),
            self.is_compact.then_some("compact"),
            self.is_motion_reduced.then_some("still"),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(".")
    }

    /// Returns the value of `data-density`.
    pub(crate) fn density(self) -> Option<&'static str> {
        self.is_compact.then_some("compact")
    }

    /// Returns the value of `data-reduced-motion`.
    pub(crate) fn reduced_motion(self) -> Option<&'static str> {
        self.is_motion_reduced.then_some("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_utc_offsets_of_time_zones() {
        assert_eq!(parse_utc_offset("-210"), Some(-210));
        for bad in ["", "841", "-32768", "1.5", "+ 60", "99999"] {
            assert_eq!(parse_utc_offset(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn parses_its_own_output() {
        for theme in Theme::ALL {
            for text_size in TextSize::ALL {
                for (is_compact, is_motion_reduced) in [(false, false), (true, false), (false, true)] {
                    let settings = DisplaySettings { theme, text_size, is_compact, is_motion_reduced };
                    assert_eq!(DisplaySettings::from_cookie(&settings.to_cookie()), settings);
                }
            }
        }
        assert_eq!(DisplaySettings::default().to_cookie(), "");
    }

    #[test]
    fn skips_unknown_words() {
        let settings = DisplaySettings::from_cookie("<script>.dark.huge.Compact");
        assert_eq!(settings, DisplaySettings { theme: Theme::Dark, ..DisplaySettings::default() });
    }
}
