//! Colours, for terminals and users that want them.

/// Resets colour and weight.
pub(crate) const PLAIN: &str = "\x1b[0m";
/// The user's own name.
pub(crate) const BOLD: &str = "\x1b[1m";
/// Notices, and messages that are not stored yet.
pub(crate) const FAINT: &str = "\x1b[2m";

/// Colours of names, from the terminal's palette and readable on light and dark backgrounds.
const NAMES: [&str; 6] = ["\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[35m", "\x1b[36m"];

/// Whether to use colours: not if `NO_COLOR` is set and not empty (<https://no-color.org>).
pub(crate) fn wanted(no_color: Option<&str>) -> bool {
    no_color.is_none_or(str::is_empty)
}

/// Returns the colour of a name, which is the same in every run. Uses the FNV-1a hash (Fowler, Noll, Vo), because only
/// an even distribution is needed.
pub(crate) fn of_name(name: &str) -> &'static str {
    let hash = name
        .to_lowercase()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    NAMES[hash as usize % NAMES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_stable_and_different_colours() {
        assert_eq!(of_name("Ivan"), of_name("ivan"));
        let mut colours: Vec<&str> = ["ivan", "anna", "eve", "bob", "tom", "kim"].map(of_name).to_vec();
        colours.sort_unstable();
        colours.dedup();
        assert!(colours.len() > 2);
    }

    #[test]
    fn colours_can_be_disabled() {
        assert!(wanted(None) && wanted(Some("")));
        assert!(!wanted(Some("1")));
    }
}
