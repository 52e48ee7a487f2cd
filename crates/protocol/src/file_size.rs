//! Sizes of files as people read them.

/// Bytes, and the units of 1,024 of the one before.
pub type SizeUnits = [&'static str; 5];

/// The units in English, which programs use too.
pub const SIZE_UNITS: SizeUnits = ["B", "KB", "MB", "GB", "TB"];

/// Formats a size with a decimal below ten, as `9.5 MB`. Like the limits of the server, a unit has 1,024 of the one
/// before. The space does not break the line.
#[must_use]
pub fn format_size(bytes: u64, decimal: char, units: SizeUnits) -> String {
    let mut tenths = u128::from(bytes) * 10;
    let mut units = units.into_iter();
    let mut unit = units.next().unwrap_or_default();
    // No number with four digits: 999.5 KB and more is written in MB.
    while tenths >= 9_995
        && let Some(larger) = units.next()
    {
        tenths = (tenths + 512) / 1_024;
        unit = larger;
    }
    let number = match (tenths / 10, tenths % 10) {
        (whole @ ..10, part @ 1..) => format!("{whole}{decimal}{part}"),
        _ => ((tenths + 5) / 10).to_string(),
    };
    format!("{number}\u{a0}{unit}")
}
