//! Access to a JSON object field by field, so that each error names the field.

use hubbub_protocol::{ClientId, MAX_PAGE_MESSAGES, MessageId, RoomId};
use serde_json::{Map, Value};

use crate::inbound_request::InboundContent;
use crate::problem::Problem;

/// The fields of one object. Unknown fields are ignored, and `null` counts as missing.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    pub(crate) fn parse(json: &str) -> Result<Self, Problem> {
        match serde_json::from_str(json) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(Problem::not_understood("the frame is not a JSON object")),
            Err(error) => Err(Problem::not_understood(format!("invalid JSON: {error}"))),
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn optional_string(&self, name: &'static str) -> Result<Option<&str>, Problem> {
        let text = |value: &'_ Value| value.is_string();
        match self.value(name) {
            Some(value) if !text(value) => Err(Problem::invalid(name, "a string")),
            value => Ok(value.and_then(Value::as_str)),
        }
    }

    pub(crate) fn string(&self, name: &'static str) -> Result<&str, Problem> {
        self.optional_string(name)?.ok_or_else(|| Problem::missing(name))
    }

    /// Returns the content of a file: base64, or the placeholder of the binary attachment of the frame
    /// (`{"_placeholder":true,"num":0}`, as clients of Socket.IO write it).
    pub(crate) fn content(
        &self,
        name: &'static str,
        has_attachment: bool,
    ) -> Result<InboundContent, Problem> {
        const RULE: &str = "one binary attachment or text in base64";
        match self.value(name) {
            None => Err(Problem::missing(name)),
            Some(Value::String(text)) => Ok(InboundContent::Base64(text.clone())),
            Some(Value::Object(object)) if object.get("_placeholder") == Some(&Value::Bool(true)) => {
                if has_attachment {
                    Ok(InboundContent::Attachment)
                } else {
                    Err(Problem::invalid(name, RULE))
                }
            }
            Some(_) => Err(Problem::invalid(name, RULE)),
        }
    }

    pub(crate) fn optional_integer(&self, name: &'static str) -> Result<Option<i64>, Problem> {
        self.value(name)
            .map(|value| value.as_i64().ok_or_else(|| Problem::invalid(name, "an integer")))
            .transpose()
    }

    pub(crate) fn integer(&self, name: &'static str) -> Result<i64, Problem> {
        self.optional_integer(name)?.ok_or_else(|| Problem::missing(name))
    }

    pub(crate) fn boolean(&self, name: &'static str) -> Result<bool, Problem> {
        let value = self.value(name).ok_or_else(|| Problem::missing(name))?;
        value.as_bool().ok_or_else(|| Problem::invalid(name, "true or false"))
    }

    pub(crate) fn room_id(&self, name: &'static str) -> Result<RoomId, Problem> {
        self.integer(name).map(RoomId)
    }

    pub(crate) fn optional_message(&self, name: &'static str) -> Result<Option<MessageId>, Problem> {
        Ok(self.optional_integer(name)?.map(MessageId))
    }

    pub(crate) fn optional_client_id(&self, name: &'static str) -> Result<Option<ClientId>, Problem> {
        let parse = |text: &str| text.parse().map_err(|_| Problem::invalid(name, "a UUID"));
        self.optional_string(name)?.map(parse).transpose()
    }

    /// Returns a number of messages from `least` to `MAX_PAGE_MESSAGES`.
    pub(crate) fn messages(&self, name: &'static str, least: u32, default: u32) -> Result<u32, Problem> {
        let Some(count) = self.optional_integer(name)? else { return Ok(default) };
        match u32::try_from(count) {
            Ok(count) if count > MAX_PAGE_MESSAGES => Err(too_many(name)),
            Ok(count) if count >= least => Ok(count),
            _ if count > 0 => Err(too_many(name)),
            _ => Err(Problem::invalid(name, &format!("at least {least}"))),
        }
    }
}

fn too_many(name: &'static str) -> Problem {
    Problem::too_long(name, u64::from(MAX_PAGE_MESSAGES), "messages")
}
