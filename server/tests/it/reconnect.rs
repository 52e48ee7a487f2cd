//! Many clients that return at the same moment after a restart.

use futures_util::future::join_all;
use hubbub_protocol::{CatchUp, ServerFrame};
use tokio::time::Instant;

use super::support::{Guest, Program, Socket, TEST_TIMEOUT};

const USERS: usize = 50;
/// Connections of each user.
const DEVICES: usize = 20;
/// Messages that all clients have missed.
const MISSED: i64 = 3;

/// Opens a socket without waiting between attempts, which is harsher than the back-off of the clients.
async fn insists(guest: &Guest) -> Socket {
    let deadline = Instant::now() + TEST_TIMEOUT;
    loop {
        match Socket::try_open(&guest.address, Some(&guest.cookie), &[]).await {
            Ok(socket) => return socket,
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousand_clients_return_at_once_after_a_restart() {
    let mut program = Program::start().await;
    let mut guests = Vec::new();
    for number in 0..USERS {
        guests.push(program.guest(&format!("user{number}")).await);
    }
    let mut sockets = Vec::new();
    for guest in &guests {
        for _ in 0..DEVICES {
            let mut socket = guest.connects().await;
            socket.joins("general", None).await;
            sockets.push(socket);
        }
    }
    let mut author = program.guest("author").await.connects().await;
    author.joins("general", None).await;
    let mut head = 0;
    for number in 0..MISSED {
        let asked = author.posts("general", &format!("message {number}")).await;
        head = author.is_told_where(asked).await.seq.0;
    }
    program.kill().await;
    drop(sockets);
    program.restart().await;

    let returning = guests.iter().flat_map(|guest| std::iter::repeat_n(guest, DEVICES)).map(async |guest| {
        let mut socket = insists(guest).await;
        let missed = match socket.joins("general", Some(head - MISSED)).await {
            ServerFrame::CatchUp(CatchUp { events, .. }) => events,
            other => panic!("expected the missed events, got {other:?}"),
        };
        assert_eq!(missed.len(), usize::try_from(MISSED).unwrap());
        socket
    });
    let mut sockets = join_all(returning).await;
    let asked = sockets[0].posts("general", "all are back").await;
    sockets[0].is_told_where(asked).await;
    let heard = sockets.iter_mut().map(async |socket| {
        assert_eq!(socket.sees().await.text.unwrap().as_str(), "all are back");
    });
    join_all(heard).await;
}
