//! A REST client that checks every answer against the server's own OpenAPI document.

use std::sync::Arc;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::program::http;
use super::schema::Document;
use super::{Guest, Program};

/// A user of the REST API.
#[derive(Clone)]
pub(crate) struct Api {
    pub(super) address: String,
    /// The header that identifies the user, and its value.
    pub(super) identity: Option<(&'static str, String)>,
    document: Arc<Document>,
}

/// The answer to a request.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Program {
    /// Creates a guest with this name who uses REST.
    pub(crate) async fn bot(&self, name: &str) -> Api {
        let guest = self.guest(name).await;
        Api::new(&guest, self).await
    }
}

impl Api {
    pub(crate) async fn new(guest: &Guest, program: &Program) -> Self {
        Self { identity: Some(("cookie", guest.cookie.clone())), ..Self::nobody(program).await }
    }

    /// Creates a client without identity.
    pub(crate) async fn nobody(program: &Program) -> Self {
        let document = http().get(program.url("/api/v1/openapi.json")).send().await.unwrap();
        let document = serde_json::from_str(&document.text().await.unwrap()).unwrap();
        Self { address: program.address.clone(), identity: None, document: Arc::new(Document(document)) }
    }

    /// Returns the OpenAPI document of the server.
    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.sends(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.says(Method::POST, path, &body.to_string()).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.says(Method::PUT, path, &body.to_string()).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.says(Method::PATCH, path, &body.to_string()).await
    }

    /// Sends `PUT` without a body.
    pub(crate) async fn puts(&self, path: &str) -> Reply {
        self.sends(Method::PUT, path, &[], None).await
    }

    pub(crate) async fn deletes(&self, path: &str) -> Reply {
        self.sends(Method::DELETE, path, &[], None).await
    }

    /// Sends a body unchanged.
    pub(crate) async fn says(&self, method: Method, path: &str, body: &str) -> Reply {
        self.sends(method, path, &[("content-type", "application/json")], Some(body.to_owned())).await
    }

    /// Sends any request. A path that begins with `/api` is used unchanged; any other is relative to `/api/v1`.
    pub(crate) async fn sends(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Reply {
        self.sends_body(method, path, headers, body.map(reqwest::Body::from)).await
    }

    /// Sends any request, like [`Api::sends`], with any bytes.
    pub(crate) async fn sends_body(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<reqwest::Body>,
    ) -> Reply {
        let path = if path.starts_with("/api") { path.to_owned() } else { format!("/api/v1{path}") };
        let mut request = http().request(method.clone(), format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some((name, value)) = &self.identity {
            request = request.header(*name, value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body =
            if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(text.into()) };
        let reply = Reply { status, headers, body };
        self.document.check(&method, &path, &reply);
        reply
    }

    /// Joins a room, creates it if it does not exist, and returns its id.
    pub(crate) async fn joins(&self, room: &str) -> i64 {
        let made = self.post("/rooms", serde_json::json!({ "name": room })).await;
        assert!(made.status.is_success(), "{made:?}");
        made.body["id"].as_i64().unwrap()
    }

    /// Posts a text and returns the message.
    pub(crate) async fn posts(&self, room: i64, text: &str) -> Value {
        let path = format!("/rooms/{room}/messages");
        self.post(&path, serde_json::json!({ "text": text })).await.is(201)
    }
}

impl Reply {
    /// Returns the body after checking the status.
    pub(crate) fn is(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self.body
    }

    /// Checks that the reply is a refusal with this status, code and field (empty for none), and returns the body.
    pub(crate) fn refuses(self, status: u16, code: &str, field: &str) -> Value {
        let said = (self.status.as_u16(), self.text("code"), self.text("field"));
        assert_eq!(said, (status, code, field), "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(self.body["status"], status);
        self.body
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    fn text(&self, field: &str) -> &str {
        self.body[field].as_str().unwrap_or_default()
    }
}
