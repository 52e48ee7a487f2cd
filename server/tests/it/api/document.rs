//! The OpenAPI document matches the server.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use crate::support::{Api, Program};

const METHODS: [Method; 5] = [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::PATCH];

#[tokio::test]
async fn accepts_exactly_the_documented_methods() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    assert_eq!((room, bot.posts(room, "said").await["id"].as_i64()), (1, Some(1)));
    let nobody = Api::nobody(&program).await;
    let paths = nobody.document().0["paths"].as_object().unwrap();
    assert!(paths.len() >= 12, "{paths:?}");
    for (template, item) in paths {
        let path = template.replace("{room_id}", "1").replace("{message_id}", "1").replace("{emoji}", "x");
        let path = path.replace("{file_id}", "1").replace("{upload}", "0123456789abcdef0123456789abcdef");
        for method in METHODS {
            let described = item.get(method.as_str().to_lowercase()).is_some();
            let reply = nobody.sends(method.clone(), &path, &[], None).await;
            if described {
                // The operation exists, whatever it answers to an empty request.
                assert!(![404, 405].contains(&reply.status.as_u16()), "{method} {template}: {reply:?}");
            } else {
                assert_eq!(reply.status, 405, "{method} {template}");
                assert!(!reply.header("allow").contains(method.as_str()), "{method} {template}: {reply:?}");
            }
        }
    }
}

#[tokio::test]
async fn openapi_document_is_complete() {
    let program = Program::start().await;
    let nobody = Api::nobody(&program).await;
    let document = nobody.document();
    assert_eq!(document.0["openapi"], "3.1.0");
    let resolved = references(&document.0).into_iter().map(|reference| document.resolve(reference));
    assert!(resolved.count() > 0, "and each leads somewhere");

    let tags: Vec<&Value> = document.0["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut ids = BTreeSet::new();
    for (path, item) in document.0["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{what}");
            assert!(operation["summary"].as_str().is_some_and(|summary| !summary.contains('\n')), "{what}");
            assert!(tags.contains(&&operation["tags"][0]), "{what}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{what}");
            assert!(responses.values().all(|response| response["description"].is_string()), "{what}");
            let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
            let named: BTreeSet<&str> = parameters
                .iter()
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            let in_path: BTreeSet<&str> =
                path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            assert_eq!(named, in_path, "{what}");
            assert!(parameters.iter().all(|parameter| parameter["description"].is_string()), "{what}");
        }
    }
}

/// Returns all objects with a reference.
fn references(value: &Value) -> Vec<&Value> {
    let mut found: Vec<&Value> = match value {
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(fields) => fields.values().flat_map(references).collect(),
        _ => Vec::new(),
    };
    found.extend(value.get("$ref").is_some_and(Value::is_string).then_some(value));
    found
}
