//! `/api/docs`: the OpenAPI document as a readable page. Plain HTML in the style of the app, without scripts and
//! external content.

mod html;
mod operation;
mod schema;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::document::DOCUMENT;
use crate::web::http::problem::KINDS;
use crate::web::site;
use html::{escaped, prose};

/// The page runs no script and loads only style sheets and images of this server.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; \
                      frame-ancestors 'none'";
const STYLE: &str = include_str!("docs/docs.css");

/// Shows the page.
pub(super) async fn show(headers: HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost:3000");
    let page = std::future::ready(page(&DOCUMENT, host, &site::assets().css)).await;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, page).into_response()
}

/// Returns the style of this page, which other pages do not need.
pub(super) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    std::future::ready((headers, STYLE).into_response()).await
}

fn page(document: &Value, host: &str, css: &str) -> String {
    let groups = operation::groups(document);
    let contents: String = groups.iter().map(|group| group.contents()).collect();
    let operations: String = groups.iter().map(|group| group.section(document, host)).collect();
    let (title, version) = (&document["info"]["title"], &document["info"]["version"]);
    let [title, version, about] =
        [title, version, &document["info"]["description"]].map(|text| text.as_str().unwrap_or_default());
    let (css, host) = (escaped(css), escaped(host));
    format!(
        r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} REST API</title>
<link rel="stylesheet" href="{css}">
<link rel="stylesheet" href="/api/docs.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body class="docs">
<header class="docs-head">
<p><a class="docs-home" href="/"><img src="/icon.svg" alt="" width="28" height="28">{title}</a></p>
<h1>REST API</h1>
<p class="docs-about">{about}</p>
<p class="docs-facts">Version {version} · <a href="/api/v1/openapi.json">OpenAPI 3.1 document</a></p>
</header>
<nav class="docs-contents" aria-label="Contents">
<ul><li><a href="#overview">Overview</a></li></ul>
{contents}<ul><li><a href="#problems">Problems</a></li><li><a href="#objects">Objects</a></li></ul>
</nav>
<main class="docs-main">
<section class="docs-group" id="overview"><h2>Overview</h2>
<p>All paths are relative to <code>http://{host}/api/v1</code>. A request is authenticated by a token,
<code>Authorization: Bearer TOKEN</code>, or by the session cookie of a browser. Bodies are JSON, ids are integers, times are
RFC 3339 in UTC. A position (<code>seq</code>) numbers the events of a room: 1, 2, 3 and so on, without gaps.</p>
<p>Responses to <code>GET</code> have an <code>ETag</code>. A request with this value as <code>If-None-Match</code> is answered
with 304 while nothing has changed. To receive events immediately, open the socket at <code>/api/v1/socket</code>.</p>
</section>
{operations}{problems}{objects}</main>
</body>
</html>
"##,
        title = escaped(title),
        version = escaped(version),
        about = prose(about),
        problems = problems(),
        objects = schema::section(document),
    )
}

/// Returns the list of problem kinds, to which the `type` of each problem refers.
fn problems() -> String {
    let kinds: String = KINDS
        .iter()
        .map(|kind| {
            let (code, status) = (kind.code, kind.status);
            format!(
                "<div id=\"{code}\"><dt><code>{code}</code></dt><dd>{status}: {}</dd></div>\n",
                escaped(kind.title)
            )
        })
        .collect();
    format!(
        "<section class=\"docs-group\" id=\"problems\"><h2>Problems</h2>\n<p>Refused requests are answered with \
         <code>application/problem+json</code> (RFC 9457). <code>detail</code> is for people; <code>code</code>, \
         <code>field</code> and <code>limit</code> are for programs.</p>\n<dl class=\"docs-list\">\n{kinds}</dl>\n</section>\n"
    )
}
