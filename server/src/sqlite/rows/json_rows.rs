//! Rows for a statement that reads them by `json_each`.

use serde::Serialize;

/// A JSON array that is written row by row, without a copy of the values.
#[derive(Debug, Default)]
pub(crate) struct JsonRows(Vec<u8>);

impl JsonRows {
    /// Adds a row.
    pub(crate) fn push<T: Serialize>(&mut self, row: &T) -> Result<(), sqlx::Error> {
        self.0.push(if self.0.is_empty() { b'[' } else { b',' });
        serde_json::to_writer(&mut self.0, row).map_err(|error| sqlx::Error::Encode(error.into()))
    }

    /// Returns the array; `None` if there are no rows.
    pub(crate) fn finish(mut self) -> Result<Option<String>, sqlx::Error> {
        if self.0.is_empty() {
            return Ok(None);
        }
        self.0.push(b']');
        String::from_utf8(self.0).map(Some).map_err(|error| sqlx::Error::Encode(error.into()))
    }
}
