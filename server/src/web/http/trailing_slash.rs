//! Redirects a path with trailing slashes to the path without them.

use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};

/// Returns the redirect to the same path without trailing slashes, with status 308, which keeps method and body. `None`
/// if there are none. A path that begins with two slashes is not redirected, because browsers would read it as the name
/// of another server.
pub(in crate::web) fn redirect(uri: &Uri) -> Option<Response> {
    let path = uri.path();
    let trimmed = path.trim_end_matches('/');
    let stays_here = trimmed.starts_with('/') && !trimmed[1..].starts_with(['/', '\\']);
    if trimmed == path || !stays_here {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(Redirect::permanent(&format!("{trimmed}{query}")).into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    fn target(uri: &str) -> Option<String> {
        let response = redirect(&uri.parse().unwrap())?;
        Some(response.headers()[header::LOCATION].to_str().unwrap().to_owned())
    }

    #[test]
    fn redirects_to_the_path_without_the_slash() {
        assert_eq!(target("/rooms/lobby/").as_deref(), Some("/rooms/lobby"));
        assert_eq!(target("/rooms/lobby//?at=3").as_deref(), Some("/rooms/lobby?at=3"));
        assert_eq!(target("/rooms/lobby"), None);
    }

    #[test]
    fn never_redirects_to_another_host() {
        for path in ["/", "//", "///", "//evil.example/", "//evil.example/x/"] {
            assert_eq!(target(path), None, "{path}");
        }
    }
}
