//! The English texts of attachments.

use super::{FileStrings, format_size};

pub(in crate::i18n) static STRINGS: FileStrings = FileStrings {
    attachments: "Attachments",
    size: |bytes| format_size(bytes, '.', ["bytes", "KB", "MB", "GB", "TB"]),
};
