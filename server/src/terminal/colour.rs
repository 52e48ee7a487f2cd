//! Colours, for terminals and people that want them.

/// Puts everything back to normal.
pub(crate) const PLAIN: &str = "\x1b[0m";
/// My own name.
pub(crate) const BOLD: &str = "\x1b[1m";
/// Notices, and what is not stored yet.
pub(crate) const FAINT: &str = "\x1b[2m";

/// Colours of names: those of the terminal's own palette that can be read on light and on dark.
const NAMES: [&str; 6] = ["\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[35m", "\x1b[36m"];

/// Whether to colour: not if `NO_COLOR` says something (<https://no-color.org>).
pub(crate) fn wanted(no_color: Option<&str>) -> bool {
    no_color.is_none_or(str::is_empty)
}

/// The colour of a name: the same in every run. FNV-1a (Fowler, Noll, Vo), because it needs to be no more than even.
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
    fn a_name_keeps_its_colour_and_names_have_different_ones() {
        assert_eq!(of_name("Ivan"), of_name("ivan"));
        let mut colours: Vec<&str> = ["ivan", "anna", "eve", "bob", "tom", "kim"].map(of_name).to_vec();
        colours.sort_unstable();
        colours.dedup();
        assert!(colours.len() > 2);
    }

    #[test]
    fn who_says_no_gets_none() {
        assert!(wanted(None) && wanted(Some("")));
        assert!(!wanted(Some("1")));
    }
}
