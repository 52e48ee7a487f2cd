//! `/api/v1/openapi.json`: the description of the operations in OpenAPI 3.1, generated from the code.

use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApiBuilder, PathItem, Ref, RefOr,
    Response as Described, ResponseBuilder,
};
use utoipa_axum::router::OpenApiRouter;

use hubbub_protocol::rest::Problem;

use super::{operations, response};
use crate::web::state::AppState;

/// Prefix of the paths of all operations.
const BASE: &str = "/api/v1";
/// Names of the security schemes.
const TOKEN: &str = "token";
const COOKIE: &str = "cookie";

/// The whole document. It is generated once, because it does not change while the program runs.
pub(super) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = described(operations()).into_openapi();
    document.paths.paths.values_mut().for_each(complete);
    // Serialising fails only for maps with keys that are not strings, and here all are.
    let mut document = serde_json::to_value(&document).unwrap_or_default();
    tidy(&mut document);
    document
});

/// Returns the document as JSON.
pub(super) async fn show(headers: HeaderMap) -> Response {
    // The document is the same for all clients until the version of the program changes.
    std::future::ready(response::with_etag(
        &headers,
        DOCUMENT.to_string(),
        HeaderValue::from_static("no-cache"),
    ))
    .await
}

/// Returns the operations at their paths, with the information that applies to all of them.
pub(super) fn described(operations: OpenApiRouter<AppState>) -> OpenApiRouter<AppState> {
    let info = InfoBuilder::new()
        .title("Hubbub")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "The REST API of a Hubbub chat server, for bots and other clients. Clients connected to a room, over any \
             protocol, receive changes made here at once.",
        ))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build()));
    let mut schemas = vec![(Problem::name().into_owned(), <Problem as utoipa::PartialSchema>::schema())];
    Problem::schemas(&mut schemas);
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(TOKEN, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
        .security_scheme(
            COOKIE,
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                "hubbub_INSTALLATION",
                "The session of a browser. INSTALLATION is the id of this installation, eight hexadecimal digits; \
                 with --secure-cookies, the name begins with __Host-",
            ))),
        );
    let requirement = |scheme: &str| SecurityRequirement::new(scheme, Vec::<String>::new());
    let tag = |name: &str, what: &str| TagBuilder::new().name(name).description(Some(what)).build();
    let document = OpenApiBuilder::new()
        .info(info.build())
        .components(Some(components.build()))
        .security(Some([requirement(TOKEN), requirement(COOKIE)]))
        .tags(Some([
            tag("Sign in", "Create and revoke the access token of a program."),
            tag("Me", "The user who sends the request, and the rooms of this user."),
            tag("Rooms", "Find, create, join and read rooms."),
            tag("Messages", "Post, read, edit and delete messages; add and remove reactions."),
            tag("Files", "Upload files, in one request or resumable by the protocol tus 1.0 (<https://tus.io/protocols/resumable-upload>)."),
        ]))
        .build();
    OpenApiRouter::with_openapi(document).nest(BASE, operations)
}

/// Adds the refusals that follow from the parameters of an operation, so that none is forgotten.
fn complete(item: &mut PathItem) {
    let changes = [&mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
    for operation in changes.into_iter().flatten() {
        let taken = "The maximum number is reached, or the `client_id` was used for another message";
        refuse(operation, "409", taken);
        add_refusals(operation);
        refuse(operation, "403", "Pages of other origins must not send this request");
    }
    item.get.iter_mut().for_each(add_refusals);
}

fn refuse(operation: &mut Operation, status: &str, why: &str) {
    let response = || RefOr::T(refusal(why));
    operation.responses.responses.entry(status.to_owned()).or_insert_with(response);
}

fn add_refusals(operation: &mut Operation) {
    for (status, why) in refusals(operation) {
        refuse(operation, status, why);
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = "Success".to_owned();
        }
    }
}

/// Turns doc comments into text: joins lines, and replaces links by their names.
fn tidy(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                let paragraphs = text.split("\n\n").map(|paragraph| paragraph.replace('\n', " "));
                *text = paragraphs.collect::<Vec<_>>().join("\n\n").replace("[`", "`").replace("`]", "`");
            }
            fields.values_mut().for_each(tidy);
        }
        _ => {}
    }
}

fn refusals(operation: &Operation) -> Vec<(&'static str, &'static str)> {
    let takes_in = |place: ParameterIn| {
        let parameters = operation.parameters.iter().flatten();
        parameters.into_iter().any(|parameter| matches!(parameter, RefOr::T(it) if it.parameter_in == place))
    };
    let (in_path, in_query) = (takes_in(ParameterIn::Path), takes_in(ParameterIn::Query));
    let takes_body = operation.request_body.is_some();
    let mut refusals = vec![("429", "Rate limit exceeded"), ("503", "Storage is temporarily unavailable")];
    // An operation that needs no identity declares one empty requirement.
    if operation.security.as_deref() != Some(&[SecurityRequirement::default()]) {
        refusals.push(("401", "The token or session is missing or not valid"));
    }
    if takes_body {
        refusals.push(("400", "The body is not valid JSON, or a path parameter is not a number"));
        refusals.push(("413", "The body exceeds the size limit"));
        refusals.push(("415", "The content type is not `application/json`"));
    }
    if in_path {
        refusals.push(("400", "A path parameter is not a number"));
        refusals.push(("403", "The caller is not a member of the room, or not the author of the message"));
        refusals.push(("404", "The room or message does not exist"));
    }
    if in_query || in_path || takes_body {
        refusals.push(("422", "A field is missing, exceeds its limit or has an invalid value"));
    }
    refusals
}

fn refusal(why: &str) -> Described {
    let problem = Ref::from_schema_name(Problem::name());
    let content = ContentBuilder::new().schema(Some(problem)).build();
    ResponseBuilder::new().description(why).content("application/problem+json", content).build()
}
