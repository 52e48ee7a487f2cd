//! Messages to many connections, which rooms write to sockets directly.

use tokio::sync::watch;

use super::support::{Peer, Program};

/// Connections that stay in the busy room.
const WATCHERS: usize = 20;
/// Connections that come and go, in pairs: one in the busy room and one in another.
const VISITS: usize = 150;

/// Posts until it is told to stop, and returns the number of messages.
async fn keeps_posting(mut author: Peer, mut stopped: watch::Receiver<bool>) -> usize {
    let mut number = 0;
    while !*stopped.borrow_and_update() {
        author.says(&format!("noise {number}")).await;
        while !author.hears().await.ends_with(&format!(":: noise {number}")) {}
        number += 1;
    }
    number
}

#[tokio::test]
async fn a_reused_descriptor_receives_no_frame_of_another_connection() {
    let program = Program::start().await;
    let author = Peer::opens(&program, "/chat/busy").await;
    let mut watchers = Vec::new();
    for _ in 0..WATCHERS {
        let mut watcher = Peer::opens(&program, "/chat/busy").await;
        // The greeting confirms that it is in the room.
        watcher.hears().await;
        watchers.push(watcher);
    }
    let (stop, stopped) = watch::channel(false);
    let posting = tokio::spawn(keeps_posting(author, stopped));
    for number in 0..VISITS {
        // The system gives the descriptor of the closed connection to the next one.
        drop(Peer::opens(&program, "/chat/busy").await);
        let mut visitor = Peer::opens(&program, &format!("/chat/quiet-{}", number % 3)).await;
        visitor.says("hello").await;
        loop {
            let heard = visitor.hears().await;
            assert!(!heard.contains("noise"), "visitor {number} received {heard:?}");
            if heard.ends_with(":: hello") {
                break;
            }
        }
    }
    stop.send_replace(true);
    let posted = posting.await.unwrap();
    assert!(posted > 0);
    for mut watcher in watchers {
        let mut expected = 0;
        while expected < posted {
            let heard = watcher.hears().await;
            if let Some((_, number)) = heard.split_once(":: noise ") {
                assert_eq!(number, expected.to_string(), "every message comes once and in order");
                expected += 1;
            }
        }
    }
}
