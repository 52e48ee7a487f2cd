//! JSON decoding, with refusals that name the field.

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::{Field, Refusal};

/// Decodes exactly one JSON value. A refusal names `whole` if the error belongs to no single field.
///
/// # Errors
/// A refusal: `not_understood` for invalid JSON or a wrong shape, else `missing` or `invalid` with the field.
pub fn read_json<T: DeserializeOwned>(json: &str, whole: Field) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| refusal(error.path(), error.inner(), whole))?;
    reader.end().map_err(|error| not_json(&error, whole))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error, whole: Field) -> Refusal {
    not_understood(format!("invalid JSON: {error}"), whole)
}

fn not_understood(message: String, whole: Field) -> Refusal {
    Refusal { field: Some(whole), ..Refusal::not_understood(message) }
}

fn refusal(path: &Path, error: &serde_json::Error, whole: Field) -> Refusal {
    if error.classify() != Category::Data {
        return not_json(error, whole);
    }
    let message = error.to_string();
    let mut fields = path.iter().filter_map(|segment| match segment {
        Segment::Map { key } => Field::from_wire(key),
        _ => None,
    });
    let last = fields.next_back();
    // The path of an unknown command ends at `do`. Other unknown variants are values of a command's fields.
    if whole == Field::Frame
        && message.starts_with("unknown variant")
        && matches!(last, None | Some(Field::Do))
    {
        return Refusal::unknown_command(message);
    }
    if let Some(field) = quoted(&message, "missing field `") {
        return Field::from_wire(field)
            .map_or_else(|| not_understood(message.clone(), whole), Refusal::missing);
    }
    // Serde names a duplicate field in the message only, not in the path.
    match last.or_else(|| Field::from_wire(quoted(&message, "duplicate field `")?)) {
        Some(field) => Refusal::invalid(field, format!("{}: {message}", field.as_str())),
        None => not_understood(message, whole),
    }
}

fn quoted<'a>(message: &'a str, before: &str) -> Option<&'a str> {
    message.strip_prefix(before)?.split('`').next()
}
