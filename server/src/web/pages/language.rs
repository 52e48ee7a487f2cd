//! `POST /language`: stores the chosen language in a cookie.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, SameSite};
use hubbub_app::Language;
use serde::Deserialize;

use super::extract::PageForm;
use crate::net::cookie;
use crate::web::http::weights::Weights;
use crate::web::state::AppState;

const COOKIE: &str = "hubbub_language";

/// The form.
#[derive(Debug, Deserialize)]
pub(super) struct LanguageForm {
    language: String,
    #[serde(default)]
    back: String,
}

/// Stores the choice and redirects to the previous page.
pub(super) async fn choose(
    State(app): State<AppState>,
    PageForm(choice): PageForm<LanguageForm>,
) -> Response {
    let code = if choice.language == "ru" { "ru" } else { "en" };
    let cookie = Cookie::build((COOKIE, code))
        .path("/")
        .same_site(SameSite::Lax)
        .max_age(time::Duration::days(365))
        .build();
    let cookie = std::future::ready(app.cookie_header(cookie)).await;
    let mut response = Redirect::to(local_path(&choice.back)).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Accepts only paths on this server: `//evil` and `/\evil` would lead to another one.
fn local_path(back: &str) -> &str {
    let local = back.starts_with('/')
        && !back.starts_with("//")
        && !back.contains('\\')
        && back.bytes().all(|byte| byte.is_ascii_graphic());
    if local { back } else { "/" }
}

/// Returns the language of a request: from its cookie, otherwise the preferred supported language of
/// `Accept-Language`.
pub(super) fn of(headers: &HeaderMap) -> Language {
    if let Some(language) = cookie::values(headers, COOKIE).find_map(from_code) {
        return language;
    }
    let accepted = Weights::of(headers, &header::ACCEPT_LANGUAGE);
    let weigh = |language| {
        let found = accepted.find(|range| from_code(range) == Some(language));
        found.filter(|(weight, _)| *weight > 0).map(|(weight, place)| (weight, usize::MAX - place))
    };
    // If two languages have equal weights, the first in the header is selected; if `*` matches both, the first in this
    // array.
    let spoken = [Language::En, Language::Ru].map(|language| (weigh(language), language));
    let best = spoken.into_iter().reduce(|best, other| if other.0 > best.0 { other } else { best });
    best.map_or(Language::En, |(_, language)| language)
}

/// Returns the language of a tag such as `ru-RU` by its first part (lookup, RFC 4647, section 3.4).
fn from_code(tag: &str) -> Option<Language> {
    let primary = tag.split('-').next().unwrap_or_default();
    match primary {
        _ if primary.eq_ignore_ascii_case("ru") => Some(Language::Ru),
        _ if primary.eq_ignore_ascii_case("en") => Some(Language::En),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(accept: &str, cookie: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        of(&headers)
    }

    #[test]
    fn cookie_takes_precedence_over_the_browsers_language() {
        assert_eq!(language("ru-RU,ru;q=0.9,en;q=0.8", ""), Language::Ru);
        assert_eq!(language("de, en;q=0.5, ru;q=0.7", ""), Language::Ru);
        assert_eq!(language("fr", ""), Language::En);
        assert_eq!(language("ru", "hubbub_language=en"), Language::En);
        assert_eq!(language("ru", "hubbub_language=xx"), Language::Ru);
    }

    #[test]
    fn redirect_stays_on_this_server() {
        assert_eq!(local_path("/rooms/a?as=2"), "/rooms/a?as=2");
        for elsewhere in ["//evil", "/\\evil", "http://evil", "", "/a\r\nb", "evil"] {
            assert_eq!(local_path(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
