//! The current user.

use hubbub_protocol::{ServerFrame, Status, UserEvent};
use serde_json::json;

use crate::support::{Api, Program};

#[tokio::test]
async fn appearance_changes_on_all_devices() {
    let program = Program::start().await;
    let guest = program.guest("alice").await;
    let alice = Api::new(&guest, &program).await;
    let mut phone = guest.connects().await;

    let me = alice.get("/me").await.is(200);
    assert_eq!((&me["user"]["name"], &me["is_account"]), (&json!("alice"), &json!(false)));
    assert_eq!((&me["status"], &me["share_reads"]), (&json!("online"), &json!(true)));

    let changed = alice.patch("/me", json!({"status": "busy"})).await.is(200);
    assert_eq!((&changed["status"], &changed["share_reads"]), (&json!("busy"), &json!(true)));
    let heard =
        |frame| if let ServerFrame::UserEvent(UserEvent::Appearance(it)) = frame { Some(it) } else { None };
    assert_eq!(phone.waits_for(heard).await.status, Status::Busy);
    assert_eq!(alice.patch("/me", json!({})).await.is(200), changed, "what is not given stays");
    assert_eq!(alice.get("/me").await.is(200), changed);

    let renamed = alice.patch("/me", json!({"name": " Alicia "})).await.is(200);
    assert_eq!((&renamed["user"]["name"], &renamed["status"]), (&json!("Alicia"), &json!("busy")));
    assert_eq!(alice.get("/me").await.is(200), renamed);
    alice.patch("/me", json!({"name": "a :: b"})).await.refuses(422, "invalid", "name");
    alice.patch("/me", json!({"name": ""})).await.refuses(422, "empty", "name");

    alice.patch("/me", json!({"status": "asleep"})).await.refuses(422, "invalid", "status");
    alice.patch("/me", json!({"share_reads": "yes"})).await.refuses(422, "invalid", "share_reads");
}
