//! Checks answers against the server's OpenAPI document, with the parts of JSON Schema that the document uses.

use reqwest::Method;
use serde_json::Value;

use super::api::Reply;

/// The OpenAPI document.
#[derive(Debug)]
pub(crate) struct Document(pub(crate) Value);

impl Document {
    /// Returns the description of this method and path.
    pub(crate) fn operation(&self, method: &Method, path: &str) -> Option<&Value> {
        let path = path.split('?').next().unwrap_or_default();
        let fits = |template: &str| {
            template.split('/').count() == path.split('/').count()
                && template
                    .split('/')
                    .zip(path.split('/'))
                    .all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
        };
        // A fixed path takes precedence over one with a parameter.
        let templates = self.0["paths"].as_object().unwrap().iter().filter(|(template, _)| fits(template));
        let (_, item) = templates.min_by_key(|(template, _)| template.matches('{').count())?;
        item.get(method.as_str().to_lowercase())
    }

    /// Fails if an operation is described and this answer to it is not.
    pub(crate) fn check(&self, method: &Method, path: &str, reply: &Reply) {
        let Some(operation) = self.operation(method, path) else { return };
        let status = reply.status.as_str();
        if status == "304" {
            return;
        }
        let described = &operation["responses"][status];
        assert!(described.is_object(), "{method} {path}: {status} is not described: {reply:?}");
        let kind = reply.header("content-type").split(';').next().unwrap_or_default().to_owned();
        let Some(content) = described["content"].as_object() else {
            assert!(reply.body.is_null(), "{method} {path}: {status} has a body: {reply:?}");
            return;
        };
        let schema = &content
            .get(&kind)
            .unwrap_or_else(|| panic!("{method} {path}: {kind} is not described"))["schema"];
        if let Err(why) = self.fits(&reply.body, schema) {
            panic!("{method} {path}: {status} is not as it is described: {why}\n{}", reply.body);
        }
    }

    /// Resolves a reference.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let found = self.0.pointer(reference.trim_start_matches('#'));
                self.resolve(found.unwrap_or_else(|| panic!("{reference} leads nowhere")))
            }
            None => schema,
        }
    }

    fn fits(&self, value: &Value, schema: &Value) -> Result<(), String> {
        let schema = self.resolve(schema);
        if let Some(all) = schema["allOf"].as_array() {
            all.iter().try_for_each(|part| self.fits(value, part))?;
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let fitting = choices.iter().filter(|choice| self.fits(value, choice).is_ok()).count();
            if fitting != 1 {
                return Err(format!("{value} fits {fitting} of {}", schema["oneOf"]));
            }
        }
        if let Some(values) = schema["enum"].as_array()
            && !values.contains(value)
        {
            return Err(format!("{value} is none of {}", schema["enum"]));
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            Value::String(name) => vec![name],
            _ => return Ok(()),
        };
        let fits = types.contains(&kind(value)) || (types.contains(&"number") && value.is_number());
        if !fits {
            return Err(format!("{value} is no {types:?}"));
        }
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.fits(item, &schema["items"])),
            Value::Object(fields) => {
                let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
                for name in required {
                    fields.get(name).ok_or_else(|| format!("{name} is missing in {value}"))?;
                }
                fields.iter().try_for_each(|(name, field)| match schema["properties"].get(name) {
                    Some(schema) => self.fits(field, schema).map_err(|why| format!("{name}: {why}")),
                    None => Err(format!("{name} is not described")),
                })
            }
            _ => Ok(()),
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
