//! A restored backup: the server assigns the lost positions again, so clients start over. Otherwise a client would
//! mistake a new message for the lost message with the same position.

use std::fs;
use std::path::Path;

use hubbub_protocol::{CatchUp, Epoch, ServerFrame};
use tempfile::TempDir;

use super::support::{Api, Guest, Program, Socket};

/// A room with a number of events: alice has joined, and posted the others.
struct Story {
    program: Program,
    alice: Guest,
}

impl Story {
    async fn with_ten_messages() -> Self {
        let program = Program::start().await;
        let alice = program.guest("alice").await;
        let story = Self { program, alice };
        story.posts(10).await;
        story
    }

    async fn enters(&self, cursor: i64) -> (Epoch, ServerFrame) {
        let mut socket = self.alice.connects().await;
        let epoch = socket.hello().await.epoch;
        (epoch, socket.joins("general", Some(cursor)).await)
    }

    async fn posts(&self, count: usize) {
        let mut socket: Socket = self.alice.connects().await;
        socket.joins("general", None).await;
        for number in 0..count {
            let asked = socket.posts("general", &format!("n{number}")).await;
            socket.is_told_where(asked).await;
        }
    }

    async fn stops(&mut self) {
        assert_eq!(self.program.stop("-TERM").await, Some(0));
    }

    /// Makes the backup when the newest position is 11, and continues to 21.
    async fn goes_on_after(&mut self, backup: impl FnOnce(&Path)) -> Epoch {
        let epoch = self.enters(11).await.0;
        self.stops().await;
        backup(self.program.data.path());
        self.program.restart().await;
        self.posts(10).await;
        let (same, caught_up) = self.enters(21).await;
        assert_eq!(same, epoch, "a restart is no reason to start over");
        assert!(matches!(caught_up, ServerFrame::CatchUp(_)), "{caught_up:?}");
        self.stops().await;
        epoch
    }

    /// Restarts with the backup in place, and posts 15 further messages.
    async fn is_told_to_start_over(&mut self, before: &Epoch) {
        self.program.restart().await;
        let (epoch, answer) = self.enters(21).await;
        assert_ne!(epoch, *before, "it is another history");
        assert!(matches!(answer, ServerFrame::StartOver(_)), "beyond the head: {answer:?}");
        self.posts(15).await;
        let (same, answer) = self.enters(21).await;
        assert_eq!(same, epoch);
        assert!(matches!(answer, ServerFrame::StartOver(_)), "among the lost positions: {answer:?}");
        // A cursor in the common part of both histories is valid.
        let (_, answer) = self.enters(11).await;
        let ServerFrame::CatchUp(CatchUp { events, .. }) = answer else { panic!("{answer:?}") };
        assert_eq!(events.len(), 15);

        self.stops().await;
        self.program.restart().await;
        assert_eq!(self.enters(26).await.0, epoch, "it is noticed once");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let copied = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &copied);
        } else {
            fs::copy(entry.path(), copied).unwrap();
        }
    }
}

#[tokio::test]
async fn restored_database_gets_a_new_epoch() {
    let mut story = Story::with_ten_messages().await;
    let backup = TempDir::new().unwrap();
    let file = backup.path().join("chat.db");
    let epoch = story.goes_on_after(|data| assert!(fs::copy(data.join("chat.db"), &file).is_ok())).await;
    fs::copy(&file, story.program.data.path().join("chat.db")).unwrap();
    story.is_told_to_start_over(&epoch).await;
    // The server knows the number of lost positions: a cursor after them belongs to this history.
    let answer = story.enters(24).await.1;
    assert!(matches!(answer, ServerFrame::CatchUp(_)), "{answer:?}");
    // A program that polls over REST starts over as well.
    let bot = Api::new(&story.alice, &story.program).await;
    bot.get("/rooms/1/events?after=21").await.refuses(422, "invalid", "after");
    assert!(!bot.get("/rooms/1/events?after=11").await.is(200)["events"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn restored_data_folder_gets_a_new_epoch() {
    let mut story = Story::with_ten_messages().await;
    let backup = TempDir::new().unwrap();
    let epoch = story.goes_on_after(|data| copy(data, backup.path())).await;
    copy(backup.path(), story.program.data.path());
    story.is_told_to_start_over(&epoch).await;
}

#[tokio::test]
async fn lost_position_record_starts_a_new_epoch() {
    let mut story = Story::with_ten_messages().await;
    let (epoch, _) = story.enters(11).await;
    story.stops().await;
    let counter = story.program.data.path().join("chat.positions");
    fs::remove_file(&counter).unwrap();
    story.program.restart().await;
    let (second, answer) = story.enters(12).await;
    assert_ne!(second, epoch);
    assert!(matches!(answer, ServerFrame::StartOver(_)), "{answer:?}");

    story.stops().await;
    fs::remove_file(&counter).unwrap();
    fs::create_dir(&counter).unwrap();
    story.program.restart().await;
    story.posts(1).await;
    assert_ne!(story.enters(11).await.0, second, "it serves, and does not trust what it cannot compare");
}

#[tokio::test]
async fn kill_keeps_the_epoch() {
    let mut story = Story::with_ten_messages().await;
    let (epoch, _) = story.enters(11).await;
    for round in 1..=3 {
        story.posts(2).await;
        story.program.kill().await;
        story.program.restart().await;
        let (same, answer) = story.enters(11).await;
        assert_eq!(same, epoch);
        let ServerFrame::CatchUp(CatchUp { events, .. }) = answer else { panic!("{answer:?}") };
        assert_eq!(events.len(), round * 2);
    }
}

/// `cp backup/chat.*` does not copy the lock file, and `rsync` leaves it as it is because it never changes.
#[tokio::test]
async fn restored_files_beside_the_lock_file_get_a_new_epoch() {
    let mut story = Story::with_ten_messages().await;
    let backup = TempDir::new().unwrap();
    let files = ["chat.db", "chat.positions"];
    let copies = |from: &Path, to: &Path| {
        for file in files {
            fs::copy(from.join(file), to.join(file)).unwrap();
        }
    };
    let epoch = story.goes_on_after(|data| copies(data, backup.path())).await;
    copies(backup.path(), story.program.data.path());
    story.is_told_to_start_over(&epoch).await;
}
