//! The signed token of a request, in its header or its query.

use axum::http::{HeaderMap, header};

use super::AuthError;

/// Schemes of `Authorization` that are meant for a proxy in front of the server, and are ignored.
const SCHEMES_OF_PROXIES: [&str; 4] = ["basic", "digest", "negotiate", "ntlm"];

/// Returns the token of `Authorization: Bearer` (RFC 6750, section 2.1) or of `?token=`.
///
/// # Errors
/// If there is more than one token, an empty one, or one of an unknown scheme: a program that believes
/// that it is authenticated must not be treated as a guest.
pub(super) fn bearer_token(headers: &HeaderMap, query: Option<&str>) -> Result<Option<String>, AuthError> {
    let mut tokens = Vec::new();
    for value in headers.get_all(header::AUTHORIZATION) {
        let value = value.to_str().map_err(|_| AuthError::InvalidToken)?.trim();
        let (scheme, token) = value.split_once([' ', '\t']).unwrap_or((value, ""));
        if scheme.eq_ignore_ascii_case("bearer") {
            tokens.push(token.trim().to_owned());
        } else if !value.is_empty()
            && !SCHEMES_OF_PROXIES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
        {
            return Err(AuthError::InvalidToken);
        }
    }
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query.unwrap_or_default()).unwrap_or_default();
    tokens.extend(pairs.into_iter().filter(|(name, _)| name == "token").map(|(_, token)| token));
    match tokens.len() {
        0 => Ok(None),
        1 => tokens.pop().filter(|token| !token.is_empty()).map(Some).ok_or(AuthError::InvalidToken),
        _ => Err(AuthError::InvalidToken),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    /// Returns `None` for a refusal.
    fn token(authorization: &[&[u8]], query: &str) -> Option<Option<String>> {
        let mut headers = HeaderMap::new();
        for value in authorization {
            headers.append(header::AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        bearer_token(&headers, Some(query)).ok()
    }

    #[test]
    fn finds_the_one_token_that_is_brought() {
        let brought = |text: &str| Some(Some(text.to_owned()));
        assert_eq!(token(&[b"Bearer x.y.z"], ""), brought("x.y.z"));
        assert_eq!(token(&[b"bearer \t x.y.z "], "room=a"), brought("x.y.z"));
        assert_eq!(token(&[], "token=x.y.z"), brought("x.y.z"));
        assert_eq!(token(&[], "a=b&%74oken=x%2Ey.z"), brought("x.y.z"));
        assert_eq!(token(&[b"Basic dTpw"], "token=x.y.z"), brought("x.y.z"));
    }

    #[test]
    fn only_a_missing_token_is_none() {
        for authorization in [&[][..], &[&b""[..]], &[&b"Basic dTpw"[..]], &[&b"Negotiate YII="[..]]] {
            assert_eq!(token(authorization, "tokens=x&as=7&%zz"), Some(None), "{authorization:?}");
        }
    }

    #[test]
    fn refuses_what_is_empty_doubled_or_not_understood() {
        let headers: [&[&[u8]]; 8] = [
            &[b"Bearer"],
            &[b"Bearer  "],
            &[b"Bearer x", b"Bearer x"],
            &[b"Bearer x", b"Bearer y"],
            &[b"Bearer\xff x"],
            &[b"Bearer x\xe9"],
            &[b"Token x"],
            &[b"eyJhbGciOiJIUzI1NiJ9.e30.x"],
        ];
        for authorization in headers {
            assert_eq!(token(authorization, ""), None, "{authorization:?}");
        }
        for query in ["token=", "token", "token=x&token=x", "token=x&token=", "token&a=b"] {
            assert_eq!(token(&[], query), None, "{query}");
        }
        assert_eq!(token(&[b"Bearer x"], "token=x"), None);
        assert_eq!(token(&[b"Bearer x"], "token="), None);
    }
}
