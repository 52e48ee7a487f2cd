//! Protects against cross-site request forgery.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hubbub_app::BadRequestReason;

use super::problem::Problem;
use crate::net::origin::AllowedOrigins;

/// Refuses changes that a page of another site requests. Session cookies are also `SameSite=Lax`, and a program that is
/// not a browser has no cookies of other users. `pages::explain_refusal` makes the answer a page.
pub(super) async fn protect(State(origins): State<AllowedOrigins>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && is_forged(&origins, request.headers()) {
        if request.uri().path().starts_with("/api/") {
            return Problem::wrong_origin().into_response();
        }
        let text = "pages of other origins must not send this request";
        return (StatusCode::FORBIDDEN, Extension(BadRequestReason::Foreign), text).into_response();
    }
    next.run(request).await
}

/// Whether the page that sends the request is foreign. Browsers name it in `Origin` and in `Sec-Fetch-Site` (Fetch
/// Metadata), which no script can set. An explicitly allowed origin may be another site.
fn is_forged(origins: &AllowedOrigins, headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
    let foreign = !matches!(site, None | Some(b"same-origin" | b"none")) && !origins.include_sender(headers);
    foreign || !origins.allow(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forged(headers: &[(&'static str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        map.insert("host", "chat.example".parse().unwrap());
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        is_forged(&AllowedOrigins(vec!["https://app.example".parse().unwrap()]), &map)
    }

    #[test]
    fn allows_changes_from_own_pages_programs_and_configured_origins() {
        assert!(!forged(&[]));
        assert!(!forged(&[("origin", "https://chat.example")]));
        assert!(!forged(&[("origin", "https://chat.example"), ("sec-fetch-site", "same-origin")]));
        assert!(!forged(&[("origin", "https://app.example"), ("sec-fetch-site", "cross-site")]));
        // An address that the user has typed, or a bookmark.
        assert!(!forged(&[("sec-fetch-site", "none")]));
    }

    #[test]
    fn refuses_changes_from_other_sites() {
        assert!(forged(&[("origin", "https://evil.example")]));
        assert!(forged(&[("sec-fetch-site", "cross-site")]));
        assert!(forged(&[("sec-fetch-site", "same-site")]), "another program on another port or subdomain");
        assert!(forged(&[("origin", "https://chat.example"), ("sec-fetch-site", "cross-site")]));
        assert!(forged(&[("origin", "null"), ("sec-fetch-site", "same-origin")]));
    }
}
