//! Texts of attachments.

mod english;
mod russian;

pub(super) use english::STRINGS as ENGLISH;
pub(super) use russian::STRINGS as RUSSIAN;

/// The texts in one language.
pub(crate) struct FileStrings {
    /// Label of the attachments of a message, for screen readers.
    pub(crate) attachments: &'static str,
    /// Formats a size in bytes.
    pub(crate) size: fn(u64) -> String,
    // Files of a message that is not sent yet.
    pub(crate) attach: &'static str,
    /// Number of files in the composer.
    pub(crate) attached: fn(usize) -> String,
    pub(crate) drop_here: &'static str,
    pub(crate) remove: fn(&str) -> String,
    pub(crate) waiting: &'static str,
    /// Reason why a message is not sent while its files are being stored.
    pub(crate) adding: &'static str,
    /// Sizes of the part that was sent and of the file.
    pub(crate) progress: fn(&str, &str) -> String,
    // Reasons why a file is not attached.
    pub(crate) too_many: fn(usize) -> String,
    /// Name of the file and the limit.
    #[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "the server has no composer"))]
    pub(crate) too_large: fn(&str, &str) -> String,
    #[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "the server has no composer"))]
    pub(crate) storage_full_here: &'static str,
    #[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "the server has no composer"))]
    pub(crate) not_stored: &'static str,
    #[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "the server has no composer"))]
    pub(crate) not_loaded: &'static str,
    // Refusals of the server.
    pub(crate) too_large_here: fn(&str) -> String,
    pub(crate) storage_full: &'static str,
    pub(crate) content_missing: &'static str,
    pub(crate) lost: &'static str,
    pub(crate) refused: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_sizes_with_at_most_three_digits() {
        for (bytes, english, russian) in [
            (0, "0 B", "0 Б"),
            (999, "999 B", "999 Б"),
            (1_000, "1 KB", "1 КБ"),
            (1_536, "1.5 KB", "1,5 КБ"),
            (12_345, "12 KB", "12 КБ"),
            (1_023_999, "1 MB", "1 МБ"),
            (25 * 1_024 * 1_024, "25 MB", "25 МБ"),
            (10_200_547_328, "9.5 GB", "9,5 ГБ"),
            (u64::MAX, "16777216 TB", "16777216 ТБ"),
        ] {
            assert_eq!((ENGLISH.size)(bytes).replace('\u{a0}', " "), english);
            assert_eq!((RUSSIAN.size)(bytes).replace('\u{a0}', " "), russian);
        }
    }
}
