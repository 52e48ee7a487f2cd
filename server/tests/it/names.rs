//! The choice of names, and the spellings under which users can sign in.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::support::{Guest, Peer, Program, TEST_TIMEOUT};

const PASSWORD: &str = "violets are blue";

impl Program {
    /// Creates an account in a browser without a session, and returns the status.
    async fn registers(&self, name: &str) -> StatusCode {
        self.is_sent("/register", &[("username", name), ("password", PASSWORD)], None).await.status()
    }

    /// Signs in with this spelling, and returns the name of the account.
    async fn name_after_signing_in(&self, name: &str, password: &str) -> Option<String> {
        let body = json!({"username": name, "password": password});
        let reply = super::support::Api::nobody(self).await.post("/api/v1/auth/token", body).await;
        reply.body["user"]["name"].as_str().map(str::to_owned)
    }
}

async fn name_of(guest: &Guest) -> String {
    guest.connects().await.hello().await.user.name.to_string()
}

/// Enters a room over a legacy protocol, and returns the name of the guest.
async fn joins_over_legacy(program: &Program, name: &str) -> (Peer, String) {
    let mut peer = Peer::opens(program, "/").await;
    peer.asks(json!({"action": "join", "room": "general", "user": name})).await;
    let joined = peer.hears_json().await;
    let called = joined["user"].as_str().unwrap_or_else(|| panic!("{joined}")).to_owned();
    (peer, called)
}

#[tokio::test]
async fn name_of_an_absent_guest_is_not_reused() {
    let mut program = Program::start().await;
    let twin = program.guest("Twin").await;
    let mut socket = twin.connects().await;
    socket.joins("general", None).await;
    socket.leaves().await;
    // Reservations and the grace period end with the process; the database still reserves the name.
    program.kill().await;
    program.restart().await;
    for (wish, called) in [("Twin", "Twin2"), ("twin", "twin3"), ("ＴＷＩＮ", "ＴＷＩＮ4"), ("Тwin", "Тwin5")]
    {
        assert_eq!(name_of(&program.guest(wish).await).await, called);
    }
    assert_eq!(program.registers("TWIN").await, StatusCode::UNPROCESSABLE_ENTITY);
    let bot = program.bot("bot").await;
    let renamed = bot.says(Method::PATCH, "/api/v1/me", &json!({"name": "twin"}).to_string()).await;
    assert_eq!(renamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(joins_over_legacy(&program, "Twin").await.1, "Twin6");
    assert_eq!(name_of(&twin).await, "Twin", "who comes back is who they were");
}

#[tokio::test]
async fn guest_of_a_legacy_wire_frees_the_name_on_leaving() {
    let program = Program::start().await;
    let (passer, called) = joins_over_legacy(&program, "Passer").await;
    assert_eq!(called, "Passer");
    let (second, called) = joins_over_legacy(&program, "Passer").await;
    assert_eq!(called, "Passer2");
    passer.leaves().await;
    second.leaves().await;
    // The server notices the end of the connection a moment later.
    let freed = async {
        loop {
            let (peer, called) = joins_over_legacy(&program, "Passer").await;
            peer.leaves().await;
            if called == "Passer" {
                break;
            }
        }
    };
    tokio::time::timeout(TEST_TIMEOUT, freed).await.expect("the name becomes free");
}

#[tokio::test]
async fn account_is_found_by_all_spellings_of_its_name() {
    let program = Program::start().await;
    for (name, spellings) in [
        ("José", &["jose\u{301}", "JOSÉ", "ｊｏｓé"][..]),
        ("Anna Smith", &["Anna\u{A0}Smith", "anna  smith", "ANNA\u{3000}SMITH", " Anna Smith "]),
        ("Straße", &["STRASSE", "strasse"]),
        ("علی\u{200C}رضا", &["علیرضا"]),
        ("Ὀδυσσεύς", &["ὈΔΥΣΣΕΎΣ"]),
    ] {
        assert_eq!(program.registers(name).await, StatusCode::SEE_OTHER, "{name}");
        for spelling in spellings.iter().chain([&name]) {
            let found = program.name_after_signing_in(spelling, PASSWORD).await;
            assert_eq!(found.as_deref(), Some(name), "{}", spelling.escape_unicode());
            let taken = program.registers(spelling).await;
            assert_eq!(taken, StatusCode::UNPROCESSABLE_ENTITY, "{}", spelling.escape_unicode());
        }
    }
    // Names that only look alike are not spellings of one name, but neither can be registered if the other is.
    assert_eq!(program.registers("scope").await, StatusCode::SEE_OTHER);
    assert_eq!(program.registers("ѕсоре").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(program.name_after_signing_in("ѕсоре", PASSWORD).await, None);
}

#[tokio::test]
async fn accounts_with_confusable_names_stay_and_are_logged() {
    let mut program = Program::start().await;
    for name in ["one", "two", "three"] {
        assert_eq!(program.registers(name).await, StatusCode::SEE_OTHER);
    }
    program.kill().await;
    // Older versions compared names in lower case only, so they could store accounts with confusable names.
    let row = |name: &str, was: &str| {
        format!(
            "UPDATE users SET name = '{name}', account_name = '{}', name_key = NULL WHERE name = '{was}'",
            name.to_lowercase()
        )
    };
    let sessions = "DELETE FROM sessions".to_owned();
    let unread = "UPDATE server SET value = '0' WHERE key = 'name_rules'".to_owned();
    program
        .stored(&[
            row("José", "one"),
            row("Jose\u{301}", "two"),
            row("system\u{FE0F}", "three"),
            sessions,
            unread,
        ])
        .await;
    program.restart().await;
    for name in ["José", "Jose\u{301}", "system\u{FE0F}"] {
        assert_eq!(program.name_after_signing_in(name, PASSWORD).await.as_deref(), Some(name));
    }
    assert_eq!(program.registers("JOSÉ").await, StatusCode::UNPROCESSABLE_ENTITY);
    let log = program.log().await;
    let listed = log.lines().find(|line| line.contains("confusable names"));
    assert!(
        listed.is_some_and(|line| line.contains("José") && line.contains("each keeps its name")),
        "{log}"
    );
}
