//! The names of the session cookie, and its tokens in a request.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::{Cookie, SameSite};

use super::COOKIE_DAYS;
use super::session_token::SessionToken;
use crate::net::cookie::values;

/// The name that all installations shared up to version 0.1.
const FORMER_NAME: &str = "hubbub_session";
/// Maximum number of session tokens of one request that are looked up. A browser sends one; a path or a parent domain
/// with another cookie of the same name makes two or three.
const MAX_TOKENS: usize = 8;

/// The name of this installation's session cookie, and other names under which a browser may still have it.
///
/// Browsers share cookies between all ports of a host, so the name contains the installation's id. A guest has nothing
/// but this cookie, so a cookie under another name is read, and set again under the current name.
#[derive(Clone, Debug)]
pub(crate) struct SessionCookie {
    name: String,
    other_names: [String; 2],
    /// The names of the cookie of known devices: the current name, and the name with or without the prefix.
    device_names: [String; 2],
    secure: bool,
}

impl SessionCookie {
    /// Returns the cookie names of an installation. `secure` is for a server that is reached by https only: the prefix
    /// `__Host-` then prevents other hosts of the domain from setting the cookie (RFC 6265bis, section 4.1.3.2).
    pub(crate) fn new(installation: &str, secure: bool) -> Self {
        let plain = format!("hubbub_{installation}");
        let prefixed = format!("__Host-{plain}");
        let (name, other) = if secure { (prefixed, plain) } else { (plain, prefixed) };
        let device_names = [format!("{name}_device"), format!("{other}_device")];
        Self { name, other_names: [other, FORMER_NAME.to_owned()], device_names, secure }
    }

    /// Returns the tokens of a request, those under the current name first.
    pub(super) fn tokens(&self, headers: &HeaderMap) -> Vec<SessionToken> {
        let mut tokens = self.current_tokens(headers);
        tokens.extend(self.other_names.iter().flat_map(|name| session_tokens(headers, name)));
        let mut unique: Vec<SessionToken> = Vec::new();
        for token in tokens {
            if !unique.contains(&token) && unique.len() < MAX_TOKENS {
                unique.push(token);
            }
        }
        unique
    }

    /// Whether the browser sent a session only under another cookie name.
    pub(crate) fn is_under_another_name(&self, headers: &HeaderMap) -> bool {
        self.current_tokens(headers).is_empty()
            && self.other_names.iter().any(|name| session_tokens(headers, name).next().is_some())
    }

    /// Whether a `Set-Cookie` header sets or removes the session cookie.
    pub(crate) fn is_set_by(&self, header: &HeaderValue) -> bool {
        let rest = header.as_bytes().strip_prefix(self.name.as_bytes());
        rest.is_some_and(|rest| rest.starts_with(b"="))
    }

    /// Returns the cookie that keeps a session in the browser for a year.
    pub(super) fn with_token(&self, token: &SessionToken) -> Cookie<'static> {
        self.build(&self.name, token.to_string(), time::Duration::days(COOKIE_DAYS))
    }

    /// Returns the cookie that removes the session from the browser. A cookie under another name is not removed,
    /// because its session has already ended.
    pub(crate) fn removal(&self) -> Cookie<'static> {
        self.build(&self.name, String::new(), time::Duration::ZERO)
    }

    /// Returns the values of the cookie of known devices, see [`super::known_device`].
    pub(super) fn known_devices<'headers>(
        &self,
        headers: &'headers HeaderMap,
    ) -> impl Iterator<Item = &'headers str> {
        self.device_names.iter().flat_map(|name| values(headers, name))
    }

    /// Returns the cookie that stores the known devices.
    pub(super) fn with_known_devices(&self, value: String) -> Cookie<'static> {
        let [name, _] = &self.device_names;
        self.build(name, value, time::Duration::days(COOKIE_DAYS))
    }

    fn build(&self, name: &str, value: String, max_age: time::Duration) -> Cookie<'static> {
        Cookie::build((name.to_owned(), value))
            .path("/")
            .max_age(max_age)
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .build()
    }

    fn current_tokens(&self, headers: &HeaderMap) -> Vec<SessionToken> {
        session_tokens(headers, &self.name).collect()
    }
}

fn session_tokens(headers: &HeaderMap, name: &str) -> impl Iterator<Item = SessionToken> {
    values(headers, name).filter_map(SessionToken::parse)
}
