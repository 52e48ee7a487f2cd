//! The objects of requests and answers.

use serde_json::{Map, Value, json};

use super::html::{escaped, prose};

/// Returns the descriptions of all named objects.
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

/// Returns the fields of an object, required ones first.
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
            // An optional field has its description in its single alternative to `null`.
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

/// Returns the type of a value in a few words, with a link to the object.
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

/// Returns the name of the object to which a schema refers.
pub(super) fn name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// Returns an example value. An object contains only its required fields, or its first field if none is required.
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

/// Returns the type of a value, without `null`.
fn plain(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(types) => {
            types.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("null")
        }
        other => other.as_str().unwrap_or("value"),
    }
}
