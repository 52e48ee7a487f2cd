//! Changes of a message after it was posted.

use hubbub_protocol::{
    Emoji, Event, Field, MAX_EDITS_PER_MESSAGE, MAX_REACTIONS_PER_MESSAGE, Message, MessageId, Refusal,
    RoomId, RoomName, Seq, User, Version,
};

use super::{append, at, authors, new, pending, post, say, seqs, text};
use crate::{PageAnchor, RoomChange, RoomRecord, Store, WriteOutcome};

/// A message of alice, in a room with bob.
struct ChangedMessage<'store, S> {
    store: &'store S,
    room: RoomId,
    elsewhere: RoomId,
    alice: User,
    bob: User,
    id: MessageId,
}

/// Checks edits, reactions, replies and deletions of one message, then the bounds of its lists.
pub(super) async fn check(store: &impl Store) {
    let [alice, bob] = authors();
    let name = RoomName::parse("changes").expect("a room name");
    let RoomRecord { id: room, .. } = store.open_room(&name, at(0)).await.expect("opens");
    let elsewhere = RoomName::parse("elsewhere").expect("a room name");
    let elsewhere = store.open_room(&elsewhere, at(0)).await.expect("opens").id;
    let id = say(store, room, &alice, 20, "frist").await;
    let changed = ChangedMessage { store, room, elsewhere, alice, bob, id };
    changed.checks_the_author_and_the_room().await;
    changed.checks_edits().await;
    changed.checks_reactions().await;
    changed.checks_replies().await;
    changed.checks_deletion().await;
    changed.checks_missed_events().await;
    bounds(store, room, &changed.alice, &changed.bob).await;
}

impl<S: Store> ChangedMessage<'_, S> {
    async fn append(&self, by: &User, number: u8, change: RoomChange) -> WriteOutcome {
        append(self.store, pending(self.room, by, number, change)).await
    }

    /// Returns the message in its current state.
    async fn message(&self) -> Message {
        let page = self.store.history(self.room, PageAnchor::Around(Seq(1)), 2).await.expect("reads");
        match page.events.into_iter().next() {
            Some(Event::Posted(message)) => message,
            other => panic!("no message but {other:?}"),
        }
    }

    fn edit(&self, said: &str) -> RoomChange {
        RoomChange::Edit { message_id: self.id, text: text(said), remove_files: Vec::new() }
    }

    fn react(&self, emoji: &str, on: bool) -> RoomChange {
        RoomChange::React { message_id: self.id, emoji: Emoji::parse(emoji).expect("an emoji"), on }
    }

    async fn checks_the_author_and_the_room(&self) {
        // Only the author can edit a message, and only in its room.
        let refused = self.append(&self.bob, 21, self.edit("stolen")).await;
        assert_eq!(refused, WriteOutcome::Refused(Refusal::not_yours()));
        assert_eq!(
            append(self.store, pending(self.elsewhere, &self.alice, 21, self.edit("elsewhere"))).await,
            missing()
        );
        let nothing = RoomChange::Delete { message_id: MessageId(i64::MAX) };
        assert_eq!(self.append(&self.alice, 21, nothing).await, missing());
    }

    async fn checks_edits(&self) {
        // An edit has a position; a repeated edit has none.
        let edited = self.append(&self.alice, 22, self.edit("first")).await;
        assert!(
            matches!(&edited, WriteOutcome::New(Event::Edited(edited)) if edited.seq == Seq(2)),
            "{edited:?}"
        );
        assert_eq!(self.append(&self.alice, 23, self.edit("first")).await, WriteOutcome::Unchanged(Seq(2)));
        let message = self.message().await;
        assert_eq!(
            (message.text, message.edited_at, message.changed),
            (Some(text("first")), Some(at(22)), Some(Seq(2)))
        );
        // A repeated post still returns the message.
        let repeat = append(self.store, post(self.room, &self.alice, 20, "frist")).await;
        assert!(matches!(&repeat, WriteOutcome::Repeat(message) if message.id == self.id), "{repeat:?}");
    }

    async fn checks_reactions(&self) {
        // Reactions are added and removed, once per user, and keep the order in which each emoji was first used.
        let put = self
            .store
            .append(vec![
                pending(self.room, &self.bob, 24, self.react("👍", true)),
                pending(self.room, &self.alice, 24, self.react("🎉", true)),
                pending(self.room, &self.alice, 24, self.react("👍", true)),
                pending(self.room, &self.bob, 24, self.react("👍", true)),
            ])
            .await
            .expect("appends");
        assert!(
            matches!(&put[0], WriteOutcome::New(Event::Reacted(reacted)) if reacted.seq == Seq(3) && reacted.on)
        );
        assert_eq!(put[3], WriteOutcome::Unchanged(Seq(5)));
        let shown = |message: &Message| -> Vec<(String, Vec<i64>)> {
            let users =
                |reaction: &hubbub_protocol::Reaction| reaction.users.iter().map(|user| user.id.0).collect();
            message.reactions.iter().map(|reaction| (reaction.emoji.to_string(), users(reaction))).collect()
        };
        let message = self.message().await;
        assert_eq!(shown(&message), [("👍".to_owned(), vec![2, 1]), ("🎉".to_owned(), vec![1])]);
        assert_eq!(message.version(), Seq(5));
        self.append(&self.bob, 25, self.react("👍", false)).await;
        assert_eq!(
            self.append(&self.bob, 25, self.react("👍", false)).await,
            WriteOutcome::Unchanged(Seq(6))
        );
        assert_eq!(shown(&self.message().await), [("👍".to_owned(), vec![1]), ("🎉".to_owned(), vec![1])]);
    }

    async fn checks_replies(&self) {
        // A reply quotes the current text.
        let answer = |to, number| {
            let client_id = hubbub_protocol::ClientId::from_random_bytes([number; 16]);
            pending(
                self.room,
                &self.bob,
                number,
                RoomChange::Post { client_id, text: text("indeed"), reply_to: Some(to), files: Vec::new() },
            )
        };
        let lost = append(self.store, answer(MessageId(i64::MAX), 26)).await;
        assert_eq!(lost, WriteOutcome::Refused(Refusal::not_found(Field::ReplyTo)));
        let answered = append(self.store, answer(self.id, 27)).await;
        let quote = new(&answered).reply_to.clone().expect("a quote");
        assert_eq!((quote.message_id, quote.seq, quote.text.as_deref()), (self.id, Seq(1), Some("first")));
        self.append(&self.alice, 28, self.edit("the first")).await;
        let page = self.store.history(self.room, PageAnchor::Newest, 1).await.expect("reads");
        let [Event::Posted(reread)] = &page.events[..] else { panic!("{page:?}") };
        assert_eq!(reread.reply_to.as_ref().and_then(|quote| quote.text.as_deref()), Some("the first"));
    }

    async fn checks_deletion(&self) {
        // Former texts are kept until the message is deleted; then they are removed everywhere.
        let former =
            [Version { text: text("frist"), at: at(20) }, Version { text: text("first"), at: at(22) }];
        assert_eq!(self.store.edits(self.room, self.id).await, Ok(Some((self.alice.id, former.to_vec()))));
        assert_eq!(self.store.edits(self.elsewhere, self.id).await, Ok(None));
        let delete = || RoomChange::Delete { message_id: self.id };
        assert_eq!(self.append(&self.bob, 29, delete()).await, WriteOutcome::Refused(Refusal::not_yours()));
        let deleted = self.append(&self.alice, 29, delete()).await;
        let WriteOutcome::New(Event::Deleted(gone)) = &deleted else { panic!("{deleted:?}") };
        assert_eq!((gone.seq, gone.message_seq, gone.by), (Seq(9), Seq(1), self.alice.id));
        assert_eq!(self.append(&self.alice, 30, delete()).await, WriteOutcome::Unchanged(Seq(9)));
        assert_eq!(self.store.edits(self.room, self.id).await, Ok(Some((self.alice.id, Vec::new()))));
        let message = self.message().await;
        assert_eq!((message.text, message.edited_at, message.reactions.len()), (None, None, 0));
        assert_eq!(self.append(&self.alice, 31, self.edit("undead")).await, missing());
        assert_eq!(self.append(&self.bob, 31, self.react("👍", true)).await, missing());
        let repeat = append(self.store, post(self.room, &self.alice, 20, "frist")).await;
        assert!(matches!(repeat, WriteOutcome::Repeat(message) if message.text.is_none()));
    }

    async fn checks_missed_events(&self) {
        // A client that was away receives all events, but no deleted text.
        let missed = self.store.events_after(self.room, Seq(0), 100).await.expect("reads");
        assert_eq!(seqs(&missed), (1..=9).collect::<Vec<_>>());
        let told = missed.iter().filter_map(|event| match event {
            Event::Posted(message) => message.text.as_ref(),
            Event::Edited(edited) => edited.text.as_ref(),
            _ => None,
        });
        assert_eq!(told.collect::<Vec<_>>(), [&text("indeed")]);
        assert!(matches!(&missed[8], Event::Deleted(deleted) if deleted.message_seq == Seq(1)));
        // Applying earlier events to a message in its current state changes nothing.
        let Event::Posted(mut message) = missed[0].clone() else { panic!("no message") };
        let loaded = message.clone();
        for event in &missed {
            match event {
                Event::Edited(edited) => _ = message.edit(edited),
                Event::Deleted(deleted) => _ = message.delete(deleted),
                Event::Reacted(reacted) => _ = message.react(reacted),
                _ => {}
            }
        }
        assert_eq!(message, loaded);
    }
}

fn missing() -> WriteOutcome {
    WriteOutcome::Refused(Refusal::not_found(Field::MessageId))
}

/// All lists of a message are bounded.
async fn bounds(store: &impl Store, room: RoomId, alice: &User, bob: &User) {
    let id = say(store, room, alice, 40, "0").await;
    for number in 1..=MAX_EDITS_PER_MESSAGE {
        let change =
            RoomChange::Edit { message_id: id, text: text(&number.to_string()), remove_files: Vec::new() };
        assert!(matches!(append(store, pending(room, alice, 41, change)).await, WriteOutcome::New(_)));
    }
    let change = RoomChange::Edit { message_id: id, text: text("one too many"), remove_files: Vec::new() };
    let refused = append(store, pending(room, alice, 41, change)).await;
    assert!(matches!(refused, WriteOutcome::Refused(refusal) if refusal.limit == Some(100)));

    let faces = (0x1F600..=0x1F64F).filter_map(char::from_u32).map(String::from);
    let faces: Vec<Emoji> = faces.map(|face| Emoji::parse(&face).expect("an emoji")).collect();
    let reactions =
        faces.iter().cycle().take(MAX_REACTIONS_PER_MESSAGE + 1).enumerate().map(|(number, emoji)| {
            let by = if number < faces.len() { alice } else { bob };
            pending(room, by, 42, RoomChange::React { message_id: id, emoji: emoji.clone(), on: true })
        });
    let stored = store.append(reactions.collect()).await.expect("appends");
    assert!(stored[..MAX_REACTIONS_PER_MESSAGE].iter().all(|stored| matches!(stored, WriteOutcome::New(_))));
    assert!(
        matches!(&stored[MAX_REACTIONS_PER_MESSAGE], WriteOutcome::Refused(refusal) if refusal.limit == Some(100))
    );
}
