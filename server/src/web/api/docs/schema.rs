//! The objects that requests and answers are made of.

use serde_json::{Map, Value, json};

use super::html::{escaped, prose};

/// Every object that has a name.
pub(super) fn section(document: &Value) -> String {
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let objects: String = schemas.map(|(name, schema)| object(name, schema)).collect();
    format!("<section class=\"docs-group\" id=\"objects\"><h2>Objects</h2>\n{objects}</section>\n")
}

fn object(name: &str, schema: &Value) -> String {
    let about =
        schema["description"].as_str().map(|about| format!("<p>{}</p>", prose(about))).unwrap_or_default();
    let shape = match schema["properties"].as_object() {
        Some(_) => fields(schema),
        None => format!("<p>{}</p>", kind(schema)),
    };
    format!("<article class=\"docs-object\" id=\"object-{name}\"><h3>{name}</h3>{about}{shape}</article>\n")
}

/// The fields of an object, those that are always there first.
pub(super) fn fields(schema: &Value) -> String {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let mut properties: Vec<(&String, &Value)> = properties.collect();
    properties.sort_by_key(|(name, _)| !required.contains(&name.as_str()));
    let rows: String = properties
        .into_iter()
        .map(|(name, field)| {
            let optional = if required.contains(&name.as_str()) { "" } else { ", optional" };
            // Of what may be missing, the description stands with the one thing it else is.
            let about = field["description"].as_str().or_else(|| field["oneOf"][0]["description"].as_str());
            let about = about.map(prose).unwrap_or_default();
            format!(
                "<div><dt><code>{}</code> <span class=\"docs-kind\">{}{optional}</span></dt><dd>{about}</dd></div>\n",
                escaped(name),
                kind(field),
            )
        })
        .collect();
    format!("<dl class=\"docs-list\">\n{rows}</dl>\n")
}

/// What a value is, in a few words, with a link to the object it is.
pub(super) fn kind(schema: &Value) -> String {
    if let Some(name) = name(schema) {
        return format!("<a href=\"#object-{name}\">{name}</a>");
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let choices = choices.iter().filter(|choice| choice["type"] != "null").map(kind);
        return choices.collect::<Vec<_>>().join(" or ");
    }
    if let Some(values) = schema["enum"].as_array() {
        let values =
            values.iter().filter_map(Value::as_str).map(|value| format!("<code>{}</code>", escaped(value)));
        return values.collect::<Vec<_>>().join(", ");
    }
    match plain(schema) {
        "array" => format!("list of {}", kind(&schema["items"])),
        "object" => {
            let of = schema["properties"].as_object().into_iter().flatten();
            let of: Vec<String> =
                of.map(|(name, field)| format!("<code>{}</code>: {}", escaped(name), kind(field))).collect();
            format!("object with {}", of.join(", "))
        }
        plain => match schema["format"].as_str() {
            Some("date-time") => "time".to_owned(),
            Some("uuid") => "UUID".to_owned(),
            _ => plain.to_owned(),
        },
    }
}

/// The name of the object that a schema refers to.
pub(super) fn name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// A value that fits: for an example. Of an object only what must be there, or its first field.
pub(super) fn example(document: &Value, schema: &Value) -> Value {
    if let Some(name) = name(schema) {
        return example(document, &document["components"]["schemas"][name]);
    }
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    if let Some(choice) = schema["oneOf"].as_array().and_then(|choices| choices.last()) {
        return example(document, choice);
    }
    if let Some(value) = schema["enum"].as_array().and_then(|values| values.first()) {
        return value.clone();
    }
    match plain(schema) {
        "object" => {
            let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
            let properties = schema["properties"].as_object().into_iter().flatten();
            let shown = properties.filter(|(name, _)| required.is_empty() || required.contains(&json!(name)));
            let most = if required.is_empty() { 1 } else { usize::MAX };
            let shown = shown.take(most).map(|(name, field)| (name.clone(), example(document, field)));
            Value::Object(shown.collect::<Map<_, _>>())
        }
        "integer" => json!(1),
        "boolean" => json!(true),
        "array" => json!([example(document, &schema["items"])]),
        _ => json!("Tea at four?"),
    }
}

/// The type of a value, whether it may be null or not.
fn plain(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(types) => {
            types.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("null")
        }
        other => other.as_str().unwrap_or("value"),
    }
}
