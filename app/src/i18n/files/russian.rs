//! The Russian texts of attachments.

use super::{FileStrings, format_size};

pub(in crate::i18n) static STRINGS: FileStrings = FileStrings {
    attachments: "Вложения",
    size: |bytes| format_size(bytes, ',', ["байт", "КБ", "МБ", "ГБ", "ТБ"]),
};
