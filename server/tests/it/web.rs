//! Pages and forms in a browser without JavaScript.

use hubbub_protocol::MAX_ROOMS_PER_CONNECTION;
use reqwest::StatusCode;

use super::support::page::{get_page, header, submits};
use super::support::program::http;
use super::support::{Program, Socket};

#[tokio::test]
async fn landing_form_redirects_to_the_room_with_a_safe_cookie() {
    let program = Program::start().await;
    assert!(get_page(&program, "/", "").await.contains("join_chat"));
    let joined = submits(&program, "/join_chat", "username=ivan&room_id=lobby", "", "").await;
    assert_eq!((joined.status(), header(&joined, "location")), (StatusCode::SEE_OTHER, "/rooms/lobby"));
    let cookie = header(&joined, "set-cookie");
    for part in ["hubbub_", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    let database = std::fs::read(program.data.path().join("chat.db-wal")).unwrap();
    let kept = database.windows(token.len()).any(|window| window == token.as_bytes());
    assert!(!kept, "the database holds only a hash of the token");
}

#[tokio::test]
async fn start_address_redirects_to_the_latest_room() {
    let program = Program::start().await;
    let alice = program.guest("alice").await.cookie;
    assert!(get_page(&program, "/", &alice).await.contains("join_chat"), "no rooms yet");
    for room in ["zoo", "attic"] {
        submits(&program, &format!("/rooms/{room}/messages"), "text=Hi", &alice, "").await;
    }
    submits(&program, "/rooms/zoo/messages", "text=Again", &alice, "").await;

    let returned = http().get(program.url("/")).header("cookie", &alice).send().await.unwrap();
    assert_eq!((returned.status(), header(&returned, "location")), (StatusCode::SEE_OTHER, "/rooms/zoo"));
    assert_eq!(header(&returned, "cache-control"), "no-store");
    for form in ["/?room=", "/?room=attic", "/?signed_out=1"] {
        assert!(get_page(&program, form, &alice).await.contains("join_chat"), "{form}");
    }
    assert!(get_page(&program, "/", "").await.contains("join_chat"), "a stranger");
}

#[tokio::test]
async fn page_and_hello_name_the_same_build() {
    let program = Program::start().await;
    let alice = program.guest("alice").await.cookie;
    let page = get_page(&program, "/rooms/lobby", &alice).await;
    let (_, snapshot) = page.split_once("__RESOLVED_RESOURCES[0] = ").expect("a snapshot");
    let (snapshot, _) = snapshot.split_once(";</script>").unwrap();
    let snapshot: String = serde_json::from_str(snapshot).unwrap();
    let snapshot: serde_json::Value = serde_json::from_str(&snapshot).unwrap();
    let hello = Socket::open(&program.address, None).await.hello().await;
    assert_eq!(snapshot["version"], hello.server);
    let kept = get_page(&program, "/sw.js", "").await;
    let (_, build) = kept.split_once(r#""build":""#).expect("the build of what a worker keeps");
    let (build, _) = build.split_once('"').unwrap();
    assert_eq!(hello.server, format!("{}+{build}", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn invalid_input_returns_the_form_with_the_input() {
    let program = Program::start().await;
    let long = "n".repeat(33);
    for (form, kept) in [
        ("username=&room_id=lobby".to_owned(), "lobby"),
        (format!("username={long}&room_id=lobby"), long.as_str()),
        ("username=system&room_id=lobby".to_owned(), "lobby"),
        ("username=a%0Ab&room_id=lobby".to_owned(), "lobby"),
        ("username=a+%3A%3A+b&room_id=lobby".to_owned(), "a :: b"),
        ("username=ivan&room_id=no+spaces".to_owned(), "no spaces"),
        ("username=ivan".to_owned(), "ivan"),
    ] {
        let again = submits(&program, "/join_chat", &form, "", "").await;
        assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(header(&again, "set-cookie").is_empty());
        assert!(again.text().await.unwrap().contains(kept), "{form}");
    }
}

#[tokio::test]
async fn form_posts_nothing_if_its_user_cannot_become_a_member() {
    let program = Program::start().await;
    let alice = program.guest("alice").await.cookie;
    for number in 1..=MAX_ROOMS_PER_CONNECTION {
        let posted = submits(&program, &format!("/rooms/room{number}/messages"), "text=Hi", &alice, "").await;
        assert_eq!(posted.status(), StatusCode::SEE_OTHER);
    }
    let refused = submits(&program, "/rooms/further/messages", "text=hardly+stored", &alice, "").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!get_page(&program, "/rooms/further", "").await.contains("hardly stored"));
}

#[tokio::test]
async fn reading_and_posting_work_without_javascript() {
    let program = Program::start().await;
    let alice = program.guest("alice").await.cookie;
    let id = "00000000-0000-4000-8000-000000000001";
    let form = format!("text=First%0D%0Aline&client_id={id}");
    // A form that is submitted twice posts once.
    for _ in 0..2 {
        let posted = submits(&program, "/rooms/general/messages", &form, &alice, "").await;
        assert_eq!((posted.status(), header(&posted, "location")), (StatusCode::SEE_OTHER, "/rooms/general"));
    }
    let page = get_page(&program, "/rooms/general", "").await;

    assert!(page.contains("First<br>line"), "{page}");
    assert!(page.contains("alice"));
    assert_eq!(page.matches("data-message").count(), 1);

    for number in 0..60 {
        submits(&program, "/rooms/general/messages", &format!("text=number+{number}."), &alice, "").await;
    }
    let page = get_page(&program, "/rooms/general", "").await;
    assert!(page.contains("number 59.") && !page.contains("number 5."), "the newest page");
    assert!(page.contains("before=13"), "a link to the older one");
    let older = get_page(&program, "/rooms/general?before=13", "").await;
    assert!(older.contains("First<br>line") && older.contains("number 5.") && !older.contains("number 20."));
}

#[tokio::test]
async fn page_begins_at_the_first_of_many_unread_messages() {
    let program = Program::start().await;
    let (alice, bob) = (program.guest("alice").await.cookie, program.guest("bob").await.cookie);
    submits(&program, "/rooms/general/messages", "text=I+am+here.", &bob, "").await;
    for number in 0..60 {
        submits(&program, "/rooms/general/messages", &format!("text=number+{number}."), &alice, "").await;
    }
    let page = get_page(&program, "/rooms/general", &bob).await;
    assert!(
        page.contains("I am here.") && page.contains("number 0.") && !page.contains("number 59."),
        "{page}"
    );
    assert_eq!(page.matches("data-divider").count(), 1);
    let newest = page.split("href=\"").filter_map(|rest| rest.split('"').next());
    let newest = newest.filter(|path| path.starts_with("/rooms/general?at=")).last().unwrap();
    let end = get_page(&program, newest, &bob).await;
    assert!(end.contains("number 59."), "without a script the end is one link away");
    let read = get_page(&program, "/rooms/general", &alice).await;
    assert!(read.contains("number 59."), "who has read all sees the end");
}

#[tokio::test]
async fn refused_text_is_returned_complete() {
    let program = Program::start().await;
    let alice = program.guest("alice").await.cookie;
    let hostile = format!("%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E{}", "x".repeat(4_000));
    let again = submits(&program, "/rooms/general/messages", &format!("text={hostile}"), &alice, "").await;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = again.text().await.unwrap();
    assert!(page.contains(&"x".repeat(4_000)) && page.contains("4000") | page.contains("4,000"));
    assert!(!page.contains("</textarea><script>"), "as text, not as markup");
}

#[tokio::test]
async fn escapes_hostile_text() {
    let program = Program::start().await;
    let mallory = program.guest("%3Cb%3Emallory").await.cookie;
    for text in ["%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%3C%2Fscript%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"]
    {
        submits(&program, "/rooms/general/messages", &format!("text={text}"), &mallory, "").await;
    }
    let page = get_page(&program, "/rooms/general", "").await;
    for markup in ["<script>alert", "<img src=x", "</script><img", "<b>mallory"] {
        assert!(!page.contains(markup), "{markup} in {page}");
    }
}

#[tokio::test]
async fn visitor_without_a_name_becomes_a_guest_when_posting() {
    let program = Program::start().await;
    let posted = submits(&program, "/rooms/general/messages", "text=hello", "", "").await;
    assert_eq!(posted.status(), StatusCode::SEE_OTHER);
    let cookie = header(&posted, "set-cookie").split(';').next().unwrap().to_owned();
    let page = get_page(&program, "/rooms/general", &cookie).await;
    assert!(page.contains("user_") && page.contains("hello"));
}

#[tokio::test]
async fn two_windows_of_one_browser_can_be_two_guests() {
    let program = Program::start().await;
    let cookie = program.guest("alice").await.cookie;
    let second = submits(&program, "/join_chat", "username=bob&room_id=general", &cookie, "").await;
    assert!(header(&second, "set-cookie").is_empty(), "the session is the same");
    let path = header(&second, "location").to_owned();
    assert!(path.starts_with("/rooms/general?as="), "{path}");
    let number = path.rsplit('=').next().unwrap();
    submits(&program, "/rooms/general/messages", "text=from+alice", &cookie, "").await;
    let form = format!("text=from+bob&as={number}");
    let posted = submits(&program, "/rooms/general/messages", &form, &cookie, "").await;
    assert_eq!(header(&posted, "location"), path, "the window stays who it is");
    // A browser of another user may not act as bob.
    let mallory = program.guest("mallory").await.cookie;
    let form = format!("text=from+mallory&as={number}");
    submits(&program, "/rooms/general/messages", &form, &mallory, "").await;

    let again = submits(&program, "/join_chat", "username=alice&room_id=general", &cookie, "").await;
    assert_eq!(header(&again, "location"), "/rooms/general", "a known name is the same person");
    let rows = authors(&program).await;
    assert_eq!(
        rows,
        [("alice", "from alice"), ("bob", "from bob"), ("mallory", "from mallory")].map(to_strings)
    );
}

fn to_strings((author, text): (&str, &str)) -> (String, String) {
    (author.to_owned(), text.to_owned())
}

async fn authors(program: &Program) -> Vec<(String, String)> {
    use sqlx::Connection;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
    let options = SqliteConnectOptions::new().filename(program.data.path().join("chat.db")).read_only(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query_as("SELECT author, text FROM messages ORDER BY id").fetch_all(&mut database).await.unwrap()
}

#[tokio::test]
async fn uses_the_browsers_time_zone_for_days() {
    use sqlx::Connection;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
    let program = Program::start().await;
    let cookie = program.guest("alice").await.cookie;
    for text in ["late", "early"] {
        submits(&program, "/rooms/general/messages", &format!("text={text}"), &cookie, "").await;
    }
    let options = SqliteConnectOptions::new().filename(program.data.path().join("chat.db"));
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    for (text, at) in [("late", "2026-11-19T23:30:00.000Z"), ("early", "2026-11-20T00:30:00.000Z")] {
        let update = sqlx::query("UPDATE messages SET created_at = ? WHERE text = ?").bind(at).bind(text);
        assert_eq!(update.execute(&mut database).await.unwrap().rows_affected(), 1);
    }
    // The notice of the join has the current date, so it begins a further day.
    for (offset, days) in [("", 3), ("; hubbub_utc_offset=60", 2), ("; hubbub_utc_offset=9999", 3)] {
        let html = get_page(&program, "/rooms/general", &format!("{cookie}{offset}")).await;
        assert_eq!(html.matches("class=\"day-separator\"").count(), days, "{offset}: {html}");
    }
}

#[tokio::test]
async fn other_origins_change_nothing() {
    let program = Program::start().await;
    let alice = program.guest("alice").await.cookie;
    let sends = async |path: &str, form: &str, name: &str, value: &str| {
        let request = http().post(program.url(path)).header("cookie", &alice).header(name, value);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(form.to_owned()).send().await.unwrap()
    };
    for (path, form) in [
        ("/join_chat", "username=eve&room_id=general"),
        ("/rooms/general/messages", "text=forged"),
        ("/language", "language=ru&back=/"),
    ] {
        for (name, value) in [
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let refused = sends(path, form, name, value).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path} {name}: {value}");
            assert_eq!(header(&refused, "set-cookie"), "", "{path} {name}: {value}");
        }
        for (name, value) in [("origin", program.url("").as_str()), ("sec-fetch-site", "same-origin")] {
            let allowed = sends(path, form, name, value).await;
            assert_eq!(allowed.status(), StatusCode::SEE_OTHER, "{path} {name}: {value}");
        }
    }
    assert_eq!(authors(&program).await.len(), 2, "the two that were sent by pages of the server");
}

#[tokio::test]
async fn language_is_selected_by_cookie_then_by_browser() {
    let program = Program::start().await;
    let russian = http().get(program.url("/")).header("accept-language", "ru").send().await.unwrap();
    assert!(russian.text().await.unwrap().contains("lang=\"ru\""));
    let chosen = submits(&program, "/language", "language=ru&back=%2F%2Fevil.example", "", "").await;
    assert_eq!(header(&chosen, "location"), "/", "and the way back stays here");
    let cookie = header(&chosen, "set-cookie").split(';').next().unwrap().to_owned();
    assert!(get_page(&program, "/", &cookie).await.contains("lang=\"ru\""));
}
