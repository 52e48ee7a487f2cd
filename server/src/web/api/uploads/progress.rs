//! The headers that describe an upload.

use std::time::{Duration, UNIX_EPOCH};

use axum::http::HeaderValue;
use axum::response::Response;

use crate::files::UPLOAD_LIFETIME;
use crate::sqlite::FileRecord;
use crate::web::api::upload_metadata::UploadMetadata;
use crate::web::http::tus;

/// Adds the headers that describe an upload of which `stored` bytes are stored.
pub(super) fn with_headers(mut response: Response, upload: &FileRecord, stored: u64) -> Response {
    let headers = response.headers_mut();
    headers.insert(tus::OFFSET, stored.into());
    headers.insert(tus::LENGTH, upload.upload_bytes().into());
    if let Ok(metadata) = HeaderValue::from_str(&UploadMetadata::encode(upload.room, &upload.name)) {
        headers.insert(tus::METADATA, metadata);
    }
    if upload.message.is_none()
        && let Ok(expires) = HeaderValue::from_str(&expires(upload))
    {
        headers.insert(tus::EXPIRES, expires);
    }
    if let Some(file) = upload.attachment()
        && let Ok(json) = HeaderValue::from_str(&ascii_json(&file))
    {
        headers.insert(tus::FILE_ID, file.id.0.into());
        headers.insert(tus::FILE, json);
    }
    response
}

/// Returns when an upload expires, in the format of HTTP (RFC 9110, section 5.6.7).
fn expires(upload: &FileRecord) -> String {
    let created = Duration::from_millis(u64::try_from(upload.created_at.millis()).unwrap_or_default());
    httpdate::fmt_http_date(UNIX_EPOCH + created + UPLOAD_LIFETIME)
}

/// Returns JSON in which other characters than ASCII are escaped, as headers require.
fn ascii_json<T: serde::Serialize>(value: &T) -> String {
    let json = serde_json::to_string(value).unwrap_or_default();
    let mut ascii = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            ascii.push(letter);
        } else {
            let mut units = [0; 2];
            let units = letter.encode_utf16(&mut units).iter();
            ascii.extend(units.map(|unit| format!("\\u{unit:04x}")));
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_contain_names_in_any_language() {
        let name = "Grüße 👋.png";
        let json = ascii_json(&name);
        assert!(HeaderValue::from_str(&json).is_ok_and(|value| value.to_str().is_ok()));
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), name);
    }
}
