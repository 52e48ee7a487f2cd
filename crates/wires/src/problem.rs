//! Refusals in the form of the wires.

use std::borrow::Cow;

use hubbub_protocol::{Code, Field, Refusal, RoomName};
use serde::Serialize;

/// A refusal on a wire: a code for programs, a sentence for people, and the field in the spelling of the
/// wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<u64>,
    /// Milliseconds until the request can succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after_ms: Option<u64>,
}

impl Problem {
    pub(crate) fn not_understood(message: impl Into<String>) -> Self {
        Self {
            code: Code::NotUnderstood,
            message: message.into(),
            field: None,
            limit: None,
            retry_after_ms: None,
        }
    }

    /// Refuses an unknown request; `field` is the field that names it.
    pub(crate) fn unknown(field: &'static str, request: &str) -> Self {
        // Only the client that sent the name receives it, limited to 40 characters.
        let request: String = request.chars().take(40).collect();
        let message = format!("{field}: unknown value {request:?}");
        Self {
            code: Code::UnknownCommand,
            message,
            field: Some(field.into()),
            limit: None,
            retry_after_ms: None,
        }
    }

    /// Reports that the user left the room on another connection.
    pub(crate) fn left_elsewhere(field: &'static str, room: &RoomName) -> Self {
        let message = format!("you left {room} on another connection");
        Self { code: Code::NotJoined, message, field: Some(field.into()), limit: None, retry_after_ms: None }
    }

    pub(crate) fn missing(field: &'static str) -> Self {
        let message = format!("{field} is missing");
        Self { code: Code::Missing, message, field: Some(field.into()), limit: None, retry_after_ms: None }
    }

    pub(crate) fn invalid(field: &'static str, rule: &str) -> Self {
        let message = format!("{field} must be {rule}");
        Self { code: Code::Invalid, message, field: Some(field.into()), limit: None, retry_after_ms: None }
    }

    pub(crate) fn too_long(field: &'static str, limit: u64, unit: &str) -> Self {
        let message = format!("{field} must be at most {limit} {unit}");
        Self {
            code: Code::TooLong,
            message,
            field: Some(field.into()),
            limit: Some(limit),
            retry_after_ms: None,
        }
    }

    /// Converts a refusal. `spell` returns the wire's name of a field, which also replaces the field in the
    /// sentence.
    pub(crate) fn of(refusal: Refusal, spell: impl Fn(Field) -> &'static str) -> Self {
        let Refusal { code, message, field, limit, retry_after_ms, .. } = refusal;
        let field = field.filter(|field| !matches!(field, Field::Frame | Field::Do | Field::Id));
        let message = match field.and_then(|field| message.strip_prefix(field.as_str()).zip(Some(field))) {
            Some((rest, field)) if rest.starts_with([' ', ':']) => format!("{}{rest}", spell(field)),
            _ => message,
        };
        Self { code, message, field: field.map(|field| spell(field).into()), limit, retry_after_ms }
    }
}
