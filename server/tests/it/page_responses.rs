//! The responses to requests of pages and files: status, headers, and what they load.

use reqwest::StatusCode;

use super::support::Program;
use super::support::page::{get_page, header, submits};
use super::support::program::http;
use super::support::raw::Raw;

#[tokio::test]
async fn content_security_policy_allows_only_own_scripts() {
    let program = Program::start().await;
    let page = http().get(program.url("/rooms/general")).send().await.unwrap();
    let policy = header(&page, "content-security-policy").to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("'wasm-unsafe-eval'"));
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    assert_eq!(header(&page, "x-content-type-options"), "nosniff");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    let html = page.text().await.unwrap();
    for script in html.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(tag.contains(&nonce), "a script without the nonce: {tag}");
    }
    assert!(!html.contains(" style=\"") && !html.contains("<style"));
    let second = http().get(program.url("/rooms/general")).send().await.unwrap();
    assert!(!header(&second, "content-security-policy").contains(&nonce), "a nonce is used once");
}

#[tokio::test]
async fn text_pages_load_only_a_style_sheet() {
    let program = Program::start().await;
    // The landing page clears what is kept of a user who has signed out, and stores the offset from UTC.
    for (path, scripts) in [("/", 2), ("/sign-in", 0), ("/register", 0), ("/nothing", 0)] {
        let page = http().get(program.url(path)).send().await.unwrap();
        let policy = header(&page, "content-security-policy").to_owned();
        assert_eq!(policy.contains("script-src"), scripts > 0, "{path}: {policy}");
        assert_eq!(header(&page, "cache-control"), "no-store", "{path}");
        let html = page.text().await.unwrap();
        assert_eq!(html.matches("<script").count(), scripts, "{path}");
        assert!(!html.contains("<script src=") && !html.contains("preload"), "{path} loads a program");
        assert_eq!(html.matches("rel=\"stylesheet\"").count(), 1, "{path}");
        assert_eq!(html.contains("rel=\"prefetch\""), path == "/", "{path}");
        assert!(html.ends_with("</html>"), "{path} has data for a program");
    }
}

#[tokio::test]
async fn page_has_a_content_length() {
    let program = Program::start().await;
    for path in ["/", "/rooms/general", "/sign-in", "/nothing"] {
        let head = http().head(program.url(path)).send().await.unwrap();
        let length: usize = header(&head, "content-length").parse().expect("a length");
        assert!(length > 500, "{path}: {length}");
        assert_eq!(head.text().await.unwrap(), "", "{path}");
    }
}

#[tokio::test]
async fn unknown_address_shows_a_not_found_page() {
    let program = Program::start().await;
    for path in
        ["/nothing", "/rooms/not%20a%20room", "/rooms/..%2f..%2fetc", "/pkg/../chat.db", "/pkg/%2e%2e/x"]
    {
        let page = http().get(program.url(path)).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(header(&page, "content-type").starts_with("text/html"));
    }
}

#[tokio::test]
async fn only_pages_without_user_data_are_cacheable() {
    let program = Program::start().await;
    let alice = program.guest("alice").await.cookie;
    submits(&program, "/rooms/general/messages", "text=private+matters", &alice, "").await;
    let shell = get_page(&program, "/shell", &alice).await;
    assert!(shell.contains("rel=\"manifest\"") && shell.contains("/apple-touch-icon.png"), "{shell}");
    assert!(!shell.contains("alice") && !shell.contains("private matters"), "{shell}");

    let worker = http().get(program.url("/sw.js")).send().await.unwrap();
    assert_eq!(header(&worker, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header(&worker, "cache-control"), "no-cache");
    // The worker uses the policy of its script: it requests only this server and runs nothing else.
    assert_eq!(header(&worker, "content-security-policy"), "default-src 'none'; connect-src 'self'");
    let script = worker.text().await.unwrap();
    let site = script.strip_prefix("const site = ").and_then(|rest| rest.split(";\n").next()).unwrap();
    let site: serde_json::Value = serde_json::from_str(site).unwrap();
    assert_eq!(site["build"].as_str().unwrap().len(), 16);
    let files: Vec<&str> =
        site["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    // All files that the worker caches must exist, or browsers would not install the worker.
    for file in files {
        let kept = http().get(program.url(file)).send().await.unwrap();
        assert_eq!(kept.status(), StatusCode::OK, "{file}");
    }
    let policy = http().get(program.url("/shell")).send().await.unwrap();
    let policy = header(&policy, "content-security-policy");
    assert!(policy.contains("worker-src 'self'") && policy.contains("manifest-src 'self'"), "{policy}");
}

#[tokio::test]
async fn paths_reach_only_files_of_the_site() {
    let program = Program::start().await;
    let long = format!("/{}", "a".repeat(4_000));
    for path in [
        "/../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..\\..\\chat.db",
        "/pkg/../chat.db",
        "/chat.db",
        "/chat.db%00.svg",
        "/icon.svg%00",
        "/icon.svg/..",
        "/ICON.SVG",
        "//etc/passwd",
        "/CON",
        &long,
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let (status, answer) = Raw::answer(&program.address, &request).await;
        assert_eq!(status, 404, "{path:.99}");
        assert!(!answer.contains("SQLite format") && !answer.contains("root:"), "{path:.99}");
    }
}

#[tokio::test]
async fn unreadable_forms_and_addresses_get_a_page() {
    let program = Program::start().await;
    let alice = program.guest("alice").await.cookie;
    let long = format!("text={}", "x".repeat(100_000));
    for (path, form, status) in [
        ("/sign-in", "username=a&password=b&session=x", 422),
        ("/register", "username=a&username=b", 422),
        ("/join_chat", "username=a&room_id=lobby&at=x", 422),
        ("/join_chat", "username=a&room_id=lobby&at=99999999999999999999", 422),
        ("/rooms/lobby/messages", "text=a&as=me", 422),
        ("/rooms/lobby/messages", &long, 413),
        ("/language", "", 422),
    ] {
        let refused = submits(&program, path, form, &alice, "").await;
        assert_eq!(refused.status().as_u16(), status, "{path} {form}");
        let page = refused.text().await.unwrap();
        assert!(page.contains("Request not understood") && page.contains("Go back"), "{path}: {page}");
    }
    let mut wrong_type = http().post(program.url("/sign-in")).header("accept-language", "ru");
    wrong_type = wrong_type.header("content-type", "text/plain").body("username=a");
    let refused = wrong_type.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(refused.text().await.unwrap().contains("Некорректный запрос"));
    for path in ["/join_chat", "/rooms/lobby/messages", "/sign-out", "/language"] {
        let refused = http().get(program.url(path)).send().await.unwrap();
        assert_eq!((refused.status().as_u16(), header(&refused, "allow")), (405, "POST"), "{path}");
        assert!(refused.text().await.unwrap().contains("There is no page at this address"), "{path}");
    }
    for path in ["/chat/lobby", "/healthz", "/api/v1/openapi.json", "/api/v1/rooms/1"] {
        let refused = http().put(program.url(path)).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(refused.text().await.unwrap().contains("method_not_allowed"), "{path}");
    }
    for path in ["/rooms/lobby?at=x", "/rooms/lobby?before=1&before=2", "/?room=a&room=b", "/rooms/%ff"] {
        let refused = http().get(program.url(path)).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{path}");
        let page = refused.text().await.unwrap();
        assert!(page.contains("Request not understood"), "{path}: {page}");
    }
}

#[tokio::test]
async fn forms_of_other_sites_get_a_page() {
    let program = Program::start().await;
    for (path, language, text) in [
        ("/join_chat", "en", "A page of another site sent it"),
        ("/rooms/lobby/messages", "ru", "Её отправила страница другого сайта"),
        ("/sign-out", "en", "A page of another site sent it"),
        ("/nothing", "ru", "Её отправила страница другого сайта"),
    ] {
        let form = http().post(program.url(path)).header("origin", "https://evil.example");
        let refused = form.header("accept-language", language).body("text=hi").send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path}");
        assert!(
            header(&refused, "content-security-policy").contains("form-action"),
            "{path}: the policy of a page"
        );
        let page = refused.text().await.unwrap();
        assert!(page.contains(text) && page.ends_with("</html>"), "{path}: {page}");
    }
    let polling = http().post(program.url("/socket.io/?EIO=4&transport=polling&sid=x"));
    let refused = polling.header("origin", "https://evil.example").body("40").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert!(!refused.text().await.unwrap().contains("<html"), "programs get no page");
}

#[tokio::test]
async fn form_that_does_not_arrive_gets_a_page() {
    let program = Program::start().await;
    let form = |language: &str| {
        format!(
            "POST /join_chat HTTP/1.1\r\nHost: {}\r\nAccept-Language: {language}\r\nContent-Length: 1000\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\nu",
            program.address
        )
    };
    let (english, russian) = (form("en"), form("ru"));
    let answers =
        tokio::join!(Raw::answer(&program.address, &english), Raw::answer(&program.address, &russian));
    let ((status, english), (_, russian)) = answers;
    assert_eq!(status, 408);
    assert!(english.contains("nothing was saved") && english.ends_with("</html>"), "{english}");
    assert!(russian.contains("ничего не сохранено"), "{russian}");
}
