//! Requests that one commit stores together.

use super::*;

#[tokio::test]
async fn guests_of_one_commit_succeed_and_fail_independently() {
    let fixture = StoreFixture::open().await;
    let mut other = fixture.other_program().await;
    sqlx::raw_sql(
        "CREATE TRIGGER one BEFORE INSERT ON users WHEN NEW.name = 'faulty'
         BEGIN SELECT RAISE(ABORT, 'a fault'); END;
         INSERT INTO users (id, name, created_at, account_name, password) VALUES (50, 'owner', '', 'owner', 'hash');
         INSERT INTO name_looks VALUES ('owner', 50)",
    )
    .execute(&mut other)
    .await
    .unwrap();
    let guest = async |name: &str| {
        let name = UserName::parse(name).unwrap();
        fixture.store.create_transient_guest(name, Timestamp::from_millis(0)).await
    };
    for with_fault in [false, true] {
        let other = if with_fault { "faulty" } else { "zoe" };
        let (ann, owner, other, ben, post) = tokio::join!(
            guest("ann"),
            guest("оwner"),
            guest(other),
            guest("ben"),
            fixture.posts("beside it")
        );
        post.unwrap();
        assert_eq!(owner, Ok(None), "it looks like the name of an account");
        assert_eq!(other.is_err(), with_fault);
        let (ann, ben) = (ann.unwrap().unwrap(), ben.unwrap().unwrap());
        assert!(ann.id > UserId(50) && ann.id < ben.id, "{ann:?} {ben:?}");
        let named: Vec<(i64, String)> =
            sqlx::query_as("SELECT id, name FROM users WHERE id IN (?1, ?2) AND passing = 1 ORDER BY id")
                .bind(ann.id.0)
                .bind(ben.id.0)
                .fetch_all(&fixture.store.readers.pool())
                .await
                .unwrap();
        assert_eq!(named, [(ann.id.0, "ann".to_owned()), (ben.id.0, "ben".to_owned())]);
    }
    fixture.store.check().await.unwrap();
}

#[tokio::test]
async fn events_of_one_commit_have_different_positions_also_if_the_cache_of_positions_is_full() {
    let fixture = StoreFixture::open().await;
    let other = RoomName::parse("other").unwrap();
    let other = fixture.store.open_room(&other, Timestamp::from_millis(0)).await.unwrap().id;
    let post = || fixture.pending_post("text", 0);
    let join = |room| PendingEvent { room, change: RoomChange::Join { share_reads: true }, ..post() };
    let head = fixture.posts("first").await.unwrap().0;
    let stored = fixture.store.append(vec![post(), join(other), join(fixture.room)]).await.unwrap();
    let positions = stored.iter().map(|outcome| match outcome {
        WriteOutcome::New(event) => Some(event.seq().0),
        _ => None,
    });
    let positions: Vec<_> = positions.collect();
    assert_eq!(positions, [Some(head + 1), Some(1), Some(head + 2)], "{stored:?}");
}
