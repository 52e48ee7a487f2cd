//! Pages and forms, as a browser without JavaScript uses them.

use reqwest::{Response, StatusCode};

use super::Program;
use super::program::http;

/// Submits a form, from the page of `origin` if that is not empty.
pub(crate) async fn submits(
    program: &Program,
    path: &str,
    form: &str,
    cookie: &str,
    origin: &str,
) -> Response {
    let mut request = http()
        .post(program.url(path))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", cookie)
        .body(form.to_owned());
    if !origin.is_empty() {
        request = request.header("origin", origin);
    }
    request.send().await.unwrap()
}

/// Returns the HTML of a page that is answered with 200.
pub(crate) async fn get_page(program: &Program, path: &str, cookie: &str) -> String {
    let page = http().get(program.url(path)).header("cookie", cookie).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK, "{path}");
    page.text().await.unwrap()
}

/// Returns a header of a response; empty if there is none.
pub(crate) fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
